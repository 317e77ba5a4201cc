/*
 * pass.h - one way through the open files of a log: where it is, and how it
 * goes on from file to file.
 *
 * pass_step.h has its steps.
 */
#ifndef PASS_H
#define PASS_H

#include "source/chain.h"
#include "source/rotate_wait.h"

struct pass {
	struct chain *chain;
	/*
	 * Of the reader that this one will join, or NULL: nothing is read that
	 * it has not read; see leader.h.
	 */
	const struct chain *leader;
	uint64_t changes; /* of the chain, that are known of */
	bool running;
	bool mark; /* the position has moved without a record */

	size_t at;     /* open[at] is being read */
	bool searched; /* which takes hints that came after what was read */
	bool looked;   /* it has been read from in this pass */
	bool may_read; /* one read: the caller allows it */
	bool more;     /* it was used up: the rest is for the next call */

	struct rotate_wait wait;
	int error; /* why the log cannot be read; 0: it can, or waits */
	struct generation_buffer buffer;
};

/*
 * A pass of zeros becomes one over the files of the chain, which is borrowed;
 * it does not run yet.
 */
void pass_init(struct pass *pass, struct chain *chain);

/* Looks where the path leads, and begins with the first open file, if any. */
void pass_begin(struct pass *pass);

/* It is over, and begins anew when something is awaited no more. */
void pass_end(struct pass *pass);

/* The same, and looks again soon: what it met will pass.  0. */
int pass_wait_for_more(struct pass *pass);

/* The same at once: the log's folder is being read.  0. */
int pass_ask_again(struct pass *pass);

/* What is being read. */
struct generation *pass_file(const struct pass *pass);

/* The record of the item is given: 1. */
int pass_deliver(struct pass *pass, struct source_item *item);

/*
 * What has no end and will not get one is an item, or a gap, if its beginning
 * was sent: whether there is any; *ret_got is what pass_step() returns.
 */
bool pass_deliver_rest(
    struct pass *pass, struct source_item *item, int *ret_got);

/* The next file is at. */
void pass_go_to_next(struct pass *pass);

/* The file at is the lead, though none of its records was given. */
void pass_lead_here(struct pass *pass);

/*
 * What was open is known anew, or cannot be, for that error: the pass goes on
 * without it, or anew.  0, -ENOMEM.
 */
int pass_take_changes(struct pass *pass, int error);

/* Of what others may give back: no reason to pass over a file. */
bool pass_is_shortage(int error);

/* Whether the position has moved without a record since the last time. */
bool pass_take_mark(struct pass *pass);

#endif
