/*
 * effort.h - what the search for the beginnings of records may cost: a pattern
 * may need long for each line.
 *
 * It is made in turns, so that others have theirs in between, and altogether
 * there is a limit.
 */
#ifndef EFFORT_H
#define EFFORT_H

#include "base/budget.h"
#include "record/record_rule.h"

#define EFFORT_TURN_MS 1
#define EFFORT_MAX_MS 50           /* of processor time, in all turns */
#define EFFORT_UNLIMITED INT64_MAX /* what is read is limited */

struct effort {
	const struct sse_clock *clock;
	struct budget turn;
	int64_t left_ns; /* of processor time, when the turn began */
	int64_t began_ns;
	bool rests; /* the turn is over: who searches goes on in the next */
};

/* The first turn begins with effort_go_on(), too. */
void effort_init(
    struct effort *effort, const struct sse_clock *clock, int64_t max_ms);
void effort_go_on(struct effort *effort);

/* To be called after each read: whether the turn is over. */
bool effort_look(struct effort *effort);

/*
 * Whether a line begins a record, as the rule's begins() says; when too much
 * was done already, each line does.  Then the turn may be over, but never
 * before one line was looked at.  NULL: there are no turns.
 */
bool effort_begins(struct effort *effort, const struct record_rule *rule,
    struct sse_slice line);

#endif
