/*
 * rotate_wait.h - how long a newer file of a log waits for an older one that a
 * writer may still be on.
 *
 * What awaits something says whether it is there; if not, it has noted when a
 * look is worth it.
 */
#ifndef ROTATE_WAIT_H
#define ROTATE_WAIT_H

#include "source/log_set.h"

/* After so many waits a newer file is read, even if the old one still grows. */
#define ROTATE_WAIT_PATIENCE 10

/* A file system's clock ticks each 1 to 10 ms: no wait can be shorter. */
#define ROTATE_WAIT_MIN_MS 10

struct rotate_wait {
	int64_t began_ms; /* file time at which the scan began */
	int64_t began_monotonic_ms;
	int64_t blocked_ms; /* monotonic: newer files wait since; 0: none */
	int64_t look_ms;    /* until a look is worth it; -1: nothing awaits */
};

/* All that is awaited is as it is when this scan begins. */
void rotate_wait_begin(struct rotate_wait *wait, const struct sse_clock *clock);

/* A look is worth it then, or before. */
void rotate_wait_at_most(struct rotate_wait *wait, int64_t look_ms);

/* The lead is done with, or the set is another: nothing blocks any more. */
void rotate_wait_unblock(struct rotate_wait *wait);

/* The time that a file has to be left alone for. */
int64_t rotate_wait_ms(const struct log_set *set);

/*
 * Awaits that nothing has touched open[at] for rotate-wait before a scan
 * begins, so that the stamp can rise over it.  Where nothing is followed nobody
 * waits.
 */
bool rotate_wait_await_rest(
    struct rotate_wait *wait, const struct log_set *set, size_t at);

/*
 * Awaits that the newer file has waited long enough for open[at], which grows
 * or cannot be read, when the scan began: in a scan that was stopped for long,
 * the old one may have been left alone since, and the stamp could not rise over
 * it.  NULL: there is none yet.
 */
bool rotate_wait_await_turn(struct rotate_wait *wait, const struct log_set *set,
    size_t at, const struct log_file *newer);

/*
 * Awaits that a file which is perhaps a copy in the making was not written to
 * for rotate-wait.
 */
bool rotate_wait_await_copy(struct rotate_wait *wait, const struct log_set *set,
    const struct log_file *copy);

/*
 * Awaits a scan in which the stamp can rise over open[at], where it cannot in
 * this one, which was stopped for long.
 */
bool rotate_wait_await_scan(
    struct rotate_wait *wait, const struct log_set *set, size_t at);

/*
 * What came to an old file just when the scan began is newer than the stamp:
 * until a scan begins after that, who comes back would be told of it as late.
 */
void rotate_wait_for_stamp(struct rotate_wait *wait, const struct log_set *set);

#endif
