/*
 * hand_clock.h - a clock that stands still until a test turns its hands.
 */
#ifndef HAND_CLOCK_H
#define HAND_CLOCK_H

#include "clock.h"

static int64_t now_ms = 1000;

static inline int64_t
hand_clock_ms(void *context)
{
	(void)context;
	return now_ms;
}

static const struct sse_clock hand_clock = {hand_clock_ms, hand_clock_ms, NULL};

#endif
