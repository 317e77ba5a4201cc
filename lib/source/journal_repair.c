/*
 * journal_repair.c - a reader of a journal that is not what it was.
 */
#include "config.h"

#include "source/journal_repair.h"

#include "base/result.h"
#include "source/journal_find.h"

bool
journal_repair_needs_proof(struct journal_reader *reader, bool is_counted)
{
	if (!reader->is_unproven || !journal_cursor_is_known(&reader->last))
		return false;
	if (!is_counted)
		return true;
	if (!reader->has_first)
		return false;
	reader->is_unproven = !journal_reader_counts(reader);
	return reader->is_unproven;
}

/* As journal_find(), without the matches. */
static int
find_last(struct journal_reader *reader, bool is_counted,
    struct journal_found *ret_found)
{
	struct sse_position position = journal_cursor_position(&reader->last);
	struct journal_cursor tail;
	int got = journal_log_match(&reader->log, false);

	if (got == 0)
		got = journal_log_tail(&reader->log, &tail);
	return got == 1 ? journal_find(&reader->log, &tail, &position,
			      is_counted, ret_found)
			: got;
}

int
journal_repair_prove(
    struct journal_reader *reader, bool is_counted, struct gap_queue *gaps)
{
	struct journal_found found;
	int got;

	journal_reader_displace(reader);
	got = find_last(reader, is_counted, &found);
	if (got != 1)
		return got == 0 ? RESULT_NONE : got;
	/* A file that is renamed is gone until the next notice. */
	if (found.reason != GAP_NONE && journal_log_process(&reader->log))
		return RESULT_PARTIAL;
	gap_queue_add(gaps, found.reason, found.skipped);
	reader->last = found.floor;
	reader->is_unproven = false;
	return 0;
}

int
journal_repair_log(
    struct journal_reader *reader, bool is_counted, struct gap_queue *gaps)
{
	int error;

	journal_reader_displace(reader);
	reader->is_unproven = true;
	if (reader->has_reopened) {
		journal_log_bear(&reader->log);
		return 0;
	}
	error = journal_log_reopen(&reader->log);
	if (error != 0)
		return error;
	reader->has_reopened = true;
	if (reader->is_begun && !is_counted)
		gap_queue_add(gaps, GAP_TRUNCATED, SOURCE_SKIPPED_UNKNOWN);
	return 0;
}
