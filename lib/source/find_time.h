/*
 * find_time.h - from a time to a position: before the first record of that time
 * or later.
 *
 * The generations are looked at from the newest back, until one begins before
 * that time; there it is found by halving.  The times have to rise, as those of
 * a log do: where they jump, it may be found too early or too late by as much
 * as the jump.
 */
#ifndef FIND_TIME_H
#define FIND_TIME_H

#include "source/item.h"
#include "source/position.h"
#include "source/log_names.h"

#define FIND_TIME_NEAR_SIZE 8192 /* bytes that are looked at line by line */
#define FIND_TIME_UNTIMED_PART 4 /* such a part of the lines says something */
#define FIND_TIME_TRIES_MAX 6    /* for a log that is truncated meanwhile */

struct find_time;

/*
 * A search in the log with those names, whose records have times.  A line
 * without one belongs to the record before when the
 * rule says so, and where there is no rule, when it is empty or begins with a
 * blank; else it may be of any time.  All is borrowed.  0 and *ret_find;
 * RESULT_NONE when there is nothing to search; -EINVAL when the records have no
 * times; -EACCES while the log may not be read; -ENOMEM, -EMFILE, ...
 */
int find_time_new(const struct source_options *options,
    const struct log_names *names, int64_t time_ms,
    struct find_time **ret_find);

/* NULL is allowed. */
void find_time_free(struct find_time *since);

/*
 * Goes on with the search, for at most one read: 1 and a position, never
 * behind what was asked for; 0 when there is more to search (call again);
 * RESULT_NONE when no record has a time; or -errno.
 */
int find_time_next(struct find_time *since, struct sse_position *ret_position);

/*
 * Whether older generations, which cannot be read, may have such records.
 * Known when find_time_next() has given a position.
 */
bool find_time_lacks(const struct find_time *since);

/*
 * Whether the time is a guess: most lines that were looked at have none; or
 * many have none, and the position is before such a one.  Known likewise.
 */
bool find_time_guesses(const struct find_time *since);

#endif
