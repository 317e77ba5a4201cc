/*
 * budget.c - how long a turn may work before it is another one's.
 */
#include "config.h"

#include "budget.h"

struct budget
budget_begin(const struct sse_clock *clock, int64_t ms)
{
	return (struct budget){clock, sse_clock_monotonic_ms(clock) + ms};
}

bool
budget_is_over(const struct budget *budget)
{
	return sse_clock_monotonic_ms(budget->clock) >= budget->end_ms;
}
