/*
 * generation.c - one open file of a log.
 */
#include "config.h"

#include "generation.h"

#include <errno.h>
#include <stdlib.h>

/* At the offset of its evidence. */
static void
begin(struct generation *generation, bool discard)
{
	generation->offset = generation->evidence.offset;
	generation->check = evidence_check(&generation->evidence);
	splitter_reset(&generation->splitter, generation->offset, discard);
}

int
generation_new(int fd, uint64_t offset, bool discard, size_t record_size_max,
    struct generation **ret_generation)
{
	struct generation *generation = calloc(1, sizeof(*generation));
	int error;

	if (generation == NULL)
		return -ENOMEM;
	error = sse_fd_stat(fd, &generation->stat);
	if (error == 0)
		error = evidence_load(&generation->evidence, fd, offset);
	if (error != 0) {
		free(generation);
		return error;
	}
	splitter_init(&generation->splitter, record_size_max);
	begin(generation, discard);
	generation->fd = fd;
	generation->file = evidence_file(&generation->stat);
	generation->mtime_ms = generation->stat.mtime_ms;
	generation->size_seen = generation->stat.size;
	*ret_generation = generation;
	return 0;
}

void
generation_found(
    struct generation *generation, const struct sse_file_stat *stat)
{
	generation->mtime_ms = stat->mtime_ms;
	generation->size_seen = stat->size;
}

int
generation_begin_at(struct generation *generation, uint64_t offset)
{
	struct evidence evidence;
	int error = evidence_load(&evidence, generation->fd, offset);

	if (error != 0)
		return error;
	generation->evidence = evidence;
	generation->chunk_size = 0;
	generation->at_end = false;
	begin(generation, false);
	return 0;
}

void
generation_begin_inside(struct generation *generation, bool was_sent)
{
	const struct evidence *evidence = &generation->evidence;

	splitter_reset(&generation->splitter, evidence->offset,
	    !evidence_ends_line(evidence));
	generation->owes_rest = was_sent;
	generation->inside = !was_sent;
	if (was_sent)
		return;
	generation->offset = 0;
	generation->check = evidence_check_at(evidence, 0, evidence->window);
}

void
generation_free(struct generation *generation)
{
	if (generation == NULL)
		return;
	if (generation->watch != NULL)
		watch_forget(generation->watch, generation->watch_number);
	splitter_done(&generation->splitter);
	sse_fd_close(generation->fd);
	free(generation);
}

void
generation_watch(struct generation *generation, struct watch *watch)
{
	if (generation->watch != NULL)
		return;
	generation->watch = watch;
	generation->watch_number = watch_file(watch, generation->fd);
}

/* An empty file that has changed where we stand is not the one that it was. */
static bool
was_emptied(
    const struct generation *generation, const struct sse_file_stat *stat)
{
	return generation->evidence.offset == 0 && stat->size == 0 &&
	       stat->mtime_ms != generation->mtime_ms;
}

/*
 * Whether the file is what it was, though it may look shorter: 1, 0, -errno.
 * A network file system may tell a size that is older than the data.  So what
 * the file still has is believed, unless that proves nothing.
 */
static int
is_the_same(
    const struct generation *generation, const struct sse_file_stat *stat)
{
	const struct evidence *evidence = &generation->evidence;

	if (stat->size < evidence->offset && evidence_weak(evidence))
		return 0;
	return evidence_holds(evidence, generation->fd);
}

/* How much of the buffer a read may fill: up to the size that was seen. */
static size_t
read_size(const struct generation *generation, const struct sse_file_stat *stat,
    uint64_t limit)
{
	uint64_t offset = generation->evidence.offset;

	if (limit > stat->size)
		limit = stat->size;
	if (limit <= offset)
		return 0;
	return limit - offset < GENERATION_READ_SIZE ? (size_t)(limit - offset)
						     : GENERATION_READ_SIZE;
}

ssize_t
generation_read(struct generation *generation, struct generation_buffer *buffer,
    uint64_t limit)
{
	struct sse_file_stat stat;
	ssize_t got = 0;
	size_t size;
	int same, error = sse_fd_stat(generation->fd, &stat);

	if (error != 0)
		return error;
	if (was_emptied(generation, &stat))
		return RESULT_CHANGED;
	generation->at_end = false;
	size = read_size(generation, &stat, limit);
	if (size > 0)
		got = sse_fd_pread(generation->fd, buffer->data, size,
		    generation->evidence.offset);
	if (got < 0)
		return got;
	same = is_the_same(generation, &stat);
	if (same != 1)
		return same < 0 ? same : RESULT_CHANGED;
	generation->stat = stat;
	generation->chunk_size = (size_t)got;
	return got;
}

bool
generation_has_changed(const struct generation *generation)
{
	return generation->chunk_size > 0 ||
	       generation->stat.mtime_ms != generation->mtime_ms ||
	       generation->stat.size != generation->size_seen;
}

void
generation_take(struct generation *generation, struct generation_buffer *buffer)
{
	size_t size = generation->chunk_size;

	generation->mtime_ms = generation->stat.mtime_ms;
	generation->size_seen = generation->stat.size;
	if (size > 0) {
		evidence_advance(&generation->evidence, buffer->data, size);
		splitter_feed(&generation->splitter,
		    (struct sse_slice){buffer->data, size});
	}
	/* At the end as the stat before the read saw it. */
	generation->at_end =
	    generation->evidence.offset >= generation->stat.size;
}

/* The position moves to an end in what was read last. */
static void
move_to(struct generation *generation, const struct generation_buffer *buffer,
    uint64_t end)
{
	const struct evidence *evidence = &generation->evidence;
	uint64_t begin = evidence->offset - generation->chunk_size;

	generation->inside = false;
	generation->offset = end;
	generation->check =
	    evidence_check_at(evidence, end, buffer->data + (end - begin));
}

bool
generation_skip(
    struct generation *generation, const struct generation_buffer *buffer)
{
	if (!splitter_discard(&generation->splitter))
		return false;
	move_to(generation, buffer, generation->splitter.offset);
	return true;
}

bool
generation_skip_rest(struct generation *generation)
{
	uint64_t end = generation->evidence.offset;

	if (!generation->owes_rest || generation->offset == end)
		return false;
	generation->offset = end;
	generation->check = evidence_check(&generation->evidence);
	return true;
}

int
generation_record(struct generation *generation,
    const struct generation_buffer *buffer, struct record *ret_record)
{
	int got = splitter_next(&generation->splitter, ret_record);

	if (got == 1)
		move_to(generation, buffer, ret_record->end);
	return got;
}

int
generation_rest(struct generation *generation, struct record *ret_record)
{
	if (splitter_rest(&generation->splitter, ret_record) == 0)
		return 0;
	generation->inside = false;
	generation->offset = ret_record->end;
	generation->check = evidence_check(&generation->evidence);
	return 1;
}
