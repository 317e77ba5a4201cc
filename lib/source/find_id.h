/*
 * find_id.h - from the id of a record to a position: behind the last record of
 * a log that has that id.
 *
 * The current file is searched from its end backwards, then its older
 * generations, the newest first.
 */
#ifndef FIND_ID_H
#define FIND_ID_H

#include "source/item.h"
#include "source/position.h"
#include "source/log_names.h"

#define FIND_ID_TRIES_MAX 6 /* for a log that is truncated meanwhile */

struct find_id;

/*
 * A search in the log with those names, over at most replay_size bytes.  The
 * id is copied, and the rest is borrowed.  0 and *ret_find; RESULT_NONE when
 * there is nothing to search, or no such id; -EACCES while the log may not be
 * read; -ENOMEM, -EMFILE, ...
 */
int find_id_new(const struct source_options *options,
    const struct log_names *names, struct sse_slice id,
    struct find_id **ret_find);

/* NULL is allowed. */
void find_id_free(struct find_id *find);

/*
 * Goes on with the search, for at most one read: 1 and a position, 0 when
 * there is more to search (call again), RESULT_NONE when there is no such
 * record, -ENOMEM (call again), or -errno.
 */
int find_id_next(struct find_id *find, struct sse_position *ret_position);

#endif
