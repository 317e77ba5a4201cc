/*
 * scan_step.c - the steps of a scan.
 *
 * The files of the set are read in their order, each to its end.  Lines that
 * come late to a file behind the lead have no position.
 */
#include "config.h"

#include "source/scan_step.h"

#include <assert.h>
#include <errno.h>

#include "base/shortage.h"
#include "source/log_set_resolve.h"
#include "source/log_file_frames.h"
#include "source/log_file_read.h"
#include "source/leader.h"
#include "source/scan_finish.h"

/* A gap that a file owes is told when everything older has been delivered. */
static bool
take_owed_gap(struct scan *scan)
{
	struct log_file *file = scan_file(scan);

	if (file->gap == GAP_NONE)
		return false;
	log_set_add_gap(scan->set, file->gap);
	file->gap = GAP_NONE;
	scan->set->lead = scan->at;
	return true;
}

/*
 * A line in which the file was begun is over: whether it has just been passed
 * over.  Its rest is a gap, if its beginning was sent.
 */
static bool
skip_line(struct scan *scan)
{
	struct log_file *file = scan_file(scan);
	uint64_t offset = file->offset;

	if (!file->splitter.discarding || !log_file_skip(file, &scan->buffer))
		return false;
	if (file->owes_rest)
		gap_queue_add(
		    &scan->set->gaps, GAP_LATE, file->offset - offset);
	else if (scan->at == scan->set->lead)
		scan->mark = true;
	file->owes_rest = false;
	return true;
}

/*
 * Weak fingerprint (offset 0, lines all alike) cannot show that the file was
 * truncated and filled again; a copy of it that was born meanwhile can.  It was
 * not, where nothing has happened to it.
 */
static int
was_copied(struct scan *scan, bool weak)
{
	const struct log_file *file = scan_file(scan);

	if (!weak || !log_file_has_changed(file) ||
	    scan->at < scan->set->lead || log_file_rests(file))
		return 0;
	scan->searched = true;
	return log_set_was_copied(scan->set, scan->at);
}

/*
 * One read of the file at, proven, up to a limit: the bytes, 0, RESULT_CHANGED,
 * -errno.
 */
static ssize_t
read_proven(struct scan *scan, uint64_t limit)
{
	struct log_file *file = scan_file(scan);
	bool weak = !file->copy && fingerprint_weak(&file->fingerprint);
	uint64_t check = file->check;
	ssize_t got = log_file_read(file, &scan->buffer, limit);
	int copied;

	/* What an id says of the same place is another. */
	scan->mark = scan->mark || file->check != check;
	if (got < 0)
		return got;
	copied = was_copied(scan, weak);
	if (copied != 0)
		return copied > 0 ? RESULT_CHANGED : copied;
	log_file_take(file, &scan->buffer);
	return got;
}

/*
 * The file at is not what it was, or is not a file any more: the scan goes on
 * without it, or anew.
 */
static int
handle_moved(struct scan *scan, bool gone)
{
	return scan_take_changes(
	    scan, gone ? log_set_gone(scan->set, scan->at)
		       : log_set_moved(scan->set, scan->at));
}

/* What a read of the file at has said, up to the limit: as read_one(). */
static int
handle_read(
    struct scan *scan, ssize_t got, uint64_t limit, struct source_item *item)
{
	if (got > 0)
		return 0;
	if (got == RESULT_CHANGED || got == -ESTALE)
		return handle_moved(scan, got == -ESTALE);
	if (got == 0)
		return scan_finish(scan, limit, item);
	if (got == RESULT_PARTIAL)
		return scan_ask_again(scan);
	/* What is not at rest just now can be read. */
	scan->error = got == RESULT_UNSETTLED ? 0 : (int)got;
	return error_passes((int)got) ? scan_wait_for_more(scan)
				      : scan_finish_broken(scan, item);
}

/* One read of the file at, or the end of it.  1 and an item, 0, -ENOMEM. */
static int
read_one(struct scan *scan, struct source_item *item)
{
	uint64_t limit = leader_limit(scan->leader, scan->set, scan->at);

	if (scan->looked && scan_file(scan)->at_end)
		return scan_finish(scan, limit, item);
	scan->more = !scan->may_read;
	if (!scan->may_read)
		return 0;
	scan->may_read = false;
	scan->looked = true;
	return handle_read(scan, read_proven(scan, limit), limit, item);
}

int
scan_step(struct scan *scan, struct source_item *ret_item)
{
	int got;

	assert(scan->running);
	if (take_owed_gap(scan) || skip_line(scan))
		return 0;
	got =
	    log_file_record(scan_file(scan), &scan->buffer, &ret_item->record);
	if (got == 1)
		return scan_deliver(scan, ret_item);
	return got < 0 ? got : read_one(scan, ret_item);
}

/* The file whose lines are next, or NULL: a step has something to tell first.
 */
static struct log_file *
file_of_lines(const struct scan *scan)
{
	struct log_file *file;

	if (!scan->running || scan->mark || log_set_has_gaps(scan->set) ||
	    scan->at < scan->set->lead)
		return NULL;
	file = scan_file(scan);
	return file->gap == GAP_NONE ? file : NULL;
}

void
scan_frames(struct scan *scan, struct sse_position_text *id,
    struct plain_frames *frames)
{
	struct log_file *file = file_of_lines(scan);

	if (file != NULL &&
	    log_file_frames(file, scan->set->stamp_ms, id, frames))
		scan_take_lead(scan);
}

bool
scan_leave_out(struct scan *scan, const struct plain_judge *judge)
{
	struct log_file *file = file_of_lines(scan);

	if (file == NULL || !log_file_leave_out(file, judge))
		return false;
	scan_take_lead(scan);
	return true;
}
