/*
 * rotate_wait.c - how long a newer file waits for an older one.
 */
#include "config.h"

#include "source/rotate_wait.h"

#include <assert.h>

void
rotate_wait_begin(struct rotate_wait *wait, const struct sse_clock *clock)
{
	wait->began_ms = sse_clock_file_time_ms(clock);
	wait->began_monotonic_ms = sse_clock_monotonic_ms(clock);
	wait->look_ms = -1;
}

void
rotate_wait_at_most(struct rotate_wait *wait, int64_t look_ms)
{
	assert(look_ms >= 0);
	if (wait->look_ms < 0 || look_ms < wait->look_ms)
		wait->look_ms = look_ms;
}

void
rotate_wait_unblock(struct rotate_wait *wait)
{
	wait->blocked_ms = 0;
}

int64_t
rotate_wait_ms(const struct log_set *set)
{
	int64_t wait_ms = set->options.rotate_wait_ms;

	return wait_ms > ROTATE_WAIT_MIN_MS ? wait_ms : ROTATE_WAIT_MIN_MS;
}

static int64_t
patience_ms(const struct log_set *set)
{
	return ROTATE_WAIT_PATIENCE * rotate_wait_ms(set);
}

/* A newer file waits now, if none did before. */
static void
block(struct rotate_wait *wait, int64_t monotonic_ms)
{
	if (wait->blocked_ms == 0)
		wait->blocked_ms = monotonic_ms;
}

/* ------------------------------------------------------ an old file -- */

/*
 * How long until the file has been left alone.  Nobody writes to a copy: there
 * it is enough that the clock has gone on.  Otherwise the place behind a copy,
 * the beginning of the file that was truncated, would have an id that is older
 * than the copy, and who comes back with it would get the copy once more.
 */
static int64_t
until_rest_ms(const struct rotate_wait *wait, const struct log_set *set,
    const struct log_file *file)
{
	const struct sse_file_stat *stat = &file->stat;
	int64_t touched =
	    stat->mtime_ms > stat->ctime_ms ? stat->mtime_ms : stat->ctime_ms;

	if (!file->copy)
		return touched + rotate_wait_ms(set) - wait->began_ms;
	if (stat->mtime_ms - wait->began_ms > rotate_wait_ms(set))
		return 0; /* from the future */
	return stat->mtime_ms + 1 - wait->began_ms;
}

/*
 * Whether an older file keeps the stamp below the copy: one that has more,
 * which a leader has not read yet.
 */
static bool
is_held_back(const struct log_set *set, size_t at)
{
	const struct log_file *copy = set->open[at];

	for (size_t i = 0; i < at; i++) {
		const struct log_file *older = set->open[i];

		if (log_file_is_unread(older) &&
		    older->mtime_ms <= copy->stat.mtime_ms)
			return true;
	}
	return false;
}

/*
 * Awaits the older file that holds a copy back; what cannot be read for long is
 * not waited for any more.
 */
static bool
await_older(struct rotate_wait *wait, const struct log_set *set, size_t at)
{
	int64_t now_ms = sse_clock_monotonic_ms(set->options.clock);

	if (!is_held_back(set, at))
		return true;
	block(wait, now_ms);
	return now_ms - wait->blocked_ms >= patience_ms(set);
}

bool
rotate_wait_await_rest(
    struct rotate_wait *wait, const struct log_set *set, size_t at)
{
	const struct log_file *file = set->open[at];
	int64_t left_ms = until_rest_ms(wait, set, file);

	assert(at < set->count);
	if (left_ms <= 0 && file->copy && !await_older(wait, set, at))
		left_ms = ROTATE_WAIT_MIN_MS;
	if (left_ms <= 0 || !set->options.follow)
		return true;
	rotate_wait_at_most(wait, left_ms);
	return false;
}

/* ---------------------------------------------------- the newer file -- */

/*
 * How long the newer file has waited for open[at], at these times: since its
 * birth, whoever looks; but a clock that was put back, or another machine's,
 * does not make anybody wait longer than from the first look.
 */
static int64_t
waited_ms(const struct rotate_wait *wait, const struct log_file *old,
    const struct log_file *newer, int64_t file_time_ms, int64_t monotonic_ms)
{
	int64_t looked_ms = monotonic_ms - wait->blocked_ms;
	int64_t age_ms = file_time_ms - newer->stat.birth_ns / 1000000;

	/* What follows a copy was born before it. */
	if (newer->stat.birth_ns >= 0 && !old->copy && age_ms > looked_ms)
		return age_ms;
	return looked_ms;
}

bool
rotate_wait_await_turn(struct rotate_wait *wait, const struct log_set *set,
    size_t at, const struct log_file *newer)
{
	const struct sse_clock *clock = set->options.clock;
	const struct log_file *old = set->open[at];
	int64_t monotonic_ms, left_ms;

	if (newer == NULL)
		return false;
	monotonic_ms = sse_clock_monotonic_ms(clock);
	block(wait, monotonic_ms);
	if (waited_ms(wait, old, newer, wait->began_ms,
		wait->began_monotonic_ms) >= patience_ms(set))
		return true;
	left_ms =
	    patience_ms(set) - waited_ms(wait, old, newer,
				   sse_clock_file_time_ms(clock), monotonic_ms);
	rotate_wait_at_most(wait, left_ms > 0 ? left_ms : 0);
	return false;
}

bool
rotate_wait_await_copy(struct rotate_wait *wait, const struct log_set *set,
    const struct log_file *copy)
{
	int64_t wait_ms = rotate_wait_ms(set);
	int64_t left_ms = copy->stat.ctime_ms + wait_ms - wait->began_ms;

	/* Its clock may be another one. */
	if (left_ms <= 0 || left_ms > wait_ms)
		return true;
	wait->look_ms = left_ms;
	return false;
}

/* ---------------------------------------------------------- the stamp -- */

bool
rotate_wait_await_scan(
    struct rotate_wait *wait, const struct log_set *set, size_t at)
{
	const struct sse_clock *clock = set->options.clock;
	int64_t mtime_ms = set->open[at]->mtime_ms;

	if (mtime_ms < wait->began_ms ||
	    mtime_ms >= sse_clock_file_time_ms(clock))
		return true;
	wait->look_ms = 0;
	return false;
}

void
rotate_wait_for_stamp(struct rotate_wait *wait, const struct log_set *set)
{
	for (size_t i = 0; i < set->lead; i++) {
		int64_t left_ms = set->open[i]->mtime_ms + 1 - wait->began_ms;

		if (left_ms > 0)
			rotate_wait_at_most(wait, left_ms > ROTATE_WAIT_MIN_MS
						      ? left_ms
						      : ROTATE_WAIT_MIN_MS);
	}
}
