/*
 * scan_finish.c - the end of a file, and which one comes next.
 */
#include "config.h"

#include "source/scan_finish.h"

#include <assert.h>

#include "base/shortage.h"
#include "source/log_set_due.h"
#include "source/log_set_resolve.h"
#include "source/leader.h"
#include "source/stamp.h"
#include "source/successor.h"

static bool
is_last(const struct scan *scan)
{
	return scan->at + 1 == scan->set->count;
}

/* The file at may have been written to lately: whether it is left alone. */
static bool
await_rest(struct scan *scan)
{
	return rotate_wait_await_rest(&scan->wait, scan->set, scan->at);
}

/* It is over for now: 0. */
static int
leave(struct scan *scan)
{
	scan_end(scan);
	return 0;
}

/*
 * The file at is behind, and has been read to its end.  It may have been left
 * while it grew, when a newer file could not wait any longer: what has no end
 * there has waited until it is left alone.
 */
static int
finish_behind(struct scan *scan, struct source_item *item)
{
	struct log_file *file = scan_file(scan);
	struct log_set *set = scan->set;
	uint64_t stamp_ms = set->stamp_ms;
	int got;

	assert(scan->at < set->lead);
	if (file->at_end && log_file_has_rest(file) && await_rest(scan) &&
	    scan_deliver_rest(scan, item, &got))
		return got;
	scan_go_to_next(scan);
	if (scan->at == set->lead) {
		stamp_raise(set, set->lead, scan->wait.began_ms);
		scan->mark = scan->mark || set->stamp_ms != stamp_ms;
	}
	return 0;
}

/* The newest one: what comes to it later is awaited, or nothing is followed. */
static int
finish_last(struct scan *scan, struct source_item *item)
{
	int got;

	if (scan->set->options.follow)
		return leave(scan);
	if (scan_file(scan)->at_end && scan_deliver_rest(scan, item, &got))
		return got;
	scan_end(scan);
	*item = source_item_end();
	return 1;
}

/* ------------------------------------------------- a copy in its place -- */

/* Whether the next file has taken the place of the one at, and is unread. */
static bool
is_replaced(const struct scan *scan)
{
	const struct log_set *set = scan->set;
	const struct log_file *old = scan_file(scan);

	return !is_last(scan) && !old->named && !old->copy &&
	       old->fingerprint.offset > 0 &&
	       set->open[scan->at + 1]->fingerprint.offset == 0;
}

/*
 * What the next file is to the one at, which has been read to its end.  What
 * cannot be compared is another log.  0, or an error that will pass.
 */
static int
judge_next(const struct scan *scan, struct successor *ret_successor)
{
	int error = 0;

	*ret_successor = (struct successor){.kind = SUCCESSOR_OTHER};
	if (is_replaced(scan))
		error = successor_judge(scan_file(scan),
		    scan->set->open[scan->at + 1], ret_successor);
	return error_passes(error) ? error : 0;
}

/* Whether it has all that was read of the file at. */
static bool
is_whole_copy(const struct successor *successor)
{
	return successor->kind == SUCCESSOR_COPY && successor->whole;
}

/* Whether the next file may still get more of what the one at has. */
static bool
next_may_grow(const struct scan *scan, const struct successor *successor)
{
	return successor->kind == SUCCESSOR_UNSETTLED &&
	       scan->set->options.follow && scan->set->due_count == 0 &&
	       scan->at + 2 == scan->set->count;
}

/* Whether it is not a copy in the making, which has just been written to. */
static bool
await_copy(struct scan *scan, const struct successor *successor)
{
	return !next_may_grow(scan, successor) ||
	       rotate_wait_await_copy(
		   &scan->wait, scan->set, scan->set->open[scan->at + 1]);
}

/* Whether it has nothing yet. */
static bool
next_is_empty(const struct scan *scan, const struct successor *successor)
{
	return next_may_grow(scan, successor) &&
	       scan->set->open[scan->at + 1]->stat.size == 0;
}

/*
 * As scan_deliver_rest(), unless the copy that is read next has the unfinished
 * record, too.
 */
static bool
deliver_rest(struct scan *scan, const struct successor *successor,
    struct source_item *item, int *ret_got)
{
	return !is_whole_copy(successor) &&
	       scan_deliver_rest(scan, item, ret_got);
}

/* ------------------------------------------------------- the next one -- */

/*
 * Goes on to the next file; in a copy, behind what both have.  Nobody finds
 * the old one any more: from now on ids are of the copy, and say so at once.
 */
static int
go_on_in(struct scan *scan, const struct successor *successor)
{
	struct log_set *set = scan->set;
	bool continues =
	    successor->kind != SUCCESSOR_OTHER && successor->proven;

	assert(!is_last(scan));
	if (continues &&
	    log_file_begin_at(set->open[scan->at + 1], successor->offset) != 0)
		return scan_wait_for_more(scan);
	/* Else its unfinished record is here alone. */
	scan_file(scan)->continued = is_whole_copy(successor);
	stamp_raise(set, scan->at + 1, scan->wait.began_ms);
	scan_go_to_next(scan);
	if (continues)
		scan_lead_here(scan);
	return 0;
}

/* Whether what comes after the file at is not open. */
static bool
is_next_due(const struct scan *scan)
{
	return is_last(scan) && scan->set->due_count > 0;
}

/*
 * What comes after the file at.  That may become the lead without a record:
 * what comes late to those before it has no position then, so that ids are of
 * this one from now on, and say so at once.
 */
static int
search_due(struct scan *scan)
{
	if (scan->set->lead < scan->at)
		scan->mark = true;
	return scan_take_changes(scan, log_set_go_on(scan->set));
}

/* The same after a file that was read to its end. */
static int
open_due(struct scan *scan)
{
	bool mark = scan->set->lead < scan->at;

	if (!log_set_open_due(scan->set))
		return search_due(scan);
	scan->mark = scan->mark || mark;
	return scan_take_changes(scan, 0);
}

/* The first newer file with content; its size is from a look at it now. */
static const struct log_file *
look_at_newer(const struct scan *scan)
{
	for (size_t i = scan->at + 1; i < scan->set->count; i++) {
		struct log_file *newer = scan->set->open[i];

		if (sse_fd_stat(newer->fd, &newer->stat) == 0 &&
		    newer->stat.size > 0)
			return newer;
	}
	return NULL;
}

/* Whether that one has waited long enough. */
static bool
await_turn(struct scan *scan, const struct log_file *newer)
{
	return rotate_wait_await_turn(&scan->wait, scan->set, scan->at, newer);
}

/*
 * The file at has been read as far as the leader has: the next one is at when
 * the leader has left it, too.  As for the leader, an unfinished record was all
 * that there would be then.  A size may be older than what the leader has read.
 */
static int
finish_led(struct scan *scan, uint64_t limit, struct source_item *item)
{
	struct log_file *file = scan_file(scan);
	struct successor successor;
	int got;

	if (!leader_has_left(scan->leader, scan->set, scan->at) ||
	    file->fingerprint.offset < limit ||
	    (file->copy && !await_rest(scan)) ||
	    !rotate_wait_await_scan(&scan->wait, scan->set, scan->at))
		return leave(scan);
	if (is_next_due(scan))
		return open_due(scan);
	if (judge_next(scan, &successor) != 0)
		return scan_wait_for_more(scan);
	if (file->fingerprint.offset == limit &&
	    deliver_rest(scan, &successor, item, &got))
		return got;
	return go_on_in(scan, &successor);
}

/* The next one is open. */
static int
finish_before_next(struct scan *scan, struct source_item *item)
{
	bool alone = scan_file(scan)->at_end && await_rest(scan);
	const struct log_file *newer;
	struct successor successor;
	int got;

	if (judge_next(scan, &successor) != 0)
		return scan_wait_for_more(scan);
	if (alone && !await_copy(scan, &successor))
		return leave(scan);
	if (alone && deliver_rest(scan, &successor, item, &got))
		return got;
	newer = look_at_newer(scan);
	if (alone ? next_is_empty(scan, &successor) : !await_turn(scan, newer))
		return leave(scan);
	return go_on_in(scan, &successor);
}

int
scan_finish(struct scan *scan, uint64_t limit, struct source_item *item)
{
	if (scan->at < scan->set->lead)
		return finish_behind(scan, item);
	if (limit != UINT64_MAX)
		return finish_led(scan, limit, item);
	if (is_next_due(scan))
		return open_due(scan);
	return is_last(scan) ? finish_last(scan, item)
			     : finish_before_next(scan, item);
}

int
scan_finish_broken(struct scan *scan, struct source_item *item)
{
	const struct log_file *newer = look_at_newer(scan);
	struct successor successor;

	if (scan->at < scan->set->lead)
		return finish_behind(scan, item);
	if (is_next_due(scan))
		return search_due(scan);
	if (judge_next(scan, &successor) != 0)
		return scan_wait_for_more(scan);
	if (is_whole_copy(&successor))
		return go_on_in(scan, &successor);
	if (!await_turn(scan, newer))
		return leave(scan);
	log_set_add_gap(scan->set, GAP_ROTATED);
	scan_go_to_next(scan);
	scan->set->lead = scan->at;
	return 0;
}
