/*
 * start.c - where a reader begins.
 *
 * With a position, at what resolve() makes of it; without one, so many records
 * before the end of the current file, in older generations if it has not so
 * many.  Old records are given as far as replay allows: the newest of them.
 */
#include "config.h"

#include "source/start.h"

#include <errno.h>
#include <stdlib.h>

#include "record/boundary.h"
#include "source/newest.h"
#include "source/resolve.h"
#include "source/search_look.h"
#include "record/seek.h"
#include "source/snapshot_take.h"

static uint64_t
unread(const struct generation *generation)
{
	uint64_t offset = generation->evidence.offset;

	return generation->stat.size > offset ? generation->stat.size - offset
					      : 0;
}

/* Holes count, too: nobody has looked into these files. */
static uint64_t
due_size(const struct chain *chain)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < chain->due_count; i++)
		bytes += chain->due[i].size;
	return bytes;
}

uint64_t
start_unread(const struct chain *chain)
{
	uint64_t bytes = due_size(chain);

	for (size_t i = chain->lead; i < chain->count; i++)
		bytes += unread(chain->open[i]);
	return bytes;
}

/* What is passed over is covered by its gap, as far as it was at rest. */
static void
raise_stamp(struct chain *chain, int64_t began_ms)
{
	for (size_t i = 0; i < chain->lead; i++) {
		int64_t mtime_ms = chain->open[i]->stat.mtime_ms;

		if (mtime_ms < began_ms && mtime_ms > (int64_t)chain->stamp_ms)
			chain->stamp_ms = (uint64_t)mtime_ms;
	}
}

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

static struct boundary_file
boundaries_of(const struct chain *chain, int fd)
{
	return (struct boundary_file){
	    .fd = fd,
	    .rule = chain->options.rule,
	    .record_size_max = chain->options.record_size_max,
	};
}

/* What is read of a file. */
struct range {
	uint64_t first;
	uint64_t end;
};

/*
 * The newest data that are unread in the file, at most *left, are taken off it.
 * Holes do not count, and neither do NULs at the end.
 */
static int
take_unread(const struct chain *chain, const struct generation *generation,
    uint64_t *left, struct range *ret_range)
{
	uint64_t offset = generation->evidence.offset;
	int error;

	*ret_range = (struct range){offset, generation->stat.size};
	if (unread(generation) <= *left) {
		*left -= unread(generation);
		return 0;
	}
	error = seek_end(generation->fd, ret_range->end,
	    chain->options.replay_size, &ret_range->end);
	if (error == 0)
		ret_range->first =
		    seek_data(generation->fd, offset, ret_range->end, left);
	return error;
}

/*
 * Where no record begins any more, *offset is the end: then the line that has
 * no end yet, if it may become a whole record.
 */
static int
find_line(const struct chain *chain, int fd, uint64_t *offset)
{
	struct evidence evidence;
	uint64_t line;
	int error = evidence_load(&evidence, fd, *offset);

	if (error != 0 || evidence_ends_line(&evidence))
		return error;
	error =
	    seek_back(fd, *offset, 0, chain->options.record_size_max, &line);
	if (error == 0)
		*offset = line;
	return error;
}

/*
 * Passes over what is open as long as the files that are due have all that may
 * be replayed.
 */
static int
pass_over_open(struct chain *chain, int64_t began_ms, uint64_t *skipped)
{
	int error = 0;

	while (error == 0 && due_size(chain) > chain->options.replay_size) {
		for (size_t i = chain->lead; error == 0 && i < chain->count;
		     i++) {
			*skipped += unread(chain->open[i]);
			chain->open[i]->gap = GAP_NONE;
			error = generation_begin_at(
			    chain->open[i], chain->open[i]->stat.size);
		}
		if (error != 0)
			break;
		chain->lead = chain->count - 1;
		raise_stamp(chain, began_ms);
		error = chain_go_on(chain);
	}
	return error;
}

/*
 * Passes over all but the newest bytes of what is old, from a record on.
 * 0 and the bytes that are passed over.
 */
static int
limit_replay(struct chain *chain, int64_t began_ms, uint64_t *ret_skipped)
{
	uint64_t left = chain->options.replay_size, skipped = 0, offset;
	struct range range = {0, 0};
	struct boundary_file file;
	bool cut = false;
	int error = pass_over_open(chain, began_ms, &skipped);
	size_t i = chain->count;

	left -= error == 0 ? due_size(chain) : 0;
	while (error == 0 && !cut && i > chain->lead) {
		error = take_unread(chain, chain->open[--i], &left, &range);
		cut = range.first > chain->open[i]->evidence.offset;
	}
	*ret_skipped = skipped;
	if (error != 0 || !cut)
		return error;
	file = boundaries_of(chain, chain->open[i]->fd);
	error = boundary_forward(&file, range.first, range.end, &offset);
	if (error == 0)
		error = find_line(chain, file.fd, &offset);
	for (size_t j = chain->lead; error == 0 && j < i; j++) {
		skipped += unread(chain->open[j]);
		error = generation_begin_at(
		    chain->open[j], chain->open[j]->stat.size);
	}
	if (error != 0)
		return error;
	if (offset < chain->open[i]->evidence.offset)
		offset = chain->open[i]->evidence.offset;
	skipped += offset - chain->open[i]->evidence.offset;
	error = generation_begin_at(chain->open[i], offset);
	chain->lead = i;
	*ret_skipped = skipped;
	return error;
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

/* Where so many records begin: all of them with the current file. */
static int
find_newest(const struct chain *chain, const struct snapshot *snapshot,
    uint64_t records, struct newest *ret_newest)
{
	const struct candidate *candidate;
	int fd, error;

	*ret_newest = (struct newest){.index = snapshot->count};
	if (snapshot_current(snapshot) == NULL)
		return 0;
	ret_newest->index--;
	if (records == SOURCE_RECORDS_ALL)
		return 0;
	error = newest_find(snapshot, &chain->options, records, ret_newest);
	if (error != 0)
		return error;
	candidate = &snapshot->candidates[ret_newest->index];
	fd = snapshot_open(snapshot, candidate);
	error = fd < 0 ? fd : find_line(chain, fd, &ret_newest->offset);
	snapshot_leave(candidate, fd);
	return error;
}

static int
start_without_position(struct chain *chain, uint64_t records)
{
	struct snapshot snapshot = {0};
	int error = snapshot_take(&snapshot, chain->names,
	    sse_clock_file_time_ms(chain->options.clock),
	    chain->options.listing, NULL);
	struct newest newest;

	if (error != 0)
		return error == -ENOENT ? 0 : error;
	watch_drain(chain->watch);
	chain->births = watch_births(chain->watch);
	if (snapshot_awaits_current(&snapshot))
		error = -EACCES;
	if (error == 0)
		error = find_newest(chain, &snapshot, records, &newest);
	if (error == 0)
		know_older(chain, &snapshot, newest.index);
	if (error == 0 && newest.index < snapshot.count)
		error = open_newest(chain, &snapshot, &newest);
	snapshot_done(&snapshot);
	/* A name that leads elsewhere by now is as a log that was truncated. */
	return error == RESULT_UNSETTLED ? RESULT_CHANGED : error;
}

/* At the position: 1, or 0 if it does not count, and the gap; -errno. */
static int
start_at_position(struct chain *chain, const struct source_start *start,
    enum gap_reason *ret_gap)
{
	int got;

	if (start->position == NULL)
		return 0;
	got = chain_resolve(chain, start, ret_gap);
	if (got == 1)
		*ret_gap = GAP_UNKNOWN;
	return got < 0 ? got : got == 0;
}

static int
start_once(struct chain *chain, const struct source_start *start)
{
	enum gap_reason gap = GAP_NONE;
	int64_t began_ms = sse_clock_file_time_ms(chain->options.clock);
	uint64_t skipped = 0;
	int placed = start_at_position(chain, start, &gap);
	int error = placed < 0 ? placed : 0;

	if (placed == 0)
		error = start_without_position(chain, start->records);
	if (error != 0)
		return error;
	chain->came_ms =
	    placed == 1 ? start->position->stamp_ms : chain->stamp_ms;
	chain_add_gap(chain, start->gap, SOURCE_SKIPPED_UNKNOWN);
	chain_add_gap(chain, gap, SOURCE_SKIPPED_UNKNOWN);
	if (placed == 0 && start->records != SOURCE_RECORDS_ALL)
		return 0;
	error = limit_replay(chain, began_ms, &skipped);
	if (error != 0 || skipped == 0)
		return error;
	raise_stamp(chain, began_ms);
	if (placed == 0)
		chain->came_ms = chain->stamp_ms;
	chain_add_gap(chain, GAP_LIMIT, skipped);
	return 0;
}

int
start_chain(struct chain *chain, const struct source_start *start)
{
	int error = chain_check_path(chain);

	/* Its leader's log is a file, which is not there just now. */
	if (error == RESULT_WRONG_KIND && chain->options.ops != NULL)
		error = 0;
	/* A position may be in an older file, which may be read. */
	if (error != 0 && (error != -EACCES || start->position == NULL))
		return error;
	/* A log that is truncated just now is as it is a moment later. */
	for (int i = 0; i < SEARCH_TRIES_MAX; i++) {
		error = start_once(chain, start);
		if (error != RESULT_CHANGED && error != -ESTALE)
			break;
		chain_close_all(chain);
		chain->gaps_count = 0;
	}
	if (error == 0) {
		leave_line(chain);
	} else {
		chain_close_all(chain);
		chain->gaps_count = 0;
	}
	return error == RESULT_CHANGED || error == -ESTALE ? RESULT_UNSETTLED
							   : error;
}
