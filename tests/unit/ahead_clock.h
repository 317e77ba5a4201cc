/*
 * ahead_clock.h - the system's clock, put forward by a test: what is waited for
 * is over then.
 */
#ifndef AHEAD_CLOCK_H
#define AHEAD_CLOCK_H

#include "clock.h"

static inline int64_t
ahead_monotonic_ms(void *ahead_ms)
{
	return sse_clock_monotonic_ms(sse_clock_system()) +
	       *(const int64_t *)ahead_ms;
}

static inline int64_t
ahead_file_time_ms(void *ahead_ms)
{
	return sse_clock_file_time_ms(sse_clock_system()) +
	       *(const int64_t *)ahead_ms;
}

/* By so much, as it is at each look. */
static inline struct sse_clock
ahead_clock(int64_t *ahead_ms)
{
	return (struct sse_clock){
	    ahead_monotonic_ms, ahead_file_time_ms, ahead_ms};
}

#endif
