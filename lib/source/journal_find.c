/*
 * journal_find.c - a position, proven by the entry that is there.
 *
 * The numbers of one sequence have no holes: so what is missing behind an entry
 * that is gone is known exactly by the first one that is still there.  Time and
 * hash of an entry stay the same when a journal is copied to another machine,
 * and its sequence does not: there they are looked for.
 *
 * Before systemd 254 the files of each user have a sequence of their own, whose
 * numbers journald takes from the one counter that it has for all files.
 */
#include "source/journal_find.h"

/* Entries of the same microsecond that are looked at. */
#define SAME_TIME_MAX 1000

/* Entries from the end, one of which is to be of a position's sequence. */
#define ANCHOR_MAX 200

struct journal_found
journal_judge(const struct sse_position *position,
    const struct journal_cursor *first, bool is_counted)
{
	struct journal_found found = {
	    .floor = *first, .skipped = SOURCE_SKIPPED_UNKNOWN};

	if (first->number == position->offset &&
	    journal_cursor_proves(first, position))
		return found;
	if (first->number <= position->offset) {
		found.reason = GAP_TRUNCATED;
		return found;
	}
	found.floor = journal_cursor_before(first);
	if (first->number - position->offset == 1)
		return found;
	found.reason = GAP_ROTATED;
	if (is_counted)
		found.skipped = first->number - position->offset - 1;
	return found;
}

int
journal_find_time(
    struct journal_log *log, uint64_t time_us, struct journal_cursor *ret_floor)
{
	struct journal_cursor first;
	int got = journal_log_seek_time(log, time_us);

	if (got >= 0)
		got = journal_log_next(log, &first);
	if (got == 1)
		*ret_floor = journal_cursor_before(&first);
	return got;
}

/* Whatever is later than the position was not seen: as journal_find(). */
static int
go_on_later(struct journal_log *log, const struct journal_cursor *tail,
    const struct sse_position *position, struct journal_found *found)
{
	int got = journal_find_time(log, position->stamp_ms + 1, &found->floor);

	found->reason = GAP_TRUNCATED;
	found->skipped = SOURCE_SKIPPED_UNKNOWN;
	if (got == 0)
		found->floor = *tail;
	return got < 0 ? got : 1;
}

/* The journal was empty: what it has had since then was not seen. */
static int
find_beginning(struct journal_log *log, struct journal_found *found)
{
	struct journal_cursor head;
	int got = journal_log_head(log, &head);

	if (got != 1)
		return got;
	*found = (struct journal_found){
	    .floor = journal_cursor_before(&head),
	    .reason = head.number > 1 ? GAP_ROTATED : GAP_NONE,
	    .skipped = SOURCE_SKIPPED_UNKNOWN,
	};
	return 1;
}

/* Among all entries of its time: 1: proven; 0: not; -errno. */
static int
find_by_time(struct journal_log *log, const struct sse_position *position,
    struct journal_found *found)
{
	struct journal_cursor entry;
	int got = journal_log_seek_time(log, position->stamp_ms);

	if (got >= 0)
		got = journal_log_next(log, &entry);
	for (int i = 0; got == 1 && i < SAME_TIME_MAX; i++) {
		if (entry.time_us != position->stamp_ms)
			return 0;
		found->floor = position->check == 0
				   ? journal_cursor_before(&entry)
				   : entry;
		if (position->check == 0 ||
		    journal_cursor_proves(&entry, position))
			return 1;
		got = journal_log_next(log, &entry);
	}
	return got < 0 ? got : 0;
}

/* A later entry of the position's sequence: 1; 0: there is none; -errno. */
static int
find_anchor(struct journal_log *log, const struct journal_cursor *tail,
    const struct sse_position *position, struct journal_cursor *ret_anchor)
{
	struct journal_cursor anchor = *tail;
	int got = journal_log_tail(log, &anchor);

	for (int i = 0; got == 1 && i < ANCHOR_MAX; i++) {
		if (anchor.number <= position->offset)
			return 0;
		*ret_anchor = anchor;
		if (journal_cursor_has_file(&anchor, position))
			return 1;
		got = journal_log_previous(log, &anchor);
	}
	return got < 0 ? got : 0;
}

/* Of the first that is not before the position: 1; 0: there is none; -errno. */
static int
find_first(struct journal_log *log, const struct journal_cursor *anchor,
    const struct sse_position *position, struct journal_cursor *ret_first)
{
	struct journal_cursor wanted = *anchor;

	wanted.number = position->offset;
	wanted.time_us = position->stamp_ms;
	return journal_log_find(log, &wanted, ret_first);
}

/* By its number: 1: judged; 0: no entry of its sequence is there; -errno. */
static int
find_by_number(struct journal_log *log, const struct journal_cursor *tail,
    const struct sse_position *position, bool is_counted,
    struct journal_found *found)
{
	struct journal_cursor first;
	int got = find_first(log, tail, position, &first);

	if (got != 1 || !journal_cursor_same_sequence(&first, tail))
		return got < 0 ? got : 0;
	*found = journal_judge(position, &first, is_counted);
	return 1;
}

/*
 * It is gone, and its sequence goes on behind others: their numbers are of the
 * same counter if they are between.  As find_by_number().
 */
static int
find_among_others(struct journal_log *log, const struct journal_cursor *tail,
    const struct sse_position *position, bool is_counted,
    struct journal_found *found)
{
	struct journal_cursor anchor, first;
	int got = find_anchor(log, tail, position, &anchor);

	if (got == 1)
		got = find_first(log, &anchor, position, &first);
	if (got != 1 || first.number <= position->offset ||
	    first.number > anchor.number)
		return got < 0 ? got : 0;
	*found = journal_judge(position, &first, is_counted);
	return 1;
}

int
journal_find(struct journal_log *log, const struct journal_cursor *tail,
    const struct sse_position *position, bool is_counted,
    struct journal_found *ret_found)
{
	struct journal_found found = {.reason = GAP_NONE};
	int got = 0;

	if (position->offset == 0 && position->file == 0)
		return find_beginning(log, ret_found);
	if (journal_cursor_has_file(tail, position))
		got = find_by_number(log, tail, position, is_counted, &found);
	if (got == 0)
		got = find_by_time(log, position, &found);
	if (got == 0)
		got =
		    find_among_others(log, tail, position, is_counted, &found);
	if (got == 0 || (got == 1 && found.reason == GAP_TRUNCATED))
		got = go_on_later(log, tail, position, &found);
	if (got == 1)
		*ret_found = found;
	return got;
}
