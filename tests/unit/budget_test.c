#include "test.h"

#include "budget.h"

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
