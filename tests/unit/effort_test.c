/*
 * What a search for the beginnings of records may cost.
 */
#include "config.h"

#include "test.h"

#include <time.h>

#include "hand_clock.h"
#include "record/effort.h"

static unsigned asked;

/* A line that begins with A begins a record. */
static bool
begins(void *context, struct sse_slice line)
{
	(void)context;
	asked++;
	return line.size > 0 && line.data[0] == 'A';
}

static const struct record_rule rule = {RECORD_HAS_START, begins, NULL};

/* Until this thread has worked so long. */
static void
work(int64_t ms)
{
	clock_t end = clock() + (clock_t)(ms * CLOCKS_PER_SEC / 1000) + 1;

	while (clock() < end)
		;
}

TEST(without_an_effort_each_line_is_asked)
{
	CHECK(effort_begins(NULL, &rule, SLICE("A")));
	CHECK(!effort_begins(NULL, &rule, SLICE("B")));
	CHECK(!effort_begins(NULL, &rule, SLICE("")));
	CHECK_EQUAL_INT(asked, 3);
}

TEST(a_turn_is_over_after_its_time_and_another_one_begins)
{
	struct effort effort;

	effort_init(&effort, &hand_clock, EFFORT_MAX_MS);
	/* No turn has begun. */
	CHECK(effort_look(&effort));
	for (int turn = 0; turn < 3; turn++) {
		effort_go_on(&effort);
		CHECK(!effort_look(&effort));
		CHECK(!effort_begins(&effort, &rule, SLICE("B")));
		CHECK(!effort.rests);
		now_ms += EFFORT_TURN_MS;
		/* A line is looked at all the same. */
		CHECK(effort_begins(&effort, &rule, SLICE("A")));
		CHECK(effort.rests);
		CHECK(effort_look(&effort));
	}
	CHECK_EQUAL_INT(asked, 6);
}

TEST(when_all_is_used_up_each_line_begins_a_record)
{
	struct effort effort;

	effort_init(&effort, &hand_clock, 20);
	effort_go_on(&effort);
	work(25);
	/* It counts when the turn is over. */
	CHECK(!effort_begins(&effort, &rule, SLICE("B")));
	now_ms += EFFORT_TURN_MS;
	CHECK(effort_look(&effort));
	asked = 0;
	effort_go_on(&effort);
	CHECK(effort_begins(&effort, &rule, SLICE("B")));
	CHECK_EQUAL_INT(asked, 0);
}

TEST(no_limit_is_never_used_up_and_none_at_once)
{
	struct effort effort;

	effort_init(&effort, &hand_clock, EFFORT_UNLIMITED);
	effort_go_on(&effort);
	work(5);
	now_ms += EFFORT_TURN_MS;
	CHECK(effort_look(&effort));
	CHECK(!effort_begins(&effort, &rule, SLICE("B")));
	effort_init(&effort, &hand_clock, 0);
	effort_go_on(&effort);
	CHECK(effort_begins(&effort, &rule, SLICE("B")));
}
