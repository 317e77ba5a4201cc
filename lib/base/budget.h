/*
 * budget.h - how long a turn may work before it is another one's.
 *
 * Who works in turns takes a budget when its turn begins, and looks at it after
 * each piece of work.  A clock that stands still never uses one up.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdbool.h>

#include "clock.h"

struct budget {
	const struct sse_clock *clock;
	int64_t end_us; /* monotonic */
};

/* So many milliseconds, or microseconds, from now on. */
struct budget budget_begin(const struct sse_clock *clock, int64_t ms);
struct budget budget_begin_us(const struct sse_clock *clock, int64_t us);

bool budget_is_over(const struct budget *budget);

#endif
