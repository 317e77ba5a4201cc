/*
 * finder.h - from what a client wishes to a position in the log: behind the
 * record with its id, or before the first record of a time.
 */
#ifndef FINDER_H
#define FINDER_H

#include "recall.h"

struct finder;

/* A search for a record's id.  Errors as recall_new(). */
int finder_new_id(const struct recall_options *options, struct sse_slice id,
    struct finder **ret_finder);

/* A search for a time.  Errors as since_new(). */
int finder_new_time(const struct recall_options *options, int64_t time_ms,
    struct finder **ret_finder);

/* NULL is allowed. */
void finder_free(struct finder *finder);

/*
 * Goes on with the search, for at most one read: 1 and a position; 0 when
 * there is more to search (call again); -ENOMEM (likewise); another -errno
 * when there is no such record, or it cannot be found.
 */
int finder_next(struct finder *finder, struct sse_position *ret_position);

/* As since_lacks() and since_guesses(); never for an id. */
bool finder_lacks(const struct finder *finder);
bool finder_guesses(const struct finder *finder);

#endif
