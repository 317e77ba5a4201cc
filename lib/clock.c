/*
 * clock.c - the system's clock.
 */
#include "config.h"

#include "clock.h"

#include <time.h>

static struct timespec
read_clock(clockid_t id)
{
	struct timespec now;

	/* It cannot fail: both clocks are there since Linux 2.6.32. */
	(void)clock_gettime(id, &now);
	return now;
}

static int64_t
read_ms(clockid_t id)
{
	struct timespec now = read_clock(id);

	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
system_monotonic_ms(void *context)
{
	(void)context;
	return read_ms(CLOCK_MONOTONIC);
}

/*
 * The coarse clock is the one that the kernel stamps files with.  The fine
 * one runs ahead of it by up to a tick, and a later write could get an earlier
 * time.  Since Linux 6.13 some are stamped with that one: ahead of this clock,
 * and never behind it, which is what counts.
 */
static int64_t
system_file_time_ms(void *context)
{
	(void)context;
	return read_ms(CLOCK_REALTIME_COARSE);
}

const struct sse_clock *
sse_clock_system(void)
{
	static const struct sse_clock system = {
	    system_monotonic_ms, system_file_time_ms, NULL};

	return &system;
}

int64_t
sse_clock_monotonic_ms(const struct sse_clock *clock)
{
	return clock->monotonic_ms(clock->context);
}

int64_t
sse_clock_monotonic_us(const struct sse_clock *clock)
{
	struct timespec now;

	if (clock->monotonic_ms != system_monotonic_ms)
		return clock->monotonic_ms(clock->context) * 1000;
	now = read_clock(CLOCK_MONOTONIC);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t
sse_clock_file_time_ms(const struct sse_clock *clock)
{
	return clock->file_time_ms(clock->context);
}
