/*
 * pass_step.c - the steps of a pass.
 *
 * The files of the chain are read in their order, each to its end.  Lines that
 * come late to a file behind the lead have no position.
 */
#include "config.h"

#include "source/pass_step.h"

#include <assert.h>
#include <errno.h>

#include "source/chain_resolve.h"
#include "source/generation_read.h"
#include "source/leader.h"
#include "source/pass_finish.h"

/* A gap that a file owes is told when everything older has been delivered. */
static bool
take_owed_gap(struct pass *pass)
{
	struct generation *generation = pass_file(pass);

	if (generation->gap == GAP_NONE)
		return false;
	chain_add_gap(pass->chain, generation->gap);
	generation->gap = GAP_NONE;
	pass->chain->lead = pass->at;
	return true;
}

/*
 * A line in which the file was begun is over: whether it has just been passed
 * over.  Its rest is a gap, if its beginning was sent.
 */
static bool
skip_line(struct pass *pass)
{
	struct generation *generation = pass_file(pass);
	uint64_t offset = generation->offset;

	if (!generation->splitter.discarding ||
	    !generation_skip(generation, &pass->buffer))
		return false;
	if (generation->owes_rest)
		gap_queue_add(
		    &pass->chain->gaps, GAP_LATE, generation->offset - offset);
	else if (pass->at == pass->chain->lead)
		pass->mark = true;
	generation->owes_rest = false;
	return true;
}

/*
 * Weak evidence (offset 0, lines all alike) cannot show that the file was
 * truncated and filled again; a copy of it that was born meanwhile can.
 */
static int
was_copied(struct pass *pass, bool weak)
{
	const struct generation *generation = pass_file(pass);

	if (!weak || !generation_has_changed(generation) ||
	    pass->at < pass->chain->lead)
		return 0;
	pass->searched = true;
	return chain_was_copied(pass->chain, pass->at);
}

/*
 * One read of the file at, proven, up to a limit: the bytes, 0, RESULT_CHANGED,
 * -errno.
 */
static ssize_t
read_proven(struct pass *pass, uint64_t limit)
{
	struct generation *generation = pass_file(pass);
	bool weak = !generation->copy && evidence_weak(&generation->evidence);
	uint64_t check = generation->check;
	ssize_t got = generation_read(generation, &pass->buffer, limit);
	int copied;

	/* What an id says of the same place is another. */
	pass->mark = pass->mark || generation->check != check;
	if (got < 0)
		return got;
	copied = was_copied(pass, weak);
	if (copied != 0)
		return copied > 0 ? RESULT_CHANGED : copied;
	generation_take(generation, &pass->buffer);
	return got;
}

/*
 * The file at is not what it was, or is no file any more: the pass goes on
 * without it, or anew.
 */
static int
handle_moved(struct pass *pass, bool gone)
{
	return pass_take_changes(
	    pass, gone ? chain_gone(pass->chain, pass->at)
		       : chain_moved(pass->chain, pass->at));
}

/* What a read of the file at has said, up to the limit: as read_one(). */
static int
handle_read(
    struct pass *pass, ssize_t got, uint64_t limit, struct source_item *item)
{
	if (got > 0)
		return 0;
	if (got == RESULT_CHANGED || got == -ESTALE)
		return handle_moved(pass, got == -ESTALE);
	if (got == 0)
		return pass_finish(pass, limit, item);
	if (got == RESULT_PARTIAL)
		return pass_ask_again(pass);
	pass->error = (int)got;
	return pass_is_shortage(pass->error) ? pass_wait_for_more(pass)
					     : pass_finish_broken(pass, item);
}

/* One read of the file at, or the end of it.  1 and an item, 0, -ENOMEM. */
static int
read_one(struct pass *pass, struct source_item *item)
{
	uint64_t limit = leader_limit(pass->leader, pass->chain, pass->at);

	if (pass->looked && pass_file(pass)->at_end)
		return pass_finish(pass, limit, item);
	pass->more = !pass->may_read;
	if (!pass->may_read)
		return 0;
	pass->may_read = false;
	pass->looked = true;
	return handle_read(pass, read_proven(pass, limit), limit, item);
}

int
pass_step(struct pass *pass, struct source_item *ret_item)
{
	int got;

	assert(pass->running);
	if (take_owed_gap(pass) || skip_line(pass))
		return 0;
	got = generation_record(
	    pass_file(pass), &pass->buffer, &ret_item->record);
	if (got == 1)
		return pass_deliver(pass, ret_item);
	return got < 0 ? got : read_one(pass, ret_item);
}
