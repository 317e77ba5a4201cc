/*
 * budget.c - how long a turn may work before it is another one's.
 */
#include "config.h"

#include "base/budget.h"

struct budget
budget_begin(const struct sse_clock *clock, int64_t ms)
{
	return budget_begin_us(clock, ms * 1000);
}

struct budget
budget_begin_us(const struct sse_clock *clock, int64_t us)
{
	return (struct budget){clock, sse_clock_monotonic_us(clock) + us};
}

bool
budget_is_over(const struct budget *budget)
{
	return sse_clock_monotonic_us(budget->clock) >= budget->end_us;
}
