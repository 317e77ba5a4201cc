/*
 * replay.c - how much of a log's old records a reader is given.
 *
 * From the end backwards: each file gives what is unread of it, until the limit
 * is used up in one of them.  There the reading begins, at a record.
 */
#include "config.h"

#include "source/replay.h"

#include <assert.h>

#include "record/seek.h"
#include "source/chain_resolve.h"
#include "source/stamp.h"

/* Where the reading begins: in open[index]. */
struct cut {
	size_t index;
	uint64_t first; /* offset of the newest bytes that may be given */
	uint64_t end;   /* of the data in the file */
};

static uint64_t
offset_of(const struct chain *chain, size_t index)
{
	return chain->open[index]->evidence.offset;
}

/* From the lead on to before open[end]: adds what was passed over. */
static int
pass_over(struct chain *chain, size_t end, uint64_t *skipped)
{
	int error = 0;

	assert(end <= chain->count);
	for (size_t i = chain->lead; error == 0 && i < end; i++) {
		*skipped += generation_unread_size(chain->open[i]);
		error = generation_begin_at(
		    chain->open[i], chain->open[i]->stat.size);
	}
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

	while (
	    error == 0 && chain_due_size(chain) > chain->options.replay_size) {
		for (size_t i = chain->lead; i < chain->count; i++)
			chain->open[i]->gap = GAP_NONE;
		error = pass_over(chain, chain->count, skipped);
		if (error != 0)
			break;
		chain->lead = chain->count - 1;
		stamp_pass_over(chain, began_ms);
		error = chain_go_on(chain);
	}
	return error;
}

/*
 * The newest data that are unread in the file of the cut, at most *left, are
 * taken off it.  Holes do not count, and neither do NULs at the end.
 */
static int
take_unread(const struct chain *chain, struct cut *cut, uint64_t *left)
{
	const struct generation *generation = chain->open[cut->index];
	uint64_t size = generation_unread_size(generation);
	int error;

	cut->first = generation->evidence.offset;
	cut->end = generation->stat.size;
	if (size <= *left) {
		*left -= size;
		return 0;
	}
	error = seek_end(
	    generation->fd, cut->end, chain->options.replay_size, &cut->end);
	if (error == 0)
		cut->first = seek_data(generation->fd,
		    generation->evidence.offset, cut->end, left);
	return error;
}

/* 1 and the cut; 0: all that is unread may be given. */
static int
find_cut(const struct chain *chain, struct cut *ret_cut)
{
	uint64_t left = chain->options.replay_size - chain_due_size(chain);
	struct cut cut;

	assert(chain_due_size(chain) <= chain->options.replay_size);
	for (size_t i = chain->count; i > chain->lead; i--) {
		int error;

		cut.index = i - 1;
		error = take_unread(chain, &cut, &left);
		if (error != 0)
			return error;
		if (cut.first > offset_of(chain, cut.index)) {
			*ret_cut = cut;
			return 1;
		}
	}
	return 0;
}

int
replay_at_line(const struct source_options *options, int fd, uint64_t *offset)
{
	struct evidence evidence;
	uint64_t line;
	int error = evidence_load(&evidence, fd, *offset);

	if (error != 0 || evidence_ends_line(&evidence))
		return error;
	error = seek_back(fd, *offset, 0, options->record_size_max, &line);
	if (error == 0)
		*offset = line;
	return error;
}

/* Passes over what is before that offset of the file that is replayed. */
static int
cut_at(struct replay *replay, struct chain *chain, uint64_t offset)
{
	uint64_t begin = offset_of(chain, replay->index);
	int error = pass_over(chain, replay->index, &replay->skipped);

	if (error != 0)
		return error;
	/* What was read already is not given once more. */
	if (offset < begin)
		offset = begin;
	replay->skipped += offset - begin;
	chain->lead = replay->index;
	return generation_begin_at(chain->open[replay->index], offset);
}

int
replay_next(struct replay *replay, struct chain *chain)
{
	int fd = replay->forward.file.fd, error;
	uint64_t offset;

	assert(replay->index < chain->count);
	effort_go_on(&replay->effort);
	error = boundary_forward_next(&replay->forward, &offset);
	replay->goes_on = error == RESULT_PARTIAL;
	if (replay->goes_on)
		error =
		    unchanged_rest(&replay->unchanged, fd, replay->forward.end);
	if (error != 0 || replay->goes_on)
		return error != 0 ? error : RESULT_PARTIAL;
	error = unchanged_check(&replay->unchanged, fd);
	if (error == 0)
		error = replay_at_line(&chain->options, fd, &offset);
	return error == 0 ? cut_at(replay, chain, offset) : error;
}

static void
begin_search(
    struct replay *replay, const struct chain *chain, const struct cut *cut)
{
	const struct boundary_file file = {
	    .fd = chain->open[cut->index]->fd,
	    .rule = chain->options.rule,
	    .record_size_max = chain->options.record_size_max,
	    .effort = &replay->effort,
	};

	replay->index = cut->index;
	replay->unchanged.has_rested = false;
	effort_init(&replay->effort, chain->options.clock, EFFORT_MAX_MS);
	boundary_forward_begin(&replay->forward, &file, cut->first, cut->end);
}

int
replay_begin(struct replay *replay, struct chain *chain, int64_t began_ms)
{
	struct cut cut = {0};
	int error, got;

	replay->skipped = 0;
	error = pass_over_open(chain, began_ms, &replay->skipped);
	if (error != 0)
		return error;
	got = find_cut(chain, &cut);
	if (got <= 0)
		return got;
	begin_search(replay, chain, &cut);
	return replay_next(replay, chain);
}
