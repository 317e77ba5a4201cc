/*
 * slow_source.h - a kind of source for tests: it answers when a test says so,
 * piece by piece; it starts late, fails, comes back, and gives records.
 *
 * "test:PATH" reads commands from the FIFOs PATH.leader (one that others join)
 * and PATH.reader (one of a reader of its own), a byte each:
 *
 *	.  something came, and it is not enough
 *	s  it has started
 *	d  likewise, and nothing is left for who came with an id
 *	r  a record: "1", "2", ...
 *	e  it failed
 *	w  before it has started: it has failed, and tries again by itself
 *	c  before it has started: it closes what it is waited for at, and goes
 *	   on at once; it does not hear any more
 *
 * It is durable.  Record N is of second N; where nothing else is wished it
 * begins with the first one.
 */
#ifndef SLOW_SOURCE_H
#define SLOW_SOURCE_H

#include "source/source_ops.h"

extern const struct source_ops slow_ops;

enum slow_who {
	SLOW_LEADER,
	SLOW_READER,
	SLOW_COUNT
};

/* How often one was asked for a step, or for a record, in this process. */
unsigned slow_calls(enum slow_who who);

#endif
