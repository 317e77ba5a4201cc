/*
 * journal_log.c - an open journal.
 *
 * What libsystemd says of a place is never believed: seeking to an entry that
 * is gone succeeds, and is somewhere behind.  So the cursor that was found
 * is what counts.
 */
#include "source/journal_log.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "source/journal_match.h"

/* Entries of other sequences that may stand between. */
#define GO_BEHIND_MAX 1000

static int
open_place(struct journal_log *log)
{
	const struct journal_place *place = &log->place;

	if (place->directory != NULL)
		return log->library->open_directory(
		    &log->handle, place->directory, 0);
	return log->library->open_namespace(
	    &log->handle, place->name_space, JOURNAL_LOCAL_ONLY);
}

static int
open_handle(struct journal_log *log)
{
	int error = open_place(log);

	log->opened++;
	if (error >= 0)
		error = log->library->set_data_threshold(
		    log->handle, log->value_size_max);
	/* Before anything is read, or files that are deleted stay open. */
	if (error >= 0)
		error = log->fd = log->library->get_fd(log->handle);
	if (error < 0)
		journal_log_close(log);
	return error < 0 ? error : 0;
}

int
journal_log_open(struct journal_log *log, const struct journal_place *place,
    const char *match, size_t value_size_max)
{
	const char *why = "";

	*log = (struct journal_log){
	    .library = journal_library_load(&why),
	    .fd = -1,
	    .opened = log->opened,
	    .place = *place,
	    .match = match,
	    .value_size_max = value_size_max,
	};
	if (log->library == NULL)
		return why != NULL ? -ENOSYS : -ENOMEM;
	return open_handle(log);
}

int
journal_log_reopen(struct journal_log *log)
{
	struct journal_log anew = *log;
	const bool was_damaged = log->is_damaged != 0;
	int error;

	anew.handle = NULL;
	anew.is_matched = anew.is_unread = false;
	log->is_damaged = 0;
	/* Beside it: the descriptor, which somebody waits for, is another. */
	error = open_handle(&anew);
	if (error == 0)
		error = journal_log_match(&anew, log->is_matched);
	if (error != 0) {
		journal_log_close(&anew);
		log->is_damaged = was_damaged;
		return error;
	}
	anew.is_damaged = log->is_damaged;
	journal_log_close(log);
	*log = anew;
	return 0;
}

void
journal_log_bear(struct journal_log *log)
{
	log->is_unread = false;
	log->is_damaged = 0;
}

void
journal_log_close(struct journal_log *log)
{
	if (log->handle != NULL)
		log->library->close(log->handle);
	log->handle = NULL;
	log->fd = -1;
}

int
journal_log_match(struct journal_log *log, bool matched)
{
	int error = 0;

	if (log->match[0] == '\0' || log->is_matched == matched)
		return 0;
	if (matched)
		error =
		    journal_match_set(log->library, log->handle, log->match);
	log->is_matched = matched && error == 0;
	/* Some of them may be set. */
	if (!log->is_matched)
		log->library->flush_matches(log->handle);
	return error;
}

/* ------------------------------------------------------------- entries -- */

/* Where the current one is: 1, or -ENOMEM. */
static int
read_cursor(struct journal_log *log, struct journal_cursor *ret_cursor)
{
	char *text = NULL;
	int error = log->library->get_cursor(log->handle, &text);

	if (error < 0)
		return error;
	if (journal_cursor_read(text, ret_cursor) != 0)
		*ret_cursor = (struct journal_cursor){.hash = 0};
	free(text);
	return 1;
}

/* It has moved: as journal_log_next(); without memory it need not again. */
static int
take_move(struct journal_log *log, int got, struct journal_cursor *ret_cursor)
{
	struct journal_cursor cursor;

	if (got > 0) {
		got = read_cursor(log, &cursor);
		log->is_unread = got < 0;
	}
	if (log->is_damaged)
		return -EIO;
	if (got > 0)
		*ret_cursor = cursor;
	return got;
}

int
journal_log_next(struct journal_log *log, struct journal_cursor *ret_cursor)
{
	int got = log->is_unread ? 1 : log->library->next(log->handle);

	return take_move(log, got, ret_cursor);
}

int
journal_log_previous(struct journal_log *log, struct journal_cursor *ret_cursor)
{
	int got = log->is_unread ? 1 : log->library->previous(log->handle);

	return take_move(log, got, ret_cursor);
}

/* --------------------------------------------------------------- seeks -- */

int
journal_log_seek_head(struct journal_log *log)
{
	log->is_unread = false;
	return log->library->seek_head(log->handle);
}

int
journal_log_seek_tail(struct journal_log *log)
{
	log->is_unread = false;
	return log->library->seek_tail(log->handle);
}

int
journal_log_seek_time(struct journal_log *log, uint64_t time_us)
{
	log->is_unread = false;
	return log->library->seek_realtime_usec(log->handle, time_us);
}

int
journal_log_head(struct journal_log *log, struct journal_cursor *ret_cursor)
{
	int error = journal_log_seek_head(log);

	return error < 0 ? error : journal_log_next(log, ret_cursor);
}

int
journal_log_tail(struct journal_log *log, struct journal_cursor *ret_cursor)
{
	int error = journal_log_seek_tail(log);

	return error < 0 ? error : journal_log_previous(log, ret_cursor);
}

int
journal_log_find(struct journal_log *log, const struct journal_cursor *cursor,
    struct journal_cursor *ret_cursor)
{
	char text[JOURNAL_CURSOR_SIZE_MAX];
	int error;

	journal_cursor_print(cursor, text);
	log->is_unread = false;
	error = log->library->seek_cursor(log->handle, text);
	return error < 0 ? error : journal_log_next(log, ret_cursor);
}

int
journal_log_go_behind(struct journal_log *log,
    const struct journal_cursor *cursor, struct journal_cursor *ret_cursor)
{
	int got = journal_log_find(log, cursor, ret_cursor);

	for (int i = 0; got == 1 && i < GO_BEHIND_MAX; i++) {
		/* Without numbers, wherever it is. */
		if (!journal_cursor_is_known(ret_cursor) ||
		    journal_cursor_is_after(ret_cursor, cursor))
			return 1;
		got = journal_log_next(log, ret_cursor);
	}
	return got;
}

/* ------------------------------------------------------------- changes -- */

bool
journal_log_process(struct journal_log *log)
{
	return log->library->process(log->handle) == JOURNAL_INVALIDATE;
}

int64_t
journal_log_timeout_ms(
    const struct journal_log *log, const struct sse_clock *clock)
{
	uint64_t at_us;
	int64_t left_ms;

	if (log->library->get_timeout(log->handle, &at_us) < 0 ||
	    at_us > INT64_MAX)
		return INT64_MAX;
	left_ms = (int64_t)(at_us / 1000) - sse_clock_monotonic_ms(clock);
	return left_ms > 0 ? left_ms + 1 : 0;
}

bool
journal_log_fits(struct journal_log *log, uint64_t size)
{
	uint64_t usage;

	return log->library->get_usage(log->handle, &usage) >= 0 &&
	       usage <= size;
}
