/*
 * journal_start.h - from what a reader of a journal wants to the place where it
 * begins, and what has to be told first.
 */
#ifndef JOURNAL_START_H
#define JOURNAL_START_H

#include "source/gap.h"
#include "source/item.h"
#include "source/journal_walk.h"

enum journal_wish_kind {
	JOURNAL_BY_RECORDS,  /* so many of the newest */
	JOURNAL_BY_POSITION, /* behind a position */
	JOURNAL_BY_TIME      /* what is of that time or later */
};

/* All zeros: nothing of what is there. */
struct journal_wish {
	enum journal_wish_kind kind;
	struct sse_position position;
	uint64_t time_us;
	uint64_t records; /* SOURCE_RECORDS_ALL: all */
};

struct journal_start {
	struct journal_wish wish;
	uint64_t replay_size;   /* bytes */
	bool is_counted;        /* all entries are read: numbers tell */
	struct gap_queue *gaps; /* borrowed */
	struct journal_walk walk;
	bool is_walking;
	struct journal_cursor tail; /* the last entry when it began */
};

/* What the start of a source wants, and a gap for what cannot be. */
struct journal_wish journal_wish_of(
    const struct source_start *start, struct gap_queue *gaps);

/* It was seen that there is nothing: all that comes is new, and wanted. */
void journal_start_wait(struct journal_start *start);

/*
 * A turn of looking for the beginning: 0 and where it is; RESULT_PARTIAL: it
 * has to go on, at once; RESULT_NONE: there are no entries yet, and it is to be
 * tried again when there are; -errno.
 */
int journal_start_step(struct journal_start *start, struct journal_log *log,
    struct journal_record *record, const struct sse_clock *clock,
    struct journal_begin *ret_begin);

#endif
