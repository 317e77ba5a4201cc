/*
 * slow_source.h - a source that answers when a test says so, piece by piece: it
 * starts late, fails, comes back, and gives records.
 *
 * A test writes commands to it:
 *
 *	.  something came, and it is not enough
 *	s  it has started
 *	r  a record: "1", "2", ...
 *	e  it failed
 */
#ifndef SLOW_SOURCE_H
#define SLOW_SOURCE_H

#include "source/source_ops.h"

extern const struct source_ops slow_ops;

/* Of one that others join, and of a reader of its own: where commands are. */
enum slow_who {
	SLOW_LEADER,
	SLOW_READER,
	SLOW_COUNT
};

/* Opens both ways, without commands. */
void slow_begin(void);
void slow_end(void);

void slow_say(enum slow_who who, const char *commands);

/* How often it was asked for a step, or for a record. */
unsigned slow_calls(enum slow_who who);

#endif
