/*
 * recall.h - from the id of a record to a position: behind the last record of
 * a log that has that id.
 *
 * The current file is searched from its end backwards, then its older
 * generations, the newest first.
 */
#ifndef RECALL_H
#define RECALL_H

#include "clock.h"
#include "format.h"
#include "position.h"
#include "record_rule.h"
#include "result.h"

#define RECALL_TRIES_MAX 6 /* for a log that is truncated meanwhile */

struct recall;

/* What a search needs; all of it is borrowed. */
struct recall_options {
	const struct stream_conf *conf;
	const struct sse_clock *clock;
	const struct record_rule *rule;
	struct format *format;
	struct listing_cache *listing; /* NULL: none */
};

/*
 * A search in the log at conf->source, over at most conf->replay_size bytes.
 * The id is copied.  0 and *ret_recall; -ENOENT when there is nothing to
 * search; -EACCES while the log may not be read; -ENOMEM, -EMFILE, ...
 */
int recall_new(const struct recall_options *options, struct sse_slice id,
    struct recall **ret_recall);

/* NULL is allowed. */
void recall_free(struct recall *recall);

/*
 * Goes on with the search, for at most one read: 1 and a position, 0 when
 * there is more to search (call again), RESULT_NONE when there is no such
 * record, -ENOMEM (call again), or -errno.
 */
int recall_next(struct recall *recall, struct sse_position *ret_position);

#endif
