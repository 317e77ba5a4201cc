/*
 * newest.c - the newest records of a log.
 *
 * They are counted from the end of the current file backwards; when its
 * beginning is reached, from the end of the generation before it.  What is
 * joined over two files is one record, and is counted where it begins.
 */
#include "config.h"

#include "source/newest.h"

#include <errno.h>
#include <stdlib.h>

#include "source/search.h"
#include "record/seek.h"
#include "source/snapshot_take.h"
#include "source/file_shared.h"

bool
newest_is_part(const struct snapshot *snapshot, struct candidate *candidate)
{
	const struct search_question none = {.due_count = 0};
	struct search search = {.question = &none, .snapshot = *snapshot};

	return !candidate->compressed && !candidate->taken &&
	       !search_is_being_copied(&search, candidate);
}

/* The generation before that one; index itself: none can be read. */
static size_t
older(const struct snapshot *snapshot, size_t index)
{
	for (size_t i = index; i-- > 0;) {
		if (snapshot->candidates[i].compressed ||
		    snapshot->candidates[i].taken)
			break;
		if (newest_is_part(snapshot, &snapshot->candidates[i]))
			return i;
	}
	return index;
}

/* No file is searched any more. */
static void
leave(struct newest *newest)
{
	if (newest->fd < 0)
		return;
	boundary_back_done(&newest->back);
	snapshot_leave(
	    &newest->snapshot.candidates[newest->looking], newest->fd);
	newest->fd = -1;
}

int
newest_new(const struct source_options *options, const struct log_names *names,
    uint64_t records, struct newest **ret_newest)
{
	struct newest *newest = calloc(1, sizeof(*newest));
	int error;

	if (newest == NULL)
		return -ENOMEM;
	newest->options = options;
	newest->fd = -1;
	error = snapshot_take(&newest->snapshot, names,
	    sse_clock_file_time_ms(options->clock),
	    file_shared_listing(options->shared), NULL);
	if (error == 0 && snapshot_awaits_current(&newest->snapshot))
		error = -EACCES;
	if (error != 0) {
		newest_free(newest);
		return error;
	}
	newest->index = newest->snapshot.count;
	if (snapshot_current(&newest->snapshot) != NULL)
		newest->index--;
	newest->looking = newest->index;
	newest->records = records;
	newest->bytes = options->replay_size;
	effort_init(&newest->effort, options->clock, EFFORT_MAX_MS);
	*ret_newest = newest;
	return 0;
}

void
newest_free(struct newest *newest)
{
	if (newest == NULL)
		return;
	leave(newest);
	snapshot_done(&newest->snapshot);
	free(newest);
}

/* Whether the file ends in an event; what cannot be read is none of it. */
static bool
ends_in_event(
    const struct snapshot *snapshot, const struct candidate *candidate)
{
	int fd = snapshot_open(snapshot, candidate);
	struct fingerprint end;
	bool ends_blank =
	    fd < 0 || fingerprint_load(&end, fd, candidate->stat.size) != 0 ||
	    fingerprint_ends_blank(&end);

	snapshot_leave(candidate, fd);
	return !ends_blank;
}

/*
 * Whether the file that is searched may begin with a part of what an older one
 * ends with; of an event that shows there.
 */
static bool
has_beginning(const struct newest *newest)
{
	const struct snapshot *snapshot = &newest->snapshot;
	const struct record_rule *rule = newest->options->rule;
	size_t index = newest->looking, next = older(snapshot, index);

	if (rule == NULL || rule->kind != RECORD_HAS_BLANK)
		return next < index;
	while (next < index && snapshot->candidates[next].stat.size == 0) {
		index = next;
		next = older(snapshot, index);
	}
	return next < index &&
	       ends_in_event(snapshot, &snapshot->candidates[next]);
}

/* Opens the file that is to be searched. */
static int
begin_file(struct newest *newest)
{
	const struct snapshot *snapshot = &newest->snapshot;
	const struct candidate *candidate =
	    &snapshot->candidates[newest->looking];
	struct boundary_file file = {
	    .fd = snapshot_open(snapshot, candidate),
	    .rule = newest->options->rule,
	    .record_size_max = newest->options->record_size_max,
	    .is_over = !candidate->current || !newest->options->follow,
	    .goes_on = has_beginning(newest),
	    .is_ended = newest->is_ended,
	    .effort = &newest->effort,
	};
	/* What has begun is not old. */
	uint64_t bytes =
	    newest->records > 0 ? newest->bytes : candidate->stat.size;
	/* NULs that nothing follows are room for data to come. */
	int error = file.fd < 0
			? file.fd
			: seek_end(file.fd, candidate->stat.size,
			      newest->options->replay_size, &newest->size);

	if (error != 0) {
		snapshot_leave(candidate, file.fd);
		return error;
	}
	newest->fd = file.fd;
	newest->unchanged.has_rested = false;
	boundary_back_begin(&newest->back, &file, newest->size, bytes);
	return 0;
}

/*
 * The file was searched, to that offset: RESULT_PARTIAL if the one before it is
 * to be.
 */
static int
end_file(struct newest *newest, uint64_t offset)
{
	const struct snapshot *snapshot = &newest->snapshot;
	size_t index = newest->looking;
	uint64_t passed = newest->size - offset;

	newest->is_ended = boundary_back_ends(&newest->back);
	leave(newest);
	newest->bytes -= passed < newest->bytes ? passed : newest->bytes;
	if (snapshot->candidates[index].current ||
	    offset < snapshot->candidates[index].stat.size) {
		newest->index = index;
		newest->offset = offset;
	}
	if (offset > 0 || newest->records == 0 || newest->bytes == 0)
		return 0;
	newest->looking = older(snapshot, index);
	return newest->looking < index ? RESULT_PARTIAL : 0;
}

/*
 * Goes on in one file, for the rest of the turn; RESULT_PARTIAL: there is more.
 */
static int
look_on(struct newest *newest)
{
	uint64_t offset;
	int error = newest->fd >= 0 ? 0 : begin_file(newest);

	if (error == 0)
		error = boundary_back_next(
		    &newest->back, &newest->records, &offset);
	if (error == 0)
		error = unchanged_check(&newest->unchanged, newest->fd);
	return error == 0 ? end_file(newest, offset) : error;
}

static int
rest(struct newest *newest)
{
	int error = newest->fd < 0 ? 0
				   : unchanged_rest(&newest->unchanged,
					 newest->fd, newest->size);

	return error == 0 ? RESULT_PARTIAL : error;
}

int
newest_next(struct newest *newest)
{
	int error = RESULT_PARTIAL;

	if (newest->index == newest->snapshot.count ||
	    newest->records == SOURCE_RECORDS_ALL)
		return 0;
	effort_go_on(&newest->effort);
	while (error == RESULT_PARTIAL && !newest->effort.rests) {
		error = look_on(newest);
		(void)effort_look(&newest->effort);
	}
	return error == RESULT_PARTIAL ? rest(newest) : error;
}
