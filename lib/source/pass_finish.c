/*
 * pass_finish.c - the end of a file, and which one comes next.
 */
#include "config.h"

#include "source/pass_finish.h"

#include <assert.h>

#include "source/chain_resolve.h"
#include "source/leader.h"
#include "source/stamp.h"
#include "source/successor.h"

static bool
is_last(const struct pass *pass)
{
	return pass->at + 1 == pass->chain->count;
}

/* The file at may have been written to lately: whether it is left alone. */
static bool
await_rest(struct pass *pass)
{
	return rotate_wait_await_rest(&pass->wait, pass->chain, pass->at);
}

/* It is over for now: 0. */
static int
leave(struct pass *pass)
{
	pass_end(pass);
	return 0;
}

/*
 * The file at is behind, and has been read to its end.  It may have been left
 * while it grew, when a newer file could not wait any longer: what has no end
 * there has waited until it is left alone.
 */
static int
finish_behind(struct pass *pass, struct source_item *item)
{
	struct generation *generation = pass_file(pass);
	struct chain *chain = pass->chain;
	uint64_t stamp_ms = chain->stamp_ms;
	int got;

	assert(pass->at < chain->lead);
	if (generation->at_end && generation_has_rest(generation) &&
	    await_rest(pass) && pass_deliver_rest(pass, item, &got))
		return got;
	pass_go_to_next(pass);
	if (pass->at == chain->lead) {
		stamp_raise(chain, chain->lead, pass->wait.began_ms);
		pass->mark = pass->mark || chain->stamp_ms != stamp_ms;
	}
	return 0;
}

/* The newest one: what comes to it later is awaited, or nothing is followed. */
static int
finish_last(struct pass *pass, struct source_item *item)
{
	int got;

	if (pass->chain->options.follow)
		return leave(pass);
	if (pass_file(pass)->at_end && pass_deliver_rest(pass, item, &got))
		return got;
	pass_end(pass);
	*item = (struct source_item){.kind = SOURCE_END};
	return 1;
}

/* ------------------------------------------------- a copy in its place -- */

/* Whether the next file has taken the place of the one at, and is unread. */
static bool
is_replaced(const struct pass *pass)
{
	const struct chain *chain = pass->chain;
	const struct generation *old = pass_file(pass);

	return !is_last(pass) && !old->named && !old->copy &&
	       old->evidence.offset > 0 &&
	       chain->open[pass->at + 1]->evidence.offset == 0;
}

/*
 * What the next file is to the one at, which has been read to its end.  What
 * cannot be compared is another log.  0, or an error that will pass.
 */
static int
judge_next(const struct pass *pass, struct successor *ret_successor)
{
	int error = 0;

	*ret_successor = (struct successor){.kind = SUCCESSOR_OTHER};
	if (is_replaced(pass))
		error = successor_judge(pass_file(pass),
		    pass->chain->open[pass->at + 1], ret_successor);
	return pass_is_shortage(error) ? error : 0;
}

/* Whether it has all that was read of the file at. */
static bool
is_whole_copy(const struct successor *successor)
{
	return successor->kind == SUCCESSOR_COPY && successor->whole;
}

/* Whether the next file may still get more of what the one at has. */
static bool
next_may_grow(const struct pass *pass, const struct successor *successor)
{
	return successor->kind == SUCCESSOR_UNSETTLED &&
	       pass->chain->options.follow && pass->chain->due_count == 0 &&
	       pass->at + 2 == pass->chain->count;
}

/* Whether it is no copy in the making, which has just been written to. */
static bool
await_copy(struct pass *pass, const struct successor *successor)
{
	return !next_may_grow(pass, successor) ||
	       rotate_wait_await_copy(
		   &pass->wait, pass->chain, pass->chain->open[pass->at + 1]);
}

/* Whether it has nothing yet. */
static bool
next_is_empty(const struct pass *pass, const struct successor *successor)
{
	return next_may_grow(pass, successor) &&
	       pass->chain->open[pass->at + 1]->stat.size == 0;
}

/*
 * As pass_deliver_rest(), unless the copy that is read next has the unfinished
 * record, too.
 */
static bool
deliver_rest(struct pass *pass, const struct successor *successor,
    struct source_item *item, int *ret_got)
{
	return !is_whole_copy(successor) &&
	       pass_deliver_rest(pass, item, ret_got);
}

/* ------------------------------------------------------- the next one -- */

/*
 * Goes on to the next file; in a copy, behind what both have.  Nobody finds
 * the old one any more: from now on ids are of the copy, and say so at once.
 */
static int
go_on_in(struct pass *pass, const struct successor *successor)
{
	struct chain *chain = pass->chain;
	bool continues =
	    successor->kind != SUCCESSOR_OTHER && successor->proven;

	assert(!is_last(pass));
	if (continues && generation_begin_at(
			     chain->open[pass->at + 1], successor->offset) != 0)
		return pass_wait_for_more(pass);
	/* Else its unfinished record is here alone. */
	pass_file(pass)->continued = is_whole_copy(successor);
	stamp_raise(chain, pass->at + 1, pass->wait.began_ms);
	pass_go_to_next(pass);
	if (continues)
		pass_lead_here(pass);
	return 0;
}

/* Whether what comes after the file at is not open. */
static bool
is_next_due(const struct pass *pass)
{
	return is_last(pass) && pass->chain->due_count > 0;
}

/*
 * What comes after the file at.  That may become the lead without a record:
 * what comes late to those before it has no position then, so that ids are of
 * this one from now on, and say so at once.
 */
static int
open_due(struct pass *pass)
{
	if (pass->chain->lead < pass->at)
		pass->mark = true;
	return pass_take_changes(pass, chain_go_on(pass->chain));
}

/* The first newer file with content; its size is from a look at it now. */
static const struct generation *
look_at_newer(const struct pass *pass)
{
	for (size_t i = pass->at + 1; i < pass->chain->count; i++) {
		struct generation *newer = pass->chain->open[i];

		if (sse_fd_stat(newer->fd, &newer->stat) == 0 &&
		    newer->stat.size > 0)
			return newer;
	}
	return NULL;
}

/* Whether that one has waited long enough. */
static bool
await_turn(struct pass *pass, const struct generation *newer)
{
	return rotate_wait_await_turn(
	    &pass->wait, pass->chain, pass->at, newer);
}

/*
 * The file at has been read as far as the leader has: the next one is at when
 * the leader has left it, too.  As for the leader, an unfinished record was all
 * that there would be then.  A size may be older than what the leader has read.
 */
static int
finish_led(struct pass *pass, uint64_t limit, struct source_item *item)
{
	struct generation *generation = pass_file(pass);
	struct successor successor;
	int got;

	if (!leader_has_left(pass->leader, pass->chain, pass->at) ||
	    generation->evidence.offset < limit ||
	    (generation->copy && !await_rest(pass)) ||
	    !rotate_wait_await_pass(&pass->wait, pass->chain, pass->at))
		return leave(pass);
	if (is_next_due(pass))
		return open_due(pass);
	if (judge_next(pass, &successor) != 0)
		return pass_wait_for_more(pass);
	if (generation->evidence.offset == limit &&
	    deliver_rest(pass, &successor, item, &got))
		return got;
	return go_on_in(pass, &successor);
}

/* The next one is open. */
static int
finish_before_next(struct pass *pass, struct source_item *item)
{
	bool alone = pass_file(pass)->at_end && await_rest(pass);
	const struct generation *newer;
	struct successor successor;
	int got;

	if (judge_next(pass, &successor) != 0)
		return pass_wait_for_more(pass);
	if (alone && !await_copy(pass, &successor))
		return leave(pass);
	if (alone && deliver_rest(pass, &successor, item, &got))
		return got;
	newer = look_at_newer(pass);
	if (alone ? next_is_empty(pass, &successor) : !await_turn(pass, newer))
		return leave(pass);
	return go_on_in(pass, &successor);
}

int
pass_finish(struct pass *pass, uint64_t limit, struct source_item *item)
{
	if (pass->at < pass->chain->lead)
		return finish_behind(pass, item);
	if (limit != UINT64_MAX)
		return finish_led(pass, limit, item);
	if (is_next_due(pass))
		return open_due(pass);
	return is_last(pass) ? finish_last(pass, item)
			     : finish_before_next(pass, item);
}

int
pass_finish_broken(struct pass *pass, struct source_item *item)
{
	const struct generation *newer = look_at_newer(pass);
	struct successor successor;

	if (pass->at < pass->chain->lead)
		return finish_behind(pass, item);
	if (is_next_due(pass))
		return open_due(pass);
	if (judge_next(pass, &successor) != 0)
		return pass_wait_for_more(pass);
	if (is_whole_copy(&successor))
		return go_on_in(pass, &successor);
	if (!await_turn(pass, newer))
		return leave(pass);
	chain_add_gap(pass->chain, GAP_ROTATED);
	pass_go_to_next(pass);
	pass->chain->lead = pass->at;
	return 0;
}
