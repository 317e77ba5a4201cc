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
#include "source/log_set_resolve.h"
#include "source/stamp.h"

/* Where the reading begins: in open[index]. */
struct cut {
	size_t index;
	uint64_t first; /* offset of the newest bytes that may be given */
	uint64_t end;   /* of the data in the file */
};

static uint64_t
offset_of(const struct log_set *set, size_t index)
{
	return set->open[index]->fingerprint.offset;
}

/* From the lead on to before open[end]: adds what was passed over. */
static int
pass_over(struct log_set *set, size_t end, uint64_t *skipped)
{
	int error = 0;

	assert(end <= set->count);
	for (size_t i = set->lead; error == 0 && i < end; i++) {
		*skipped += log_file_unread_size(set->open[i]);
		error = log_file_pass_over(set->open[i]);
	}
	return error;
}

/*
 * Passes over what is open as long as the files that are due have all that may
 * be replayed.
 */
static int
pass_over_open(struct log_set *set, int64_t began_ms, uint64_t *skipped)
{
	int error = 0;

	while (error == 0 && log_set_due_size(set) > set->options.replay_size) {
		for (size_t i = set->lead; i < set->count; i++)
			set->open[i]->gap = GAP_NONE;
		error = pass_over(set, set->count, skipped);
		if (error != 0)
			break;
		set->lead = set->count - 1;
		stamp_pass_over(set, began_ms);
		error = log_set_go_on(set);
	}
	return error;
}

/*
 * The newest data that are unread in the file of the cut, at most *left, are
 * taken off it.  Holes do not count, and neither do NULs at the end.
 */
static int
take_unread(const struct log_set *set, struct cut *cut, uint64_t *left)
{
	const struct log_file *file = set->open[cut->index];
	uint64_t size = log_file_unread_size(file);
	int error;

	cut->first = file->fingerprint.offset;
	cut->end = file->stat.size;
	if (size <= *left) {
		*left -= size;
		return 0;
	}
	error =
	    seek_end(file->fd, cut->end, set->options.replay_size, &cut->end);
	if (error == 0)
		cut->first = seek_data(
		    file->fd, file->fingerprint.offset, cut->end, left);
	return error;
}

/* 1 and the cut; 0: all that is unread may be given. */
static int
find_cut(const struct log_set *set, struct cut *ret_cut)
{
	uint64_t left = set->options.replay_size - log_set_due_size(set);
	struct cut cut;

	assert(log_set_due_size(set) <= set->options.replay_size);
	for (size_t i = set->count; i > set->lead; i--) {
		int error;

		cut.index = i - 1;
		error = take_unread(set, &cut, &left);
		if (error != 0)
			return error;
		if (cut.first > offset_of(set, cut.index)) {
			*ret_cut = cut;
			return 1;
		}
	}
	return 0;
}

int
replay_at_line(const struct source_options *options, int fd, uint64_t *offset)
{
	struct fingerprint fingerprint;
	uint64_t line;
	int error = fingerprint_load(&fingerprint, fd, *offset);

	if (error != 0 || fingerprint_ends_line(&fingerprint))
		return error;
	error = seek_back(fd, *offset, 0, options->record_size_max, &line);
	if (error == 0)
		*offset = line;
	return error;
}

/* Passes over what is before that offset of the file that is replayed. */
static int
cut_at(struct replay *replay, struct log_set *set, uint64_t offset)
{
	uint64_t begin = offset_of(set, replay->index);
	int error = pass_over(set, replay->index, &replay->skipped);

	if (error != 0)
		return error;
	/* What was read already is not given once more. */
	if (offset < begin)
		offset = begin;
	replay->skipped += offset - begin;
	set->lead = replay->index;
	return log_file_begin_at(set->open[replay->index], offset);
}

int
replay_next(struct replay *replay, struct log_set *set)
{
	int fd = replay->forward.file.fd, error;
	uint64_t offset;

	assert(replay->index < set->count);
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
		error = replay_at_line(&set->options, fd, &offset);
	return error == 0 ? cut_at(replay, set, offset) : error;
}

static void
begin_search(
    struct replay *replay, const struct log_set *set, const struct cut *cut)
{
	const struct boundary_file file = {
	    .fd = set->open[cut->index]->fd,
	    .rule = set->options.rule,
	    .record_size_max = set->options.record_size_max,
	    .effort = &replay->effort,
	};

	replay->index = cut->index;
	replay->unchanged.has_rested = false;
	effort_init(&replay->effort, set->options.clock, EFFORT_MAX_MS);
	boundary_forward_begin(&replay->forward, &file, cut->first, cut->end);
}

int
replay_begin(struct replay *replay, struct log_set *set, int64_t began_ms)
{
	struct cut cut = {0};
	int error, got;

	replay->skipped = 0;
	error = pass_over_open(set, began_ms, &replay->skipped);
	if (error != 0)
		return error;
	got = find_cut(set, &cut);
	if (got <= 0)
		return got;
	begin_search(replay, set, &cut);
	return replay_next(replay, set);
}
