/*
 * journal_walk.h - from the end of a journal backwards: where the reading
 * begins, of which the newest records are wanted.
 */
#ifndef JOURNAL_WALK_H
#define JOURNAL_WALK_H

#include "source/journal_record.h"

/* A place to read from: behind last. */
struct journal_begin {
	struct journal_cursor last;
	bool is_end;     /* there is nothing behind it */
	bool is_limited; /* there is more that was wanted: it is too much */
};

struct journal_walk {
	/* What is wanted: what is behind the floor, and of that so much. */
	bool has_floor;
	struct journal_cursor floor;
	uint64_t records; /* SOURCE_RECORDS_ALL: all */
	uint64_t size;    /* bytes */

	/* On the way. */
	bool is_begun;
	bool has_entry; /* that is to be taken */
	struct journal_cursor entry;
	uint64_t passed;      /* records */
	uint64_t passed_size; /* bytes */
};

/*
 * Goes on for a turn, in a log with its matches: 0 and where to begin;
 * RESULT_PARTIAL: it has to go on, and nobody else may move the log; -errno.
 * A log that is empty begins behind the floor.
 */
int journal_walk_step(struct journal_walk *walk, struct journal_log *log,
    struct journal_record *record, const struct sse_clock *clock,
    struct journal_begin *ret_begin);

#endif
