/*
 * recall.c - the last record with an id.
 *
 * A client may bring any id, and so make us read all that replay allows.
 */
#include "config.h"

#include "source/recall.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record/effort.h"
#include "record/lookback.h"
#include "record/seek.h"
#include "source/snapshot_take.h"

struct recall {
	const struct source_options *options;
	const struct log_names *names;
	char id[SSE_ID_SIZE_MAX];
	size_t id_size;

	struct snapshot snapshot;
	bool is_taken; /* the snapshot; else it is the next to be done */
	size_t index;  /* of the candidate after the one to be searched */
	int fd;        /* of the one that is searched; -1: none is */
	bool looking;  /* in candidates[index], by lookback */
	uint64_t left; /* bytes that may be searched */
	struct lookback lookback;
	struct effort effort;
	struct record record; /* given by lookback, if pending */
	bool pending;         /* it was not compared yet */
	int tries;
};

/* It is not looked at any more. */
static void
leave(struct recall *recall)
{
	if (recall->fd >= 0)
		snapshot_leave(
		    &recall->snapshot.candidates[recall->index], recall->fd);
	recall->fd = -1;
}

static int
take_snapshot(struct recall *recall)
{
	int error;

	leave(recall);
	lookback_done(&recall->lookback);
	snapshot_done(&recall->snapshot);
	recall->is_taken = recall->looking = recall->pending = false;
	error = snapshot_take(&recall->snapshot, recall->names,
	    sse_clock_file_time_ms(recall->options->clock),
	    recall->options->listing, NULL);
	if (error == -ENOENT)
		return RESULT_NONE;
	if (error != 0)
		return error;
	if (snapshot_awaits_current(&recall->snapshot))
		return -EACCES;
	recall->is_taken = true;
	recall->index = recall->snapshot.count;
	recall->left = recall->options->replay_size;
	return recall->index > 0 ? 0 : RESULT_NONE;
}

int
recall_new(const struct source_options *options, const struct log_names *names,
    struct sse_slice id, struct recall **ret_recall)
{
	struct recall *recall;
	int error;

	if (options->ids == NULL || id.size == 0 || id.size > SSE_ID_SIZE_MAX)
		return RESULT_NONE;
	recall = calloc(1, sizeof(*recall));
	if (recall == NULL)
		return -ENOMEM;
	recall->options = options;
	recall->names = names;
	recall->fd = -1;
	effort_init(&recall->effort, options->clock, EFFORT_UNLIMITED);
	memcpy(recall->id, id.data, id.size);
	recall->id_size = id.size;
	error = take_snapshot(recall);
	if (error != 0) {
		recall_free(recall);
		return error;
	}
	*ret_recall = recall;
	return 0;
}

void
recall_free(struct recall *recall)
{
	if (recall == NULL)
		return;
	leave(recall);
	lookback_done(&recall->lookback);
	snapshot_done(&recall->snapshot);
	free(recall);
}

/* Whether the record has the id: 1, 0, -ENOMEM. */
static int
has_id(struct recall *recall, const struct record *record)
{
	const struct record_ids *ids = recall->options->ids;

	return ids->has(ids->context, record,
	    (struct sse_slice){recall->id, recall->id_size});
}

/* The next older file, if there is one, and if it may be searched. */
static int
begin_next(struct recall *recall)
{
	const struct candidate *candidate;
	uint64_t end;
	int fd, error;

	if (recall->index == 0 || recall->left == 0)
		return RESULT_NONE;
	candidate = &recall->snapshot.candidates[recall->index - 1];
	fd = snapshot_open(&recall->snapshot, candidate);
	if (fd < 0)
		return fd == -EACCES ? RESULT_NONE : fd;
	recall->index--;
	recall->fd = fd;
	error = seek_end(recall->fd, candidate->stat.size, recall->left, &end);
	if (error != 0)
		return error;
	lookback_init(&recall->lookback,
	    &(struct lookback_options){
		.fd = recall->fd,
		.rule = recall->options->rule,
		.end = end,
		.bytes_max = recall->left,
		.record_size_max = recall->options->record_size_max,
		.rest = !candidate->current,
		.effort = &recall->effort,
	    });
	recall->looking = true;
	return 0;
}

static void
end_file(struct recall *recall)
{
	uint64_t size = recall->snapshot.candidates[recall->index].stat.size;

	leave(recall);
	lookback_done(&recall->lookback);
	recall->looking = false;
	recall->left -= size < recall->left ? size : recall->left;
}

static int
found(const struct recall *recall, struct sse_position *ret_position)
{
	int error = snapshot_position(
	    &recall->snapshot, recall->index, recall->record.end, ret_position);

	return error != 0 ? error : 1;
}

/*
 * Goes on in the file that is being searched, for at most one read, until the
 * turn is over.
 */
static int
look_on(struct recall *recall, struct sse_position *ret_position)
{
	int got = 1;

	while (recall->pending ||
	       (got = lookback_next(&recall->lookback, &recall->record)) == 1) {
		recall->pending = true;
		got = has_id(recall, &recall->record);
		if (got < 0)
			return got;
		recall->pending = false;
		if (got == 1)
			return found(recall, ret_position);
		if (effort_look(&recall->effort))
			return 0;
	}
	if (got != RESULT_NONE)
		return got;
	end_file(recall);
	return 0;
}

static bool
has_changed(int error)
{
	return error == RESULT_CHANGED || error == RESULT_UNSETTLED ||
	       error == -ESTALE;
}

int
recall_next(struct recall *recall, struct sse_position *ret_position)
{
	int got = recall->is_taken ? 0 : take_snapshot(recall);

	if (got == 0 && !recall->looking)
		got = begin_next(recall);
	effort_go_on(&recall->effort);
	if (got == 0)
		got = look_on(recall, ret_position);
	/* It was truncated, or is gone: what it is now may be of use. */
	if (has_changed(got) && recall->tries++ < RECALL_TRIES_MAX)
		got = take_snapshot(recall);
	return has_changed(got) ? RESULT_NONE : got;
}
