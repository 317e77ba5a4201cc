/*
 * pass.h - one way through the open files of a log, in single reads.
 */
#ifndef PASS_H
#define PASS_H

#include "source/chain.h"

/* All zeros but for the chain and wait_ms = -1 is one that does not run. */
struct pass {
	struct chain *chain;
	/*
	 * Of the reader that this one will join, or NULL: nothing is read that
	 * it has not read, so that both come to the same place.
	 */
	const struct chain *leader;
	uint64_t changes; /* of the chain, that are known of */
	bool running;
	bool mark; /* the position has moved without a record */

	size_t at;        /* open[at] is being read */
	bool searched;    /* which takes hints that came after what was read */
	bool looked;      /* it has been read from in this pass */
	int64_t began_ms; /* file time */
	int64_t began_monotonic_ms;
	bool may_read; /* one read: the caller allows it */
	bool more;     /* it was used up: the rest is for the next call */

	int64_t blocked_ms; /* monotonic: newer files wait since; 0: none */
	int64_t wait_ms;    /* until the lead may be at rest; -1: not waiting */
	int error; /* why the log cannot be read; 0: it can, or waits */
	struct generation_buffer buffer;
};

/* Looks where the path leads, and begins with the first open file, if any. */
void pass_begin(struct pass *pass);

/*
 * One step, of at most one read: 1 and an item, a record or the end; 0 and
 * nothing, and perhaps a gap in the chain, a mark, or an end of the pass;
 * -ENOMEM (call again).  Only while it runs.
 */
int pass_step(struct pass *pass, struct source_item *ret_item);

#endif
