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

#include "source/chain_look.h"
#include "source/chain_resolve.h"
#include "source/resolve.h"
#include "source/search_look.h"
#include "source/snapshot_take.h"
#include "source/stamp.h"

static bool
is_event(const struct chain *chain)
{
	return chain->options.rule != NULL &&
	       chain->options.rule->kind == RECORD_HAS_BLANK;
}

/*
 * No id is inside a line or event, but at the end of a file that may end
 * anywhere.  So who begins in a line has its rest passed over.
 */
static void
leave_line(struct chain *chain)
{
	struct generation *lead;
	bool may_end;

	if (chain_is_nothing(chain))
		return;
	lead = chain->open[chain->lead];
	may_end = !lead->current || !chain->options.follow;
	if (!evidence_ends_line(&lead->evidence) ||
	    (is_event(chain) && !may_end &&
		!evidence_ends_blank(&lead->evidence)))
		generation_begin_inside(lead, may_end);
}

/*
 * What is known comes before what is read.  The file at index is the one that
 * the client begins in; those before it are older than everything that it will
 * miss.
 */
static void
know_older(struct chain *chain, const struct snapshot *snapshot, size_t index)
{
	for (size_t i = 0; i <= index && i < snapshot->count; i++) {
		const struct candidate *candidate = &snapshot->candidates[i];
		int64_t mtime_ms = candidate->stat.mtime_ms;

		if (candidate->current)
			continue;
		if (!candidate->compressed)
			search_remember(&chain->known, candidate->file);
		if (i < index && mtime_ms > 0 &&
		    (uint64_t)mtime_ms > chain->stamp_ms)
			chain->stamp_ms = (uint64_t)mtime_ms;
	}
}

/* Takes over a candidate, which is read from that offset on. */
static int
open_candidate(struct chain *chain, const struct snapshot *snapshot,
    struct candidate *candidate, uint64_t offset)
{
	struct generation *generation;
	int fd = snapshot_take_fd(snapshot, candidate), error;

	if (fd < 0)
		return fd;
	error = generation_new(
	    fd, offset, false, chain->options.record_size_max, &generation);
	if (error != 0) {
		sse_fd_close(fd);
		return error;
	}
	generation_found(generation, &candidate->stat);
	generation->current = candidate->current;
	generation->named = !candidate->current;
	generation_watch(generation, chain->watch);
	chain->open[chain->count++] = generation;
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

	while (first > 0 && index - first < CHAIN_BEHIND_MAX &&
	       newest_is_part(snapshot, &snapshot->candidates[first - 1]))
		first--;
	return first;
}

/* What it has is passed over, but for what comes to it from now on. */
static int
open_behind(struct chain *chain, const struct snapshot *snapshot,
    struct candidate *candidate)
{
	int error =
	    open_candidate(chain, snapshot, candidate, candidate->stat.size);
	struct generation *generation;

	if (error != 0)
		return error;
	generation = chain->open[chain->count - 1];
	if (!evidence_ends_line(&generation->evidence))
		generation_begin_inside(generation, false);
	chain->lead = chain->count;
	return 0;
}

/* From there on to the current file; after the first few they are due. */
static int
open_newest(
    struct chain *chain, struct snapshot *snapshot, const struct newest *newest)
{
	size_t first = chain->options.follow
			   ? first_behind(snapshot, newest->index)
			   : newest->index;
	size_t count = snapshot->count - first;
	int error = 0;

	chain->open = calloc(count, sizeof(struct generation *));
	chain->due = calloc(count, sizeof(*chain->due));
	if (chain->open == NULL || chain->due == NULL)
		return -ENOMEM;
	for (size_t i = first; error == 0 && i < newest->index; i++)
		error = open_behind(chain, snapshot, &snapshot->candidates[i]);
	for (size_t i = newest->index; error == 0 && i < snapshot->count; i++)
		if (!newest_is_part(snapshot, &snapshot->candidates[i]))
			continue;
		else if (chain->count - chain->lead > RESOLVE_AHEAD_MAX)
			chain->due[chain->due_count++] =
			    snapshot->candidates[i].stat;
		else
			error = open_candidate(chain, snapshot,
			    &snapshot->candidates[i],
			    i == newest->index ? newest->offset : 0);
	return error;
}

/* It was found where the newest records begin: opens the files from there on.
 */
static int
open_found(struct chain *chain, struct newest *newest)
{
	struct snapshot *snapshot = &newest->snapshot;
	const struct candidate *candidate;
	int fd, error = 0;

	if (newest->index < snapshot->count && newest->offset > 0) {
		candidate = &snapshot->candidates[newest->index];
		fd = snapshot_open(snapshot, candidate);
		error = fd < 0 ? fd
			       : replay_at_line(
				     &chain->options, fd, &newest->offset);
		snapshot_leave(candidate, fd);
	}
	if (error != 0)
		return error;
	know_older(chain, snapshot, newest->index);
	return newest->index < snapshot->count
		   ? open_newest(chain, snapshot, newest)
		   : 0;
}

/* The log as it is now is what is searched. */
static int
begin_newest(struct start *start, struct chain *chain, uint64_t records)
{
	int error =
	    newest_new(&chain->options, chain->names, records, &start->newest);

	if (error != 0)
		return error;
	watch_drain(chain->watch);
	chain->births = watch_births(chain->watch);
	return 0;
}

/* A turn of the start with so many of the newest records. */
static int
start_without_position(
    struct start *start, struct chain *chain, uint64_t records)
{
	int error =
	    start->newest != NULL ? 0 : begin_newest(start, chain, records);

	if (error == -ENOENT)
		return 0;
	if (error == 0)
		error = newest_next(start->newest);
	if (error == RESULT_PARTIAL)
		return error;
	if (error == 0)
		error = open_found(chain, start->newest);
	newest_free(start->newest);
	start->newest = NULL;
	/* A name that leads elsewhere by now is as a log that was truncated. */
	return error == RESULT_UNSETTLED ? RESULT_CHANGED : error;
}

/* At the position: 1, or 0 if it does not count, and the gap; -errno. */
static int
start_at_position(struct chain *chain, const struct source_start *wanted,
    enum gap_reason *ret_gap)
{
	int got;

	if (wanted->position == NULL)
		return 0;
	got = chain_resolve_start(chain, wanted, ret_gap);
	if (got == 1)
		*ret_gap = GAP_UNKNOWN;
	return got < 0 ? got : got == 0;
}

/* Opens the files where it begins, and queues the gap that comes before. */
static int
place(
    struct start *start, struct chain *chain, const struct source_start *wanted)
{
	int placed = 0, error = 0;

	if (start->newest == NULL) {
		start->gap = GAP_NONE;
		start->began_ms = sse_clock_file_time_ms(chain->options.clock);
		placed = start_at_position(chain, wanted, &start->gap);
	}
	if (placed <= 0)
		error = placed < 0 ? placed
				   : start_without_position(
					 start, chain, wanted->records);
	if (error != 0)
		return error;
	start->is_placed = placed == 1;
	chain->came_ms =
	    start->is_placed ? wanted->position->stamp_ms : chain->stamp_ms;
	chain_add_gap(chain, wanted->gap);
	chain_add_gap(chain, start->gap);
	return 0;
}

/* What was passed over is told when all that is replayed is known. */
static int
tell_skipped(struct start *start, struct chain *chain, int error)
{
	if (error != 0 || start->replay.skipped == 0)
		return error;
	stamp_pass_over(chain, start->began_ms);
	if (!start->is_placed)
		chain->came_ms = chain->stamp_ms;
	gap_queue_add(&chain->gaps, GAP_LIMIT, start->replay.skipped);
	return 0;
}

/* A turn. */
static int
go_on(
    struct start *start, struct chain *chain, const struct source_start *wanted)
{
	struct replay *replay = &start->replay;
	int error;

	if (replay->goes_on)
		return tell_skipped(start, chain, replay_next(replay, chain));
	error = place(start, chain, wanted);
	if (error != 0 ||
	    (!start->is_placed && wanted->records != SOURCE_RECORDS_ALL))
		return error;
	error = replay_begin(replay, chain, start->began_ms);
	return tell_skipped(start, chain, error);
}

/* All is as before the start. */
static void
begin_anew(struct start *start, struct chain *chain)
{
	newest_free(start->newest);
	start->newest = NULL;
	start->replay.goes_on = false;
	chain_close_all(chain);
	gap_queue_clear(&chain->gaps);
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

int
start_chain(
    struct start *start, struct chain *chain, const struct source_start *wanted)
{
	int error = chain_check_path(chain);

	/* Its leader's log is a file, which is not there just now. */
	if (error == RESULT_WRONG_KIND && chain->options.ops != NULL)
		error = 0;
	/* A position may be in an older file, which may be read. */
	if (error == -EACCES && wanted->position != NULL)
		error = 0;
	/* A log that is truncated just now is as it is a moment later. */
	if (error == 0)
		error = go_on(start, chain, wanted);
	while (has_changed(error) && ++start->tries < SEARCH_TRIES_MAX) {
		begin_anew(start, chain);
		error = go_on(start, chain, wanted);
	}
	if (error == RESULT_PARTIAL)
		return error;
	if (error == 0)
		leave_line(chain);
	else
		begin_anew(start, chain);
	start_done(start);
	return has_changed(error) ? RESULT_UNSETTLED : error;
}
