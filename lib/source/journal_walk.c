/*
 * journal_walk.c - the newest records of a journal.
 *
 * An entry's size is known when it was read: so all that is given later is read
 * once more, but for a log whose files are no larger than what may be given.
 */
#include "source/journal_walk.h"

#include <errno.h>

#include "base/budget.h"
#include "source/item.h"

#define TURN_MS 2

/* All that is behind the floor. */
static int
begin_at_floor(const struct journal_walk *walk, struct journal_log *log,
    struct journal_begin *begin)
{
	struct journal_cursor first;
	int got;

	/* Without numbers it cannot be looked for: nothing old is given. */
	if (!journal_cursor_is_known(&walk->floor))
		return journal_log_tail(log, &begin->last) < 0 ? -EIO : 0;
	got = journal_log_go_behind(log, &walk->floor, &first);
	begin->last = walk->floor;
	begin->is_end = got == 0;
	return got < 0 ? got : 0;
}

/* All that there is. */
static int
begin_at_head(const struct journal_walk *walk, struct journal_log *log,
    struct journal_begin *begin)
{
	struct journal_cursor head;
	int got = journal_log_head(log, &head);

	begin->last = got == 1 ? journal_cursor_before(&head) : walk->floor;
	begin->is_end = got == 0;
	return got < 0 ? got : journal_log_seek_head(log);
}

static bool
is_all(const struct journal_walk *walk, struct journal_log *log)
{
	return walk->records == SOURCE_RECORDS_ALL && walk->size > 0 &&
	       journal_log_fits(log, walk->size);
}

/* Whether the entry and those behind it are more than what is wanted. */
static int
is_too_much(struct journal_walk *walk, struct journal_log *log,
    struct journal_record *reader, const struct journal_cursor *entry)
{
	struct record record;
	int error;

	if (walk->passed == walk->records)
		return 1;
	error = journal_record_read(reader, log, entry, &record);
	if (error == -ENOMEM)
		return error;
	walk->passed++;
	/* Of each one something is sent. */
	walk->passed_size += error == 0 ? record.text.size + 1 : 1;
	return walk->passed_size > walk->size;
}

/* The entry before: 1; 0: it is the end; -errno.  Once, until it is taken. */
static int
look_back(struct journal_walk *walk, struct journal_log *log)
{
	int got;

	if (walk->has_entry)
		return 1;
	got = journal_log_previous(log, &walk->entry);
	walk->has_entry = got == 1;
	return got;
}

/* One entry more: 1; 0: the reading begins, and where; -errno. */
static int
step_back(struct journal_walk *walk, struct journal_log *log,
    struct journal_record *reader, struct journal_begin *begin)
{
	int got = look_back(walk, log);

	if (got < 0)
		return got;
	if (got == 0)
		return walk->has_floor ? begin_at_floor(walk, log, begin)
				       : begin_at_head(walk, log, begin);
	if (walk->has_floor &&
	    !journal_cursor_is_after(&walk->entry, &walk->floor))
		return begin_at_floor(walk, log, begin);
	got = is_too_much(walk, log, reader, &walk->entry);
	if (got < 0)
		return got;
	walk->has_entry = false;
	if (got == 0)
		return 1;
	begin->last = walk->entry;
	begin->is_limited = walk->passed_size > walk->size;
	return 0;
}

int
journal_walk_step(struct journal_walk *walk, struct journal_log *log,
    struct journal_record *record, const struct sse_clock *clock,
    struct journal_begin *ret_begin)
{
	struct budget budget = budget_begin(clock, TURN_MS);
	struct journal_begin begin = {.is_end = false};
	int got = 1;

	if (!walk->is_begun && is_all(walk, log))
		got = walk->has_floor ? begin_at_floor(walk, log, &begin)
				      : begin_at_head(walk, log, &begin);
	else if (!walk->is_begun)
		got = journal_log_seek_tail(log) < 0 ? -EIO : 1;
	walk->is_begun = true;
	while (got == 1) {
		got = step_back(walk, log, record, &begin);
		if (got == 1 && budget_is_over(&budget))
			return RESULT_PARTIAL;
	}
	if (got == 0)
		*ret_begin = begin;
	return got;
}
