/*
 * since.h - from a time to a position: before the first record of that time or
 * later.
 *
 * The generations are looked at from the newest back, until one begins before
 * that time; there it is found by halving.  The times have to rise, as those of
 * a log do: where they jump, it may be found too early or too late by as much
 * as the jump.
 */
#ifndef SINCE_H
#define SINCE_H

#include "clock.h"
#include "conf.h"
#include "position.h"

#define SINCE_READ_SIZE 16384 /* octets of one read */
#define SINCE_PROBE_READS 16  /* in a row without a time, before it gives up */
#define SINCE_TRIES_MAX 6     /* for a log that is truncated meanwhile */

struct since;

/*
 * A search in the log at conf->source, whose records begin with a time of the
 * form conf->time_format.  conf and clock are borrowed.  0 and *ret_since;
 * -ENOENT when there is nothing to search; -EACCES while the log may not be
 * read; -ENOMEM, -EMFILE, ...
 */
int since_new(const struct stream_conf *conf, const struct sse_clock *clock,
    int64_t time_ms, struct since **ret_since);

/* NULL is allowed. */
void since_free(struct since *since);

/*
 * Goes on with the search, for at most one read: 1 and a position, never
 * behind what was asked for; 0 when there is more to search (call again);
 * -ENODATA when no record has such a time; or -errno.
 */
int since_next(struct since *since, struct sse_position *ret_position);

/*
 * Whether older generations, which cannot be read, may have such records.
 * Known when since_next() has given a position.
 */
bool since_lacks(const struct since *since);

#endif
