/*
 * pass.c - one way through the open files of a log.
 *
 * The files of the chain are read in their order, each to its end.  Lines that
 * come late to a file behind the lead have no position.  A newer file is read
 * when the lead has been read to its end and left alone for rotate-wait.  What
 * is claimed in an id is only what a whole pass has shown: the stamp stays
 * below the time at which the pass began.
 */
#include "config.h"

#include "source/pass.h"

#include <errno.h>

#include "source/chain_look.h"
#include "source/chain_resolve.h"
#include "source/successor.h"

/* After so many waits a newer file is read, even if the old one still grows. */
#define PATIENCE 10

/* A file system's clock ticks each 1 to 10 ms: no wait can be shorter. */
#define WAIT_MIN_MS 10

static void
wait_at_most(struct pass *pass, int64_t wait_ms)
{
	if (pass->wait_ms < 0 || wait_ms < pass->wait_ms)
		pass->wait_ms = wait_ms;
}

/* The lead is done with, or the chain is another: nothing blocks any more. */
static void
unblock(struct pass *pass)
{
	pass->blocked_ms = 0;
	pass->changes = pass->chain->changes;
}

void
pass_begin(struct pass *pass)
{
	struct chain *chain = pass->chain;
	int error;

	watch_drain(chain->watch);
	pass->began_ms = sse_clock_file_time_ms(chain->options.clock);
	pass->began_monotonic_ms = sse_clock_monotonic_ms(chain->options.clock);
	error = chain_look(chain);
	pass->wait_ms = -1;
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

/*
 * What the copy that took its place has, too, is read there.  A reader that is
 * led is not to read it here, and so never comes to the end.
 */
static bool
is_unread(const struct generation *generation)
{
	return !generation->continued &&
	       (!generation->at_end || generation_has_rest(generation));
}

/*
 * The stamp rises to the newest modification of the files that this pass has
 * read to their ends, but stays below the beginning of the pass, and below
 * what is still unread, or was not given: a byte that comes later is newer
 * than the stamp.
 */
static void
raise_stamp(struct pass *pass, size_t count)
{
	struct chain *chain = pass->chain;
	int64_t limit = pass->began_ms, stamp_ms = (int64_t)chain->stamp_ms;
	int64_t newest = 0;

	for (size_t i = 0; i < count; i++) {
		const struct generation *generation = chain->open[i];

		if (is_unread(generation) && generation->mtime_ms < limit)
			limit = generation->mtime_ms;
		if (generation->mtime_ms > newest)
			newest = generation->mtime_ms;
	}
	for (size_t i = 0; i < count; i++) {
		int64_t mtime_ms = chain->open[i]->mtime_ms;

		if (mtime_ms < limit && mtime_ms > stamp_ms)
			stamp_ms = mtime_ms;
	}
	/* A file that may have more is not unseen as a whole. */
	if (newest >= limit && limit - 1 > stamp_ms)
		stamp_ms = limit - 1;
	chain->stamp_ms = (uint64_t)stamp_ms;
}

static int64_t
rotate_wait_ms(const struct pass *pass)
{
	int64_t wait_ms = pass->chain->options.rotate_wait_ms;

	return wait_ms > WAIT_MIN_MS ? wait_ms : WAIT_MIN_MS;
}

/*
 * How long until nothing has touched it for rotate-wait before a pass begins,
 * so that the stamp can rise over it.  Nobody writes to a copy: there it is
 * enough that the clock has gone on.  Otherwise the place behind a copy, the
 * beginning of the file that was truncated, would have an id that is older
 * than the copy, and who comes back with it would get the copy once more.
 */
static int64_t
left_to_rest_ms(const struct pass *pass, const struct generation *generation)
{
	const struct sse_file_stat *stat = &generation->stat;
	int64_t touched =
	    stat->mtime_ms > stat->ctime_ms ? stat->mtime_ms : stat->ctime_ms;

	if (!generation->copy)
		return touched + rotate_wait_ms(pass) - pass->began_ms;
	if (stat->mtime_ms - pass->began_ms > rotate_wait_ms(pass))
		return 0; /* from the future */
	return stat->mtime_ms + 1 - pass->began_ms;
}

/*
 * Whether an older file keeps the stamp below the copy: one that has more,
 * which a leader has not read yet.
 */
static bool
is_held_back(const struct pass *pass, const struct generation *copy)
{
	for (size_t i = 0; i < pass->at; i++) {
		const struct generation *older = pass->chain->open[i];

		if (is_unread(older) && older->mtime_ms <= copy->stat.mtime_ms)
			return true;
	}
	return false;
}

/* What cannot be read for so long is not waited for any more. */
static bool
is_blocked_for_long(struct pass *pass)
{
	int64_t now_ms = sse_clock_monotonic_ms(pass->chain->options.clock);

	if (pass->blocked_ms == 0)
		pass->blocked_ms = now_ms;
	return now_ms - pass->blocked_ms >= PATIENCE * rotate_wait_ms(pass);
}

static bool
is_left_alone(struct pass *pass, const struct generation *generation)
{
	int64_t left = left_to_rest_ms(pass, generation);

	if (left <= 0 && generation->copy && is_held_back(pass, generation) &&
	    !is_blocked_for_long(pass))
		left = WAIT_MIN_MS;
	if (left <= 0 || !pass->chain->options.follow)
		return true;
	wait_at_most(pass, left);
	return false;
}

/* The first newer file with content; its size is from a look at it now. */
static const struct generation *
first_newer(const struct pass *pass)
{
	for (size_t i = pass->at + 1; i < pass->chain->count; i++) {
		struct generation *newer = pass->chain->open[i];

		if (sse_fd_stat(newer->fd, &newer->stat) == 0 &&
		    newer->stat.size > 0)
			return newer;
	}
	return NULL;
}

/* How long the newer file has waited, at these times. */
static int64_t
waited_ms(const struct pass *pass, const struct generation *newer,
    int64_t file_time_ms, int64_t monotonic_ms)
{
	/* What follows a copy was born before it. */
	if (newer->stat.birth_ns >= 0 && !pass->chain->open[pass->at]->copy)
		return file_time_ms - newer->stat.birth_ns / 1000000;
	return monotonic_ms - pass->blocked_ms;
}

/*
 * Whether the newer file had waited long enough for an old one that grows when
 * the pass began: in a pass that was stopped for long, the old one may have
 * been left alone since, and the stamp could not rise over it.
 */
static bool
patience_is_over(struct pass *pass, const struct generation *newer)
{
	const struct sse_clock *clock = pass->chain->options.clock;
	int64_t patience_ms = PATIENCE * rotate_wait_ms(pass);
	int64_t monotonic_ms = sse_clock_monotonic_ms(clock), left_ms;

	if (pass->blocked_ms == 0)
		pass->blocked_ms = monotonic_ms;
	if (waited_ms(pass, newer, pass->began_ms, pass->began_monotonic_ms) >=
	    patience_ms)
		return true;
	left_ms =
	    patience_ms -
	    waited_ms(pass, newer, sse_clock_file_time_ms(clock), monotonic_ms);
	if (left_ms < 0)
		left_ms = 0;
	wait_at_most(pass, left_ms);
	return false;
}

/*
 * What came to an old file just when the pass began is newer than the stamp:
 * until a pass begins after that, who comes back would be told of it as late.
 */
static void
wait_for_stamp(struct pass *pass)
{
	const struct chain *chain = pass->chain;

	for (size_t i = 0; i < chain->lead; i++) {
		int64_t left_ms = chain->open[i]->mtime_ms + 1 - pass->began_ms;

		if (left_ms > 0)
			wait_at_most(pass,
			    left_ms > WAIT_MIN_MS ? left_ms : WAIT_MIN_MS);
	}
}

static void
end_pass(struct pass *pass)
{
	chain_close_old(pass->chain);
	wait_for_stamp(pass);
	pass->running = false;
	if (pass->searched && pass->chain->options.follow)
		pass->wait_ms = 0;
	pass->searched = false;
}

/* Of what others may give back: no reason to pass over a file. */
static bool
is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM ||
	       error == -EAGAIN || error == RESULT_UNSETTLED;
}

static int
wait_for_more(struct pass *pass)
{
	end_pass(pass);
	pass->wait_ms = WATCH_POLL_MS;
	return 0;
}

/* The log's folder is being read: it is asked again, from the beginning. */
static int
ask_again(struct pass *pass)
{
	end_pass(pass);
	pass->wait_ms = 0;
	pass->more = true;
	return 0;
}

/* ------------------------------------------------------- the leader -- */

/* Whether the leader has, open, a file that comes after open[at] here. */
static bool
leader_has_newer(const struct pass *pass)
{
	const struct chain *leader = pass->leader, *chain = pass->chain;

	for (size_t i = pass->at + 1; i < chain->count; i++)
		if (chain_find(leader, &chain->open[i]->stat) != NULL)
			return true;
	for (size_t i = 0; i < chain->due_count; i++)
		if (chain_find(leader, &chain->due[i]) != NULL)
			return true;
	return false;
}

/* How far open[at] may be read: as far as the leader has read. */
static uint64_t
limit(const struct pass *pass)
{
	const struct chain *leader = pass->leader, *chain = pass->chain;
	const struct generation *same;

	if (leader == NULL)
		return UINT64_MAX;
	same = chain_find(leader, &chain->open[pass->at]->stat);
	/* Of a line in which it began the beginning may be the reader's. */
	if (same != NULL)
		return same->inside ? same->evidence.offset : same->offset;
	/* It has left it behind, or has not come to it. */
	if (chain_is_due(leader, &chain->open[pass->at]->stat))
		return 0;
	if (leader_has_newer(pass))
		return UINT64_MAX;
	for (size_t i = 0; i < pass->at; i++)
		if (chain_find(leader, &chain->open[i]->stat) != NULL)
			return 0;
	return chain->open[pass->at]->current ? 0 : UINT64_MAX;
}

/* Whether the leader reads a newer file than open[at]. */
static bool
leader_has_left(const struct pass *pass)
{
	const struct chain *leader = pass->leader, *chain = pass->chain;

	for (size_t j = 0; j < leader->count && j <= leader->lead; j++) {
		const struct sse_file_stat *theirs = &leader->open[j]->stat;

		for (size_t i = pass->at + 1; i < chain->count; i++)
			if (evidence_same_file(&chain->open[i]->stat, theirs))
				return true;
		if (chain_is_due(chain, theirs))
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------------ */

static int
deliver(struct pass *pass, struct source_item *item)
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

static void
go_to_next(struct pass *pass)
{
	pass->at++;
	pass->looked = false;
}

/*
 * What has no end and will not get one is an item, or a gap, if its beginning
 * was sent: whether there is any; *ret_got is what pass_step() returns.
 */
static bool
has_rest(struct pass *pass, struct source_item *item, int *ret_got)
{
	struct generation *generation = pass->chain->open[pass->at];
	uint64_t offset = generation->offset;

	if (generation_rest(generation, &item->record) == 1) {
		*ret_got = deliver(pass, item);
		return true;
	}
	if (!generation_skip_rest(generation))
		return false;
	gap_queue_add(
	    &pass->chain->gaps, GAP_LATE, generation->offset - offset);
	*ret_got = 0;
	return true;
}

/*
 * open[at] is behind, and has been read to its end.  It may have been left
 * while it grew, when a newer file could not wait any longer: what has no end
 * there has waited until it is left alone.
 */
static int
finish_behind(struct pass *pass, struct source_item *item)
{
	struct generation *generation = pass->chain->open[pass->at];
	uint64_t stamp_ms = pass->chain->stamp_ms;
	int got;

	if (generation->at_end && generation_has_rest(generation) &&
	    is_left_alone(pass, generation) && has_rest(pass, item, &got))
		return got;
	go_to_next(pass);
	if (pass->at == pass->chain->lead) {
		raise_stamp(pass, pass->chain->lead);
		pass->mark = pass->mark || pass->chain->stamp_ms != stamp_ms;
	}
	return 0;
}

/* Nothing is followed: the unfinished record, then the end. */
static int
finish_last(struct pass *pass, struct source_item *item)
{
	struct generation *generation = pass->chain->open[pass->at];
	int got;

	if (generation->at_end && has_rest(pass, item, &got))
		return got;
	end_pass(pass);
	*item = (struct source_item){.kind = SOURCE_END};
	return 1;
}

/*
 * Whether the stamp cannot rise over the file in this pass, which was stopped
 * for long, but can in one that begins now.
 */
static bool
began_too_early(struct pass *pass, const struct generation *generation)
{
	const struct sse_clock *clock = pass->chain->options.clock;

	if (generation->mtime_ms < pass->began_ms ||
	    generation->mtime_ms >= sse_clock_file_time_ms(clock))
		return false;
	pass->wait_ms = 0;
	return true;
}

/* ------------------------------------------------- a copy in its place -- */

/* Whether the next file has taken the place of open[at], and is unread. */
static bool
is_replaced(const struct pass *pass)
{
	const struct chain *chain = pass->chain;
	const struct generation *old = chain->open[pass->at];

	return pass->at + 1 < chain->count && !old->named && !old->copy &&
	       old->evidence.offset > 0 &&
	       chain->open[pass->at + 1]->evidence.offset == 0;
}

/* Whether the next file may still get more of what open[at] has. */
static bool
next_may_grow(const struct pass *pass, const struct successor *successor)
{
	return successor->kind == SUCCESSOR_UNSETTLED &&
	       pass->chain->options.follow && pass->chain->due_count == 0 &&
	       pass->at + 2 == pass->chain->count;
}

/* Whether it has just been written to: a copy in the making. */
static bool
next_is_being_written(struct pass *pass, const struct successor *successor)
{
	const struct generation *next;
	int64_t wait_ms = rotate_wait_ms(pass), left_ms;

	if (!next_may_grow(pass, successor))
		return false;
	next = pass->chain->open[pass->at + 1];
	left_ms = next->stat.ctime_ms + wait_ms - pass->began_ms;
	/* Its clock may be another one. */
	if (left_ms <= 0 || left_ms > wait_ms)
		return false;
	pass->wait_ms = left_ms;
	return true;
}

/* Whether it has nothing yet. */
static bool
next_is_empty(const struct pass *pass, const struct successor *successor)
{
	return next_may_grow(pass, successor) &&
	       pass->chain->open[pass->at + 1]->stat.size == 0;
}

/*
 * What the next file is to open[at], which has been read to its end.  What
 * cannot be compared is another log.  0, or an error that will pass.
 */
static int
judge_next(const struct pass *pass, struct successor *ret_successor)
{
	struct chain *chain = pass->chain;
	int error = 0;

	*ret_successor = (struct successor){.kind = SUCCESSOR_OTHER};
	if (is_replaced(pass))
		error = successor_judge(chain->open[pass->at],
		    chain->open[pass->at + 1], ret_successor);
	return is_shortage(error) ? error : 0;
}

/*
 * As has_rest(), unless the copy that is read next has the unfinished record,
 * too.
 */
static bool
take_rest(struct pass *pass, const struct successor *successor,
    struct source_item *item, int *ret_got)
{
	return !(successor->kind == SUCCESSOR_COPY && successor->whole) &&
	       has_rest(pass, item, ret_got);
}

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

	if (continues && generation_begin_at(
			     chain->open[pass->at + 1], successor->offset) != 0)
		return wait_for_more(pass);
	/* Else its unfinished record is here alone. */
	chain->open[pass->at]->continued =
	    successor->kind == SUCCESSOR_COPY && successor->whole;
	raise_stamp(pass, pass->at + 1);
	go_to_next(pass);
	if (!continues)
		return 0;
	chain->lead = pass->at;
	pass->mark = true;
	unblock(pass);
	return 0;
}

/* What was open is known anew: the pass goes on without it, or anew. */
static int
take_changes(struct pass *pass, int error)
{
	pass->looked = false;
	if (error == RESULT_PARTIAL)
		return ask_again(pass);
	if (error != 0) {
		pass->error = error == RESULT_UNSETTLED ? 0 : error;
		end_pass(pass);
		pass->wait_ms = WATCH_POLL_MS;
	} else if (pass->changes != pass->chain->changes) {
		pass->running = false;
		pass->more = true;
	}
	return error == -ENOMEM ? error : 0;
}

/* Whether what comes after open[at] is not open. */
static bool
is_next_due(const struct pass *pass)
{
	return pass->at + 1 == pass->chain->count && pass->chain->due_count > 0;
}

/*
 * What comes after open[at].  That may become the lead without a record: what
 * comes late to those before it has no position then, so that ids are of this
 * one from now on, and say so at once.
 */
static int
open_due(struct pass *pass)
{
	if (pass->chain->lead < pass->at)
		pass->mark = true;
	return take_changes(pass, chain_go_on(pass->chain));
}

/*
 * open[at] has been read as far as the leader has: the next one is at when the
 * leader has left it, too.  As for the leader, an unfinished record was all
 * that there would be then.  A size may be older than what the leader has read.
 */
static int
finish_led(struct pass *pass, struct source_item *item)
{
	struct generation *generation = pass->chain->open[pass->at];
	struct successor successor;
	int got;

	if (!leader_has_left(pass) ||
	    generation->evidence.offset < limit(pass) ||
	    (generation->copy && !is_left_alone(pass, generation)) ||
	    began_too_early(pass, generation)) {
		end_pass(pass);
		return 0;
	}
	if (is_next_due(pass))
		return open_due(pass);
	if (judge_next(pass, &successor) != 0)
		return wait_for_more(pass);
	if (generation->evidence.offset == limit(pass) &&
	    take_rest(pass, &successor, item, &got))
		return got;
	return go_on_in(pass, &successor);
}

/*
 * open[at] has been read to its end: 1 and its unfinished record if that is
 * all there will be, else 0, and either the next one is at, or the pass is
 * over.
 */
static int
finish_one(struct pass *pass, struct source_item *item)
{
	struct generation *generation = pass->chain->open[pass->at];
	const struct generation *newer;
	struct successor successor;
	bool alone;
	int got;

	if (pass->at < pass->chain->lead)
		return finish_behind(pass, item);
	if (pass->leader != NULL && limit(pass) != UINT64_MAX)
		return finish_led(pass, item);
	if (is_next_due(pass))
		return open_due(pass);
	if (pass->at + 1 == pass->chain->count && pass->chain->options.follow) {
		end_pass(pass);
		return 0;
	}
	if (pass->at + 1 == pass->chain->count)
		return finish_last(pass, item);
	alone = generation->at_end && is_left_alone(pass, generation);
	if (judge_next(pass, &successor) != 0)
		return wait_for_more(pass);
	if (alone && next_is_being_written(pass, &successor)) {
		end_pass(pass);
		return 0;
	}
	if (alone && take_rest(pass, &successor, item, &got))
		return got;
	newer = first_newer(pass);
	if (alone ? next_is_empty(pass, &successor)
		  : newer == NULL || !patience_is_over(pass, newer)) {
		end_pass(pass);
		return 0;
	}
	return go_on_in(pass, &successor);
}

/* A gap that a file owes is told when everything older has been delivered. */
static bool
owes(struct pass *pass)
{
	struct generation *generation = pass->chain->open[pass->at];

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
skips_line(struct pass *pass)
{
	struct generation *generation = pass->chain->open[pass->at];
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
	const struct generation *generation = pass->chain->open[pass->at];

	if (!weak || !generation_has_changed(generation) ||
	    pass->at < pass->chain->lead)
		return 0;
	pass->searched = true;
	return chain_was_copied(pass->chain, pass->at);
}

/* One read of open[at], proven: the bytes, 0, RESULT_CHANGED, -errno. */
static ssize_t
read_proven(struct pass *pass)
{
	struct generation *generation = pass->chain->open[pass->at];
	bool weak = !generation->copy && evidence_weak(&generation->evidence);
	uint64_t check = generation->check;
	ssize_t got = generation_read(generation, &pass->buffer, limit(pass));

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
 * open[at] is not what it was, or is no file any more: the pass goes on without
 * it, or anew.
 */
static int
handle_moved(struct pass *pass, bool gone)
{
	return take_changes(pass, gone ? chain_gone(pass->chain, pass->at)
				       : chain_moved(pass->chain, pass->at));
}

/* open[at] cannot be read: what it has is missing once a newer one is due. */
static int
finish_broken(struct pass *pass, struct source_item *item)
{
	const struct generation *newer = first_newer(pass);
	struct successor successor;

	if (pass->at < pass->chain->lead)
		return finish_behind(pass, item);
	if (is_next_due(pass))
		return open_due(pass);
	if (judge_next(pass, &successor) != 0)
		return wait_for_more(pass);
	if (successor.kind == SUCCESSOR_COPY && successor.whole)
		return go_on_in(pass, &successor);
	if (newer == NULL || !patience_is_over(pass, newer)) {
		end_pass(pass);
		return 0;
	}
	chain_add_gap(pass->chain, GAP_ROTATED);
	go_to_next(pass);
	pass->chain->lead = pass->at;
	return 0;
}

/* One read of open[at], or the end of it.  1 and an item, 0, -ENOMEM. */
static int
read_one(struct pass *pass, struct source_item *item)
{
	struct generation *generation = pass->chain->open[pass->at];
	ssize_t got;

	if (pass->looked && generation->at_end)
		return finish_one(pass, item);
	pass->more = !pass->may_read;
	if (!pass->may_read)
		return 0;
	pass->may_read = false;
	pass->looked = true;
	got = read_proven(pass);
	if (got > 0)
		return 0;
	if (got == RESULT_CHANGED || got == -ESTALE)
		return handle_moved(pass, got == -ESTALE);
	if (got == 0)
		return finish_one(pass, item);
	if (got == RESULT_PARTIAL)
		return ask_again(pass);
	pass->error = (int)got;
	return is_shortage(pass->error) ? wait_for_more(pass)
					: finish_broken(pass, item);
}

int
pass_step(struct pass *pass, struct source_item *item)
{
	int got;

	if (owes(pass) || skips_line(pass))
		return 0;
	got = generation_record(
	    pass->chain->open[pass->at], &pass->buffer, &item->record);
	if (got == 1)
		return deliver(pass, item);
	return got < 0 ? got : read_one(pass, item);
}
