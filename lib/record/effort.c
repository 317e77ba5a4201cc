/*
 * effort.c - what a search for the beginnings of records may cost.
 */
#include "config.h"

#include "record/effort.h"

#include <time.h>

#define NS_PER_MS INT64_C(1000000)

/* A machine that is busy with others makes no difference. */
static int64_t
processor_ns(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void
effort_init(
    struct effort *effort, const struct sse_clock *clock, int64_t max_ms)
{
	*effort = (struct effort){.clock = clock,
	    .left_ns = max_ms < EFFORT_UNLIMITED / NS_PER_MS
			   ? max_ms * NS_PER_MS
			   : EFFORT_UNLIMITED,
	    .rests = true};
}

void
effort_go_on(struct effort *effort)
{
	effort->turn = budget_begin(effort->clock, EFFORT_TURN_MS);
	effort->began_ns = processor_ns();
	effort->rests = false;
}

bool
effort_look(struct effort *effort)
{
	if (!effort->rests && budget_is_over(&effort->turn)) {
		effort->left_ns -= processor_ns() - effort->began_ns;
		effort->rests = true;
	}
	return effort->rests;
}

bool
effort_begins(struct effort *effort, const struct record_rule *rule,
    struct sse_slice line)
{
	bool begins;

	if (effort == NULL)
		return rule->begins(rule->context, line);
	begins = effort->left_ns <= 0 || rule->begins(rule->context, line);
	(void)effort_look(effort);
	return begins;
}
