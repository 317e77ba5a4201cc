/*
 * clock.h - where the time comes from: the system, or a test that turns the
 * hands itself.
 */
#ifndef SSE_CLOCK_H
#define SSE_CLOCK_H

#include <stdint.h>

struct sse_clock {
	/* Milliseconds since some moment; never goes back. */
	int64_t (*monotonic_ms)(void *context);
	/*
	 * Milliseconds since 1970 as file systems stamp them: a byte that is
	 * written after this call has a modification time that is not less.
	 */
	int64_t (*file_time_ms)(void *context);
	void *context;
};

/* The system's clock.  It lives as long as the program. */
const struct sse_clock *sse_clock_system(void);

int64_t sse_clock_monotonic_ms(const struct sse_clock *clock);
/* Of the same moment; a clock other than the system's has whole thousands. */
int64_t sse_clock_monotonic_us(const struct sse_clock *clock);
int64_t sse_clock_file_time_ms(const struct sse_clock *clock);

#endif
