/*
 * journal_reader.c - the way through a journal.
 *
 * A file that is new may have an entry that is older than one that was found:
 * so when one was found, the notices of files are taken, and if there are any,
 * it is looked for once more.  They came before what is in the files.
 */
#include "source/journal_reader.h"

#include <assert.h>
#include <errno.h>

#include "base/result.h"

/* Looks for an entry while files come and go. */
#define LOOKS_MAX 8

/* Entries: then notices are taken, or files that are deleted stay open. */
#define PROCESS_PART 1000

void
journal_reader_begin(
    struct journal_reader *reader, const struct journal_begin *begin)
{
	reader->is_begun = true;
	reader->last = begin->last;
	reader->is_unproven = false;
	journal_reader_displace(reader);
}

void
journal_reader_process(struct journal_reader *reader)
{
	assert(!reader->has_first);
	reader->unprocessed = 0;
	if (journal_log_process(&reader->log))
		reader->is_unproven = true;
}

/* Without numbers it cannot be looked for, and stays where it is. */
void
journal_reader_displace(struct journal_reader *reader)
{
	reader->has_first = false;
	reader->is_placed = !journal_cursor_is_known(&reader->last);
}

/*
 * Whether the numbers between the last entry and the first are of entries that
 * were there: of one sequence, or of several that share a counter.
 */
static bool
are_counted_together(const struct journal_reader *reader)
{
	return journal_cursor_same_numbers(&reader->last, &reader->first) ||
	       (reader->is_shared && !journal_cursor_same_sequence(
					 &reader->last, &reader->first));
}

/*
 * One counter is shared where an entry of one sequence goes on where that of
 * another was, and is not any more where one does not.
 */
static void
note_counter(struct journal_reader *reader)
{
	const struct journal_cursor *first = &reader->first;
	const struct journal_cursor *last = &reader->last;

	if (journal_cursor_same_sequence(first, last))
		return;
	if (first->number <= last->number ||
	    !journal_cursor_has_sequence(first) ||
	    !journal_cursor_has_sequence(last))
		reader->is_shared = false;
	else if (first->number == last->number + 1)
		reader->is_shared = true;
}

bool
journal_reader_counts(struct journal_reader *reader)
{
	note_counter(reader);
	return are_counted_together(reader);
}

/* Whether nothing can be between the last entry and the first. */
static bool
is_next(const struct journal_reader *reader)
{
	return journal_cursor_is_known(&reader->last) &&
	       (reader->is_shared || journal_cursor_same_sequence(
					 &reader->first, &reader->last)) &&
	       reader->first.number == reader->last.number + 1;
}

/* With the matches, which were put aside: as journal_log_next(). */
static int
find_behind_last(struct journal_reader *reader)
{
	int error = journal_log_match(&reader->log, true);

	return error < 0 ? error
			 : journal_log_go_behind(
			       &reader->log, &reader->last, &reader->first);
}

/* With the notices that come before an entry: as journal_log_next(). */
static int
find_first(struct journal_reader *reader)
{
	struct journal_log *log = &reader->log;
	int got = reader->is_placed ? journal_log_next(log, &reader->first)
				    : find_behind_last(reader);

	for (int i = 0; got == 1 && !is_next(reader) && i < LOOKS_MAX &&
			journal_log_process(log);
	     i++) {
		reader->is_unproven = true;
		got = find_behind_last(reader);
	}
	reader->is_placed = got >= 0 || !journal_cursor_is_known(&reader->last);
	return got;
}

int
journal_reader_look(struct journal_reader *reader, bool has_notice)
{
	int got;

	if (reader->has_first)
		return 1;
	if ((reader->is_idle && has_notice) ||
	    ++reader->unprocessed >= PROCESS_PART)
		journal_reader_process(reader);
	got = find_first(reader);
	/* What is new may be in a file that is. */
	if (got == 0 && !reader->is_idle) {
		journal_reader_process(reader);
		got = find_first(reader);
	}
	reader->has_first = got == 1;
	reader->is_idle = got == 0;
	return got;
}

uint64_t
journal_reader_take_hole(struct journal_reader *reader)
{
	const struct journal_cursor *first = &reader->first;
	const struct journal_cursor *last = &reader->last;
	uint64_t missing;

	assert(reader->has_first);
	if (!journal_cursor_is_known(last) || !journal_reader_counts(reader) ||
	    first->number <= last->number + 1)
		return 0;
	missing = first->number - last->number - 1;
	reader->last = journal_cursor_before(first);
	return missing;
}

int
journal_reader_take(struct journal_reader *reader, struct record *ret_record)
{
	int error = journal_record_read(
	    &reader->record, &reader->log, &reader->first, ret_record);

	assert(reader->has_first);
	if (error == -ENOMEM)
		return error;
	if (error == -EADDRNOTAVAIL || error == -EIO) {
		journal_reader_displace(reader);
		return error == -EIO ? error : RESULT_PARTIAL;
	}
	/* What cannot be read of it is not there. */
	if (error != 0)
		*ret_record = entry_text((struct sse_slice){"", 0}, 0);
	reader->has_first = reader->has_reopened = false;
	reader->last = reader->first;
	return 0;
}

/*
 * The end is looked at first: what came before that and matches is found then.
 */
static int
look_at_tail(struct journal_reader *reader, struct journal_cursor *tail)
{
	int got = journal_log_match(&reader->log, false);

	journal_reader_displace(reader);
	if (got == 0)
		got = journal_log_tail(&reader->log, tail);
	if (got != 1)
		return got;
	got = find_behind_last(reader);
	reader->has_first = got == 1;
	reader->is_placed = got >= 0;
	return got < 0 ? got : 1;
}

bool
journal_reader_pass_over(
    struct journal_reader *reader, const struct journal_reader *leader)
{
	struct journal_cursor end;

	assert(!reader->has_first);
	if (!journal_cursor_is_known(&reader->last) ||
	    look_at_tail(reader, &end) != 1 || reader->has_first)
		return false;
	if (leader != NULL) {
		/* What the leader has read it may not see yet. */
		if (!leader->is_begun ||
		    journal_cursor_is_after(&leader->last, &end))
			return false;
		end = leader->last;
	}
	if (!journal_cursor_is_after(&end, &reader->last))
		return false;
	reader->last = end;
	return true;
}

bool
journal_reader_is_ahead(
    const struct journal_reader *reader, const struct journal_reader *leader)
{
	return reader->has_first &&
	       (!leader->is_begun ||
		   journal_cursor_is_after(&reader->first, &leader->last));
}

bool
journal_reader_meets(
    const struct journal_reader *reader, const struct journal_reader *leader)
{
	return reader->is_begun && leader->is_begun &&
	       (journal_cursor_equal(&reader->last, &leader->last) ||
		   journal_reader_is_ahead(reader, leader));
}
