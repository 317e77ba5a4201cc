/*
 * scan.c - one way through the open files of a log.
 *
 * What is claimed in an id is only what a whole scan has shown: the stamp stays
 * below the time at which the scan began.
 */
#include "config.h"

#include "source/scan.h"

#include <assert.h>
#include <errno.h>

#include "source/catch_up.h"
#include "source/log_set_look.h"

void
scan_init(struct scan *scan, struct log_set *set)
{
	scan->set = set;
	scan->wait.look_ms = -1;
}

/* The lead is done with, or the set is another. */
static void
unblock(struct scan *scan)
{
	rotate_wait_unblock(&scan->wait);
	scan->changes = scan->set->changes;
}

void
scan_begin(struct scan *scan)
{
	struct log_set *set = scan->set;
	int error;

	assert(!scan->running);
	watch_drain(set->watch);
	rotate_wait_begin(&scan->wait, set->options.clock);
	error = log_set_look(set);
	if (error == RESULT_PARTIAL) {
		scan->more = true;
		return;
	}
	scan->error = error == RESULT_UNSETTLED ? 0 : error;
	scan->mark = scan->mark || set->appeared;
	set->appeared = false;
	if (scan->changes != set->changes)
		unblock(scan);
	scan->at = 0;
	scan->looked = false;
	scan->running = !log_set_is_nothing(set);
}

void
scan_stop(struct scan *scan)
{
	scan->running = false;
}

int64_t
scan_look_ms(const struct scan *scan)
{
	int64_t look_ms = log_set_look_ms(scan->set);

	if (log_set_has_gaps(scan->set))
		return 0;
	/* What cannot be read may be able to be soon. */
	if (scan->error != 0)
		look_ms = WATCH_POLL_MS;
	return scan->wait.look_ms >= 0 && scan->wait.look_ms < look_ms
		   ? scan->wait.look_ms
		   : look_ms;
}

void
scan_follow(struct scan *scan, const struct log_set *leader)
{
	scan->leader = leader;
}

bool
scan_meets(struct scan *scan)
{
	return scan->leader != NULL && !scan->running && !scan->mark &&
	       catch_up_try(scan->set, scan->leader);
}

void
scan_end(struct scan *scan)
{
	assert(scan->running);
	log_set_close_old(scan->set);
	rotate_wait_for_stamp(&scan->wait, scan->set);
	scan->running = false;
	if (scan->searched && scan->set->options.follow)
		scan->wait.look_ms = 0;
	scan->searched = false;
}

int
scan_wait_for_more(struct scan *scan)
{
	scan_end(scan);
	scan->wait.look_ms = WATCH_POLL_MS;
	return 0;
}

int
scan_ask_again(struct scan *scan)
{
	scan_end(scan);
	scan->wait.look_ms = 0;
	scan->more = true;
	return 0;
}

struct log_file *
scan_file(const struct scan *scan)
{
	assert(scan->running);
	assert(scan->at < scan->set->count);
	return scan->set->open[scan->at];
}

void
scan_take_lead(struct scan *scan)
{
	assert(scan->at >= scan->set->lead);
	scan->set->lead = scan->at;
	unblock(scan);
}

int
scan_deliver(struct scan *scan, struct source_item *item)
{
	item->kind = SOURCE_RECORD;
	item->has_position = scan->at >= scan->set->lead && !item->record.late;
	if (!item->has_position)
		return 1;
	scan_take_lead(scan);
	log_set_position(scan->set, &item->position);
	return 1;
}

bool
scan_deliver_rest(struct scan *scan, struct source_item *item, int *ret_got)
{
	struct log_file *file = scan_file(scan);
	uint64_t offset = file->offset;

	if (log_file_rest(file, &item->record) == 1) {
		*ret_got = scan_deliver(scan, item);
		return true;
	}
	if (!log_file_skip_rest(file))
		return false;
	assert(file->offset > offset);
	gap_queue_add(&scan->set->gaps, GAP_LATE, file->offset - offset);
	*ret_got = 0;
	return true;
}

void
scan_go_to_next(struct scan *scan)
{
	scan->at++;
	scan->looked = false;
	assert(scan->at < scan->set->count);
}

void
scan_lead_here(struct scan *scan)
{
	scan->set->lead = scan->at;
	scan->mark = true;
	unblock(scan);
}

int
scan_take_changes(struct scan *scan, int error)
{
	scan->looked = false;
	if (error == RESULT_PARTIAL)
		return scan_ask_again(scan);
	if (error != 0) {
		scan->error = error == RESULT_UNSETTLED ? 0 : error;
		scan_end(scan);
		scan->wait.look_ms = WATCH_POLL_MS;
	} else if (scan->changes != scan->set->changes) {
		scan->running = false;
		scan->more = true;
	}
	return error == -ENOMEM ? error : 0;
}

bool
scan_take_mark(struct scan *scan)
{
	bool mark = scan->mark;

	scan->mark = false;
	return mark;
}
