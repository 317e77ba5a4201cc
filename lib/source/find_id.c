/*
 * find_id.c - the last record with an id.
 *
 * A client may bring any id, and so make us read all that replay allows.
 */
#include "config.h"

#include "source/find_id.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/effort.h"
#include "record/reverse_reader.h"
#include "record/seek.h"
#include "source/snapshot_take.h"
#include "source/file_shared.h"

struct find_id {
	const struct source_options *options;
	const struct log_names *names;
	char id[SSE_ID_SIZE_MAX];
	size_t id_size;

	struct snapshot snapshot;
	bool is_taken; /* the snapshot; else it is the next to be done */
	size_t index;  /* of the candidate after the one to be searched */
	int fd;        /* of the one that is searched; -1: none is */
	bool looking;  /* in candidates[index], by reverse reader */
	uint64_t left; /* bytes that may be searched */
	struct reverse_reader reverse;
	struct effort effort;
	struct record record; /* given by reverse reader, if pending */
	bool pending;         /* it was not compared yet */
	int tries;
};

/* It is not looked at any more. */
static void
leave(struct find_id *find)
{
	if (find->fd >= 0)
		snapshot_leave(
		    &find->snapshot.candidates[find->index], find->fd);
	find->fd = -1;
}

static int
take_snapshot(struct find_id *find)
{
	int error;

	leave(find);
	reverse_reader_done(&find->reverse);
	snapshot_done(&find->snapshot);
	find->is_taken = find->looking = find->pending = false;
	error = snapshot_take_searched(&find->snapshot, find->names,
	    sse_clock_file_time_ms(find->options->clock),
	    file_shared_listing(find->options->shared));
	if (error != 0)
		return error;
	find->is_taken = true;
	find->index = find->snapshot.count;
	find->left = find->options->replay_size;
	return 0;
}

int
find_id_new(const struct source_options *options, const struct log_names *names,
    struct sse_slice id, struct find_id **ret_find)
{
	struct find_id *find;
	int error;

	if (options->ids == NULL || id.size == 0 || id.size > SSE_ID_SIZE_MAX)
		return RESULT_NONE;
	find = calloc(1, sizeof(*find));
	if (find == NULL)
		return -ENOMEM;
	find->options = options;
	find->names = names;
	find->fd = -1;
	effort_init(&find->effort, options->clock, EFFORT_UNLIMITED);
	memcpy(find->id, id.data, id.size);
	find->id_size = id.size;
	error = take_snapshot(find);
	if (error != 0) {
		find_id_free(find);
		return error;
	}
	*ret_find = find;
	return 0;
}

void
find_id_free(struct find_id *find)
{
	if (find == NULL)
		return;
	leave(find);
	reverse_reader_done(&find->reverse);
	snapshot_done(&find->snapshot);
	free(find);
}

/* Whether the record has the id: 1, 0, -ENOMEM. */
static int
has_id(struct find_id *find, const struct record *record)
{
	const struct record_ids *ids = find->options->ids;

	return ids->has(
	    ids->context, record, (struct sse_slice){find->id, find->id_size});
}

/* The next older file, if there is one, and if it may be searched. */
static int
begin_next(struct find_id *find)
{
	const struct candidate *candidate;
	uint64_t end;
	int fd, error;

	if (find->index == 0 || find->left == 0)
		return RESULT_NONE;
	candidate = &find->snapshot.candidates[find->index - 1];
	fd = snapshot_open(&find->snapshot, candidate);
	if (fd < 0)
		return fd == -EACCES ? RESULT_NONE : fd;
	error = seek_end(fd, candidate->stat.size, find->left, &end);
	if (error != 0) {
		snapshot_leave(candidate, fd);
		return error;
	}
	find->index--;
	find->fd = fd;
	reverse_reader_init(&find->reverse,
	    &(struct reverse_reader_options){
		.fd = find->fd,
		.rule = find->options->rule,
		.end = end,
		.bytes_max = find->left,
		.record_size_max = find->options->record_size_max,
		.rest = !candidate->current || !find->options->follow,
		.effort = &find->effort,
	    });
	find->looking = true;
	return 0;
}

static void
end_file(struct find_id *find)
{
	uint64_t size = find->snapshot.candidates[find->index].stat.size;

	leave(find);
	reverse_reader_done(&find->reverse);
	find->looking = false;
	find->left -= size < find->left ? size : find->left;
}

static int
found(const struct find_id *find, struct sse_position *ret_position)
{
	int error = snapshot_position(
	    &find->snapshot, find->index, find->record.end, ret_position);

	return error != 0 ? error : 1;
}

/*
 * Goes on in the file that is being searched, for at most one read, until the
 * turn is over.
 */
static int
look_on(struct find_id *find, struct sse_position *ret_position)
{
	int got = 1;

	while (find->pending || (got = reverse_reader_next(
				     &find->reverse, &find->record)) == 1) {
		find->pending = true;
		got = has_id(find, &find->record);
		if (got == 1)
			got = found(find, ret_position);
		/* In a shortage it is asked of again. */
		if (got < 0)
			return got;
		find->pending = false;
		if (got == 1)
			return 1;
		if (effort_look(&find->effort))
			return 0;
	}
	if (got != RESULT_NONE)
		return got;
	end_file(find);
	return 0;
}

static bool
has_changed(int error)
{
	return error == RESULT_CHANGED || error == RESULT_UNSETTLED ||
	       error == -ESTALE;
}

int
find_id_next(struct find_id *find, struct sse_position *ret_position)
{
	int got = find->is_taken ? 0 : take_snapshot(find);

	if (got == 0 && !find->looking)
		got = begin_next(find);
	effort_go_on(&find->effort);
	if (got == 0)
		got = look_on(find, ret_position);
	/* It was truncated, or is gone: what it is now may be of use. */
	if (has_changed(got) && find->tries++ < FIND_ID_TRIES_MAX)
		got = take_snapshot(find);
	return has_changed(got) ? RESULT_NONE : got;
}
