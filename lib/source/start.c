/*
 * start.c - where a reader begins.
 *
 * With a position, at what resolve() makes of it; without one, so many records
 * before the end of the current file, in older generations if it has not so
 * many.
 */
#include "config.h"

#include "source/start.h"

#include <errno.h>
#include <stdlib.h>

#include "source/file_shared.h"
#include "source/judge.h"
#include "source/log_set_look.h"
#include "source/log_set_resolve.h"
#include "source/resolve.h"
#include "source/search_look.h"
#include "source/snapshot_take.h"
#include "source/stamp.h"

static bool
is_event(const struct log_set *set)
{
	return set->options.rule != NULL &&
	       set->options.rule->kind == RECORD_HAS_BLANK;
}

/*
 * No id is inside a line or event, but at the end of a file that may end
 * anywhere.  So who begins in a line has its rest passed over.
 */
static void
leave_line(struct log_set *set)
{
	struct log_file *lead;
	bool may_end;

	if (log_set_is_nothing(set))
		return;
	lead = set->open[set->lead];
	may_end = !lead->current || !set->options.follow;
	if (!fingerprint_ends_line(&lead->fingerprint) ||
	    (is_event(set) && !may_end &&
		!fingerprint_ends_blank(&lead->fingerprint)))
		log_file_begin_inside(lead, may_end);
}

/*
 * What is known comes before what is read.  The file at index is the one that
 * the client begins in; those before it are older than everything that it will
 * miss.
 */
static void
know_older(struct log_set *set, const struct snapshot *snapshot, size_t index)
{
	for (size_t i = 0; i <= index && i < snapshot->count; i++) {
		const struct candidate *candidate = &snapshot->candidates[i];
		int64_t mtime_ms = candidate->stat.mtime_ms;

		if (candidate->current)
			continue;
		if (!candidate->compressed)
			search_remember(&set->known, candidate->file);
		if (i < index && mtime_ms > 0 &&
		    (uint64_t)mtime_ms > set->stamp_ms)
			set->stamp_ms = (uint64_t)mtime_ms;
	}
}

/* Takes over a candidate, which is read from that offset on. */
static int
open_candidate(struct log_set *set, const struct snapshot *snapshot,
    struct candidate *candidate, uint64_t offset)
{
	struct log_file *file;
	int fd = snapshot_take_fd(snapshot, candidate), error;

	if (fd < 0)
		return fd;
	error = log_file_new(
	    fd, offset, false, set->options.record_size_max, &file);
	if (error != 0) {
		sse_fd_close(fd);
		return error;
	}
	log_file_found(file, &candidate->stat);
	file->current = candidate->current;
	file->named = !candidate->current;
	log_file_watch(file, set->watch);
	set->open[set->count++] = file;
	return 0;
}

/*
 * The first of those that are older than where it begins, and are kept open for
 * late lines: whoever comes back from them has them open, too.
 */
static size_t
first_behind(const struct snapshot *snapshot, size_t index)
{
	size_t first = index;

	while (first > 0 && index - first < LOG_SET_BEHIND_MAX &&
	       newest_is_part(snapshot, &snapshot->candidates[first - 1]))
		first--;
	return first;
}

/* What it has is passed over, but for what comes to it from now on. */
static int
open_behind(struct log_set *set, const struct snapshot *snapshot,
    struct candidate *candidate)
{
	int error =
	    open_candidate(set, snapshot, candidate, candidate->stat.size);
	struct log_file *file;

	if (error != 0)
		return error;
	file = set->open[set->count - 1];
	if (!fingerprint_ends_line(&file->fingerprint))
		log_file_begin_inside(file, false);
	set->lead = set->count;
	return 0;
}

/* From there on to the current file; after the first few they are due. */
static int
open_newest(
    struct log_set *set, struct snapshot *snapshot, const struct newest *newest)
{
	size_t first = set->options.follow
			   ? first_behind(snapshot, newest->index)
			   : newest->index;
	size_t count = snapshot->count - first;
	int error = 0;

	set->open = calloc(count, sizeof(struct log_file *));
	set->due = calloc(count, sizeof(*set->due));
	if (set->open == NULL || set->due == NULL)
		return -ENOMEM;
	for (size_t i = first; error == 0 && i < newest->index; i++)
		error = open_behind(set, snapshot, &snapshot->candidates[i]);
	for (size_t i = newest->index; error == 0 && i < snapshot->count; i++)
		if (!newest_is_part(snapshot, &snapshot->candidates[i]))
			continue;
		else if (set->count - set->lead > JUDGE_AHEAD_MAX)
			set->due[set->due_count++] =
			    snapshot->candidates[i].stat;
		else
			error = open_candidate(set, snapshot,
			    &snapshot->candidates[i],
			    i == newest->index ? newest->offset : 0);
	return error;
}

/*
 * It was found where the newest records begin: opens the files from there on.
 */
static int
open_found(struct log_set *set, struct newest *newest)
{
	struct snapshot *snapshot = &newest->snapshot;
	const struct candidate *candidate;
	int fd, error = 0;

	if (newest->index < snapshot->count && newest->offset > 0) {
		candidate = &snapshot->candidates[newest->index];
		fd = snapshot_open(snapshot, candidate);
		error =
		    fd < 0 ? fd
			   : replay_at_line(&set->options, fd, &newest->offset);
		snapshot_leave(candidate, fd);
	}
	if (error != 0)
		return error;
	know_older(set, snapshot, newest->index);
	return newest->index < snapshot->count
		   ? open_newest(set, snapshot, newest)
		   : 0;
}

/* The log as it is now is what is searched. */
static int
begin_newest(struct start *start, struct log_set *set, uint64_t records)
{
	int error =
	    newest_new(&set->options, set->names, records, &start->newest);

	if (error != 0)
		return error;
	watch_drain(set->watch);
	set->births = watch_births(set->watch);
	return 0;
}

/* A turn of the start with so many of the newest records. */
static int
start_without_position(
    struct start *start, struct log_set *set, uint64_t records)
{
	int error =
	    start->newest != NULL ? 0 : begin_newest(start, set, records);

	if (error == -ENOENT)
		return 0;
	if (error == 0)
		error = newest_next(start->newest);
	if (error == RESULT_PARTIAL)
		return error;
	if (error == 0)
		error = open_found(set, start->newest);
	newest_free(start->newest);
	start->newest = NULL;
	/* A name that leads elsewhere by now is as a log that was truncated. */
	return error == RESULT_UNSETTLED ? RESULT_CHANGED : error;
}

/* At the position: 1, or 0 if it does not count, and the gap; -errno. */
static int
start_at_position(struct log_set *set, const struct source_start *wanted,
    enum gap_reason *ret_gap)
{
	int got;

	if (wanted->position == NULL)
		return 0;
	got = log_set_resolve_start(set, wanted, ret_gap);
	if (got == 1)
		*ret_gap = GAP_UNKNOWN;
	return got < 0 ? got : got == 0;
}

/* Opens the files where it begins, and queues the gap that comes before. */
static int
place(
    struct start *start, struct log_set *set, const struct source_start *wanted)
{
	int placed = 0, error = 0;

	if (start->newest == NULL) {
		start->gap = GAP_NONE;
		start->began_ms = sse_clock_file_time_ms(set->options.clock);
		placed = start_at_position(set, wanted, &start->gap);
	}
	if (placed <= 0)
		error = placed < 0 ? placed
				   : start_without_position(
					 start, set, wanted->records);
	if (error != 0)
		return error;
	start->is_placed = placed == 1;
	set->came_ms = set->stamp_ms;
	if (start->is_placed)
		set->came_ms = sse_position_unpack(wanted->position).stamp_ms;
	log_set_add_gap(set, wanted->gap);
	log_set_add_gap(set, start->gap);
	return 0;
}

/* What was passed over is told when all that is replayed is known. */
static int
tell_skipped(struct start *start, struct log_set *set, int error)
{
	if (error != 0 || start->replay.skipped == 0)
		return error;
	stamp_pass_over(set, start->began_ms);
	if (!start->is_placed)
		set->came_ms = set->stamp_ms;
	gap_queue_add(&set->gaps, GAP_LIMIT, start->replay.skipped);
	return 0;
}

/* All is as before the start. */
static void
begin_anew(struct start *start, struct log_set *set)
{
	newest_free(start->newest);
	start->newest = NULL;
	start->replay.goes_on = false;
	log_set_close_all(set);
	gap_queue_clear(&set->gaps);
	set->known.count = 0;
	set->stamp_ms = 0;
}

/* A turn. */
static int
go_on(
    struct start *start, struct log_set *set, const struct source_start *wanted)
{
	struct replay *replay = &start->replay;
	int error;

	if (replay->goes_on)
		return tell_skipped(start, set, replay_next(replay, set));
	error = place(start, set, wanted);
	if (error != 0 ||
	    (!start->is_placed && wanted->records != SOURCE_RECORDS_ALL))
		return error;
	error = replay_begin(replay, set, start->began_ms);
	/* The folder is read first, and what was passed over is lost. */
	if (error == RESULT_PARTIAL && !replay->goes_on)
		begin_anew(start, set);
	return tell_skipped(start, set, error);
}

void
start_done(struct start *start)
{
	newest_free(start->newest);
	*start = (struct start){0};
}

static bool
has_changed(int error)
{
	return error == RESULT_CHANGED || error == -ESTALE;
}

/* The way to a folder of very many names costs as much as to read some. */
static int
read_on(const struct log_set *set)
{
	watch_drain(set->watch);
	return listing_cache_step(file_shared_listing(set->options.shared),
	    sse_clock_file_time_ms(set->options.clock));
}

int
start_set(
    struct start *start, struct log_set *set, const struct source_start *wanted)
{
	int error = read_on(set);

	if (error == RESULT_PARTIAL)
		return error;
	if (error == 0)
		error = log_set_check_path(set);
	/* Its leader's log is a file, which is not there just now. */
	if (error == RESULT_WRONG_KIND && set->options.ops != NULL)
		error = 0;
	/* A position may be in an older file, which may be read. */
	if (error == -EACCES && wanted->position != NULL)
		error = 0;
	/* A log that is truncated just now is as it is a moment later. */
	if (error == 0)
		error = go_on(start, set, wanted);
	while (has_changed(error) && ++start->tries < SEARCH_TRIES_MAX) {
		begin_anew(start, set);
		error = go_on(start, set, wanted);
	}
	if (error == RESULT_PARTIAL)
		return error;
	if (error == 0)
		leave_line(set);
	else
		begin_anew(start, set);
	start_done(start);
	return has_changed(error) ? RESULT_UNSETTLED : error;
}
