/*
 * journal_log.h - a journal that is open: its entries in their order, one of
 * which is the current one.
 *
 * Matches can be put aside: what is where in the journal is looked up without.
 */
#ifndef JOURNAL_LOG_H
#define JOURNAL_LOG_H

#include <stdbool.h>

#include "source/journal_cursor.h"
#include "source/journal_fault.h"
#include "source/journal_library.h"
#include "source/journal_place.h"

struct journal_log {
	const struct journal_library *library;
	struct sd_journal *handle; /* NULL: it is not open */
	int fd;                    /* of its notices */
	uint64_t opened;           /* so often */
	struct journal_place place;
	const char *match;     /* "": all entries; borrowed */
	size_t value_size_max; /* bytes */
	bool is_matched;       /* the matches are set */
	bool is_unread;        /* it has moved, and its cursor was not read */
	volatile sig_atomic_t is_damaged; /* a page could not be read */
};

/*
 * 0, or -errno: it is closed then.  Of a value only so many bytes, and of what
 * stands before it, have to be there.  The place, if it is not there, is empty.
 *
 * Whoever calls this and what follows is between journal_fault_begin(), with
 * is_damaged, and journal_fault_end().  While it is damaged, all that says what
 * is in the journal says -EIO.
 */
int journal_log_open(struct journal_log *log, const struct journal_place *place,
    const char *match, size_t value_size_max);
void journal_log_close(struct journal_log *log);

/*
 * Opens it anew, with the files as they are now, and is damaged no more: 0; or
 * -errno, and it is as it was.
 */
int journal_log_reopen(struct journal_log *log);

/* Is damaged no more: what could not be read is zeros from now on. */
void journal_log_bear(struct journal_log *log);

/* Sets the matches, or puts them aside: 0 or -errno. */
int journal_log_match(struct journal_log *log, bool matched);

/*
 * The next entry, or the one before, becomes the current one: 1; 0: there is
 * none; -errno.  A cursor of another form is one that is not known.
 */
int journal_log_next(
    struct journal_log *log, struct journal_cursor *ret_cursor);
int journal_log_previous(
    struct journal_log *log, struct journal_cursor *ret_cursor);

/* Before the first, behind the last, or where the next is of that time: 0. */
int journal_log_seek_head(struct journal_log *log);
int journal_log_seek_tail(struct journal_log *log);
int journal_log_seek_time(struct journal_log *log, uint64_t time_us);

/*
 * The first entry, or the last, as the current one: as journal_log_next().
 */
int journal_log_head(
    struct journal_log *log, struct journal_cursor *ret_cursor);
int journal_log_tail(
    struct journal_log *log, struct journal_cursor *ret_cursor);

/*
 * Goes behind the place of a cursor: 1 and the first entry behind it, which is
 * the current one, if there is one already; 0: what comes is behind it.
 */
int journal_log_go_behind(struct journal_log *log,
    const struct journal_cursor *cursor, struct journal_cursor *ret_cursor);

/* The first entry that is not before the cursor: as journal_log_next(). */
int journal_log_find(struct journal_log *log,
    const struct journal_cursor *cursor, struct journal_cursor *ret_cursor);

/*
 * Takes the notices of changes, so that files that came are read, and those
 * that went are let go: whether entries may be gone.
 */
bool journal_log_process(struct journal_log *log);

/* When it wants to be looked at without a notice, in ms; INT64_MAX: never. */
int64_t journal_log_timeout_ms(
    const struct journal_log *log, const struct sse_clock *clock);

/* Whether all its files together are no larger. */
bool journal_log_fits(struct journal_log *log, uint64_t size);

#endif
