/*
 * journal_start.c - where a reader of a journal begins.
 *
 * A position is looked for without the matches: the entry that a client had may
 * not be one that is matched now.
 */
#include "source/journal_start.h"

#include <errno.h>

#include "base/result.h"
#include "source/journal_find.h"

#define US_PER_MS 1000

static bool
read_position(const struct source_start *start, struct sse_position *position)
{
	if (start->id.size == 0) {
		*position = sse_position_unpack(start->position);
		return true;
	}
	/* A volatile one is of a FIFO. */
	return !start->is_record_id &&
	       sse_position_parse(start->id, position) == 0 &&
	       position->epoch == 0;
}

struct journal_wish
journal_wish_of(const struct source_start *start, struct gap_queue *gaps)
{
	struct journal_wish wish = {.records = start->records};

	gap_queue_add(gaps, start->gap, SOURCE_SKIPPED_UNKNOWN);
	if (start->id.size > 0 ||
	    (!start->has_time && start->position != NULL)) {
		if (read_position(start, &wish.position))
			wish.kind = JOURNAL_BY_POSITION;
		else
			gap_queue_add(
			    gaps, GAP_UNKNOWN, SOURCE_SKIPPED_UNKNOWN);
	} else if (start->has_time) {
		wish.kind = JOURNAL_BY_TIME;
		wish.time_us = start->time_ms > 0
				   ? (uint64_t)start->time_ms * US_PER_MS
				   : 0;
	}
	return wish;
}

void
journal_start_wait(struct journal_start *start)
{
	if (start->wish.kind == JOURNAL_BY_POSITION)
		return;
	start->wish = (struct journal_wish){
	    .kind = JOURNAL_BY_RECORDS, .records = SOURCE_RECORDS_ALL};
	start->replay_size = UINT64_MAX;
}

/* Behind that place, and all of it. */
static void
want_behind(struct journal_start *start, const struct journal_cursor *floor)
{
	start->walk.has_floor = true;
	start->walk.floor = *floor;
	start->walk.records = SOURCE_RECORDS_ALL;
}

/* 1; 0: it has become empty; -errno. */
static int
look_for_position(struct journal_start *start, struct journal_log *log)
{
	struct journal_found found;
	int got = journal_find(log, &start->tail, &start->wish.position,
	    start->is_counted, &found);

	if (got != 1)
		return got;
	gap_queue_add(start->gaps, found.reason, found.skipped);
	want_behind(start, &found.floor);
	return 1;
}

static int
look_for_time(struct journal_start *start, struct journal_log *log)
{
	struct journal_cursor floor = start->tail;
	int got = journal_find_time(log, start->wish.time_us, &floor);

	want_behind(start, &floor);
	return got < 0 ? got : 1;
}

/* What is wanted, in terms of the walk: 1; 0: there is nothing; -errno. */
static int
look(struct journal_start *start, struct journal_log *log)
{
	int got = journal_log_match(log, false);

	if (got == 0)
		got = journal_log_tail(log, &start->tail);
	if (got != 1)
		return got;
	start->walk = (struct journal_walk){.records = start->wish.records,
	    .size = start->replay_size,
	    .floor = start->tail};
	switch (start->wish.kind) {
	case JOURNAL_BY_POSITION:
		return look_for_position(start, log);
	case JOURNAL_BY_TIME:
		return look_for_time(start, log);
	case JOURNAL_BY_RECORDS:
		break;
	}
	if (start->wish.records == 0)
		want_behind(start, &start->tail);
	return 1;
}

/*
 * Behind which all was wanted; of no sequence where nobody knows.  What has no
 * numbers could not be found again, and so the log stays there.
 */
static struct journal_cursor
wanted_behind(const struct journal_start *start, struct journal_log *log,
    const struct journal_begin *begin)
{
	struct journal_cursor first = {.is_known = false};

	if (start->walk.has_floor)
		return start->walk.floor;
	if (journal_cursor_is_known(&begin->last) &&
	    journal_log_head(log, &first) == 1)
		first = journal_cursor_before(&first);
	return first;
}

/* All was wanted, and is too much. */
static void
tell_limit(struct journal_start *start, struct journal_log *log,
    const struct journal_begin *begin)
{
	uint64_t skipped = SOURCE_SKIPPED_UNKNOWN;
	struct journal_cursor floor;

	if (!begin->is_limited || start->walk.records != SOURCE_RECORDS_ALL)
		return;
	floor = wanted_behind(start, log, begin);
	if (start->is_counted &&
	    journal_cursor_same_numbers(&begin->last, &floor))
		skipped = begin->last.number - floor.number;
	gap_queue_add(start->gaps, GAP_LIMIT, skipped);
}

int
journal_start_step(struct journal_start *start, struct journal_log *log,
    struct journal_record *record, const struct sse_clock *clock,
    struct journal_begin *ret_begin)
{
	int got = 1, error = 0;

	if (!start->is_walking) {
		got = look(start, log);
		if (got == 1)
			error = journal_log_match(log, true);
		if (error < 0)
			return error;
		start->is_walking = got == 1;
	}
	if (got != 1)
		return got == 0 ? RESULT_NONE : got;
	got = journal_walk_step(&start->walk, log, record, clock, ret_begin);
	if (got != RESULT_PARTIAL && got != -ENOMEM)
		start->is_walking = false;
	if (got == 0)
		tell_limit(start, log, ret_begin);
	return got;
}
