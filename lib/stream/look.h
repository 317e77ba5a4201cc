/*
 * look.h - what a source is just now, before anybody asks for its stream.
 *
 * As the user that the process is; of a regular file it is opened and closed.
 */
#ifndef LOOK_H
#define LOOK_H

#include "conf/conf.h"

struct source_shared;

#define LOOK_TEXT_SIZE_MAX 900 /* bytes, with a NUL */

/*
 * The error that stream_poll() would have if the stream began now: 0, -ENOENT
 * also where no name with dates is there yet, -EACCES, RESULT_WRONG_KIND, ...;
 * -ENODATA where the stream would wait, but its name may be a wrong one.
 * What is shared is as for source_peek(): RESULT_PARTIAL, too, with one.
 */
int look_error(
    const struct stream_conf *conf, const struct source_shared *shared);

/*
 * Whether the source is a stream file, as "#!/usr/bin/sse-cgi" without -f in
 * its first line makes it one: its configuration would be served as a log.
 * Then *text is a clause that says what to write.
 */
bool look_is_stream_file(
    const struct stream_conf *conf, char text[LOOK_TEXT_SIZE_MAX]);

/*
 * Looks at all of it: 1 where a client could be sent something now; else 0, and
 * *text is a clause that says what is wrong, and what to write; or -ENOMEM with
 * that clause, and nobody knows.
 */
int look_is_fine(const struct stream_conf *conf, char text[LOOK_TEXT_SIZE_MAX]);

#endif
