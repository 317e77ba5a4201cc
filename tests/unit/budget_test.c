#include "test.h"

#include "base/budget.h"

static int64_t
read_now(void *context)
{
	return *(const int64_t *)context;
}

TEST(a_budget_ends_after_its_time)
{
	static const struct {
		int64_t ms;
		int64_t passed_ms;
		bool is_over;
	} cases[] = {
	    {2, 0, false},
	    {2, 1, false},
	    {2, 2, true},
	    {2, 1000, true},
	    {5, 4, false},
	    {5, 5, true},
	    {0, 0, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t now = 40;
		const struct sse_clock clock = {read_now, read_now, &now};
		struct budget budget = budget_begin(&clock, cases[i].ms);

		now += cases[i].passed_ms;
		CHECK(budget_is_over(&budget) == cases[i].is_over);
	}
}

TEST(a_budget_of_microseconds_ends_after_them)
{
	const struct sse_clock *clock = sse_clock_system();
	int64_t begun_us = sse_clock_monotonic_us(clock);
	struct budget budget = budget_begin_us(clock, 300);

	while (!budget_is_over(&budget))
		continue;
	CHECK(sse_clock_monotonic_us(clock) - begun_us >= 300);
	/* Of a hundred one is over within a millisecond, on any machine. */
	for (int i = 0; i < 100; i++) {
		begun_us = sse_clock_monotonic_us(clock);
		budget = budget_begin_us(clock, 300);
		while (!budget_is_over(&budget))
			continue;
		if (sse_clock_monotonic_us(clock) - begun_us < 700)
			return;
	}
	CHECK(false);
}
