/*
 * journal_find.h - where a client's position is in a journal now, and what is
 * missing behind it.
 */
#ifndef JOURNAL_FIND_H
#define JOURNAL_FIND_H

#include "source/gap.h"
#include "source/journal_log.h"

/* Where to go on, and what has to be told before. */
struct journal_found {
	struct journal_cursor floor; /* behind it */
	enum gap_reason reason;      /* GAP_NONE: nothing is missing */
	uint64_t skipped;            /* records, or SOURCE_SKIPPED_UNKNOWN */
};

/*
 * What follows from a position and the first entry of its sequence that is not
 * before it.  Where not all entries are counted, as with matches, the number of
 * those that are missing is not known.  Pure.
 */
struct journal_found journal_judge(const struct sse_position *position,
    const struct journal_cursor *first, bool is_counted);

/*
 * Finds the position in a log without matches, whose last entry is the tail: 1;
 * 0: it has become empty meanwhile; -errno.
 */
int journal_find(struct journal_log *log, const struct journal_cursor *tail,
    const struct sse_position *position, bool is_counted,
    struct journal_found *ret_found);

/*
 * The place before the first entry of that time or later: 1; 0: there is none
 * so late; -errno.
 */
int journal_find_time(struct journal_log *log, uint64_t time_us,
    struct journal_cursor *ret_floor);

#endif
