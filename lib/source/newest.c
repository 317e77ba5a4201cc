/*
 * newest.c - the newest records of a log.
 *
 * They are counted from the end of the current file backwards; when its
 * beginning is reached, from the end of the generation before it.  What is
 * joined over two files is one record, and is counted where it begins.
 */
#include "config.h"

#include "source/newest.h"

#include "record/boundary.h"
#include "record/seek.h"
#include "source/search.h"

/* A search, from file to file. */
struct count {
	const struct snapshot *snapshot;
	const struct source_options *options;
	uint64_t records; /* that are still to be found */
	uint64_t bytes;   /* that may still be gone back over */
	int64_t effort_end_ns;
};

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

/* Goes back in one file. */
static int
look_in(struct count *count, size_t index, uint64_t *ret_offset)
{
	const struct candidate *candidate = &count->snapshot->candidates[index];
	uint64_t size;
	const struct boundary_file file = {
	    .fd = snapshot_open(count->snapshot, candidate),
	    .rule = count->options->rule,
	    .record_size_max = count->options->record_size_max,
	    .is_over = !candidate->current,
	    .goes_on = older(count->snapshot, index) < index,
	    .effort_end_ns = count->effort_end_ns,
	};
	/* NULs that nothing follows are room for data to come. */
	int error = file.fd < 0 ? file.fd
				: seek_end(file.fd, candidate->stat.size,
				      count->options->replay_size, &size);

	if (error == 0)
		error = boundary_back(
		    &file, size, &count->records, count->bytes, ret_offset);
	snapshot_leave(candidate, file.fd);
	if (error == 0)
		count->bytes -= size - *ret_offset < count->bytes
				    ? size - *ret_offset
				    : count->bytes;
	return error;
}

int
newest_find(const struct snapshot *snapshot,
    const struct source_options *options, uint64_t records,
    struct newest *ret_newest)
{
	struct count count = {snapshot, options, records, options->replay_size,
	    boundary_effort_end()};
	struct newest found = {.index = snapshot->count - 1};
	size_t index = found.index, next;
	uint64_t offset;
	int error;

	/* What has begun is not old. */
	if (records == 0)
		count.bytes = snapshot->candidates[index].stat.size;
	error = look_in(&count, index, &found.offset);
	offset = found.offset;
	while (error == 0 && offset == 0 && count.records > 0 &&
	       count.bytes > 0 && (next = older(snapshot, index)) < index) {
		index = next;
		error = look_in(&count, index, &offset);
		if (error == 0 &&
		    offset < snapshot->candidates[index].stat.size)
			found = (struct newest){index, offset};
	}
	if (error == 0)
		*ret_newest = found;
	return error;
}
