/*
 * pass.c - one way through the open files of a log.
 *
 * What is claimed in an id is only what a whole pass has shown: the stamp stays
 * below the time at which the pass began.
 */
#include "config.h"

#include "source/pass.h"

#include <assert.h>
#include <errno.h>

#include "source/chain_look.h"

void
pass_init(struct pass *pass, struct chain *chain)
{
	pass->chain = chain;
	pass->wait.look_ms = -1;
}

/* The lead is done with, or the chain is another. */
static void
unblock(struct pass *pass)
{
	rotate_wait_unblock(&pass->wait);
	pass->changes = pass->chain->changes;
}

void
pass_begin(struct pass *pass)
{
	struct chain *chain = pass->chain;
	int error;

	assert(!pass->running);
	watch_drain(chain->watch);
	rotate_wait_begin(&pass->wait, chain->options.clock);
	error = chain_look(chain);
	if (error == RESULT_PARTIAL) {
		pass->more = true;
		return;
	}
	pass->error = error == RESULT_UNSETTLED ? 0 : error;
	pass->mark = pass->mark || chain->appeared;
	chain->appeared = false;
	if (pass->changes != chain->changes)
		unblock(pass);
	pass->at = 0;
	pass->looked = false;
	pass->running = !chain_is_nothing(chain);
}

void
pass_end(struct pass *pass)
{
	assert(pass->running);
	chain_close_old(pass->chain);
	rotate_wait_for_stamp(&pass->wait, pass->chain);
	pass->running = false;
	if (pass->searched && pass->chain->options.follow)
		pass->wait.look_ms = 0;
	pass->searched = false;
}

bool
pass_is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM ||
	       error == -EAGAIN || error == RESULT_UNSETTLED;
}

int
pass_wait_for_more(struct pass *pass)
{
	pass_end(pass);
	pass->wait.look_ms = WATCH_POLL_MS;
	return 0;
}

int
pass_ask_again(struct pass *pass)
{
	pass_end(pass);
	pass->wait.look_ms = 0;
	pass->more = true;
	return 0;
}

struct generation *
pass_file(const struct pass *pass)
{
	assert(pass->running);
	assert(pass->at < pass->chain->count);
	return pass->chain->open[pass->at];
}

int
pass_deliver(struct pass *pass, struct source_item *item)
{
	item->kind = SOURCE_RECORD;
	item->has_position =
	    pass->at >= pass->chain->lead && !item->record.late;
	if (!item->has_position)
		return 1;
	pass->chain->lead = pass->at;
	unblock(pass);
	chain_position(pass->chain, &item->position);
	return 1;
}

bool
pass_deliver_rest(struct pass *pass, struct source_item *item, int *ret_got)
{
	struct generation *generation = pass_file(pass);
	uint64_t offset = generation->offset;

	if (generation_rest(generation, &item->record) == 1) {
		*ret_got = pass_deliver(pass, item);
		return true;
	}
	if (!generation_skip_rest(generation))
		return false;
	assert(generation->offset > offset);
	gap_queue_add(
	    &pass->chain->gaps, GAP_LATE, generation->offset - offset);
	*ret_got = 0;
	return true;
}

void
pass_go_to_next(struct pass *pass)
{
	pass->at++;
	pass->looked = false;
	assert(pass->at < pass->chain->count);
}

void
pass_lead_here(struct pass *pass)
{
	pass->chain->lead = pass->at;
	pass->mark = true;
	unblock(pass);
}

int
pass_take_changes(struct pass *pass, int error)
{
	pass->looked = false;
	if (error == RESULT_PARTIAL)
		return pass_ask_again(pass);
	if (error != 0) {
		pass->error = error == RESULT_UNSETTLED ? 0 : error;
		pass_end(pass);
		pass->wait.look_ms = WATCH_POLL_MS;
	} else if (pass->changes != pass->chain->changes) {
		pass->running = false;
		pass->more = true;
	}
	return error == -ENOMEM ? error : 0;
}

bool
pass_take_mark(struct pass *pass)
{
	bool mark = pass->mark;

	pass->mark = false;
	return mark;
}
