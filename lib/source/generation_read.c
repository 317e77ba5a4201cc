/*
 * generation_read.c - one read of a file of a log, proven.
 *
 * NULs are no data as long as nothing follows them: they are room that a writer
 * has taken in advance, or where it has not come to yet.  NULs that data follow
 * are passed over; what they are filled with later is read then, and is late.
 */
#include "config.h"

#include "source/generation_read.h"

#include <string.h>

#include "record/nuls.h"

/* An empty file that has changed where we stand is not the one that it was. */
static bool
was_emptied(
    const struct generation *generation, const struct sse_file_stat *stat)
{
	return generation->evidence.offset == 0 &&
	       stat->mtime_ms != generation->mtime_ms &&
	       generation_is_empty(generation, stat);
}

/* NULs before the offset were filled: the check is another then.  1, 0, -errno.
 */
static int
follow_fill(struct generation *generation)
{
	struct evidence position;
	int same = evidence_follow(&generation->evidence, generation->fd);
	int error = 0;

	if (same == 1)
		error = evidence_load(
		    &position, generation->fd, generation->offset);
	if (same != 1 || error != 0)
		return error == RESULT_CHANGED ? 0 : error != 0 ? error : same;
	generation->check = evidence_check(&position);
	return 1;
}

/*
 * Whether the file is what it was, though it may look shorter, and NULs may
 * have been filled: 1, 0, -errno.  A network file system may tell a size that
 * is older than the data.  So what the file still has is believed, unless that
 * proves nothing.
 */
static int
is_the_same(struct generation *generation, const struct sse_file_stat *stat)
{
	struct evidence *evidence = &generation->evidence;
	int same;

	if (stat->size < evidence->offset && evidence_weak(evidence))
		return 0;
	same = evidence_holds(evidence, generation->fd);
	if (same == 0)
		same = follow_fill(generation);
	return same;
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

/* ---------------------------------------------------------------- NULs -- */

/* Whether there is anything but NULs from there on, in one read; -errno. */
static int
has_data(struct generation *generation, struct generation_buffer *buffer,
    uint64_t at, uint64_t size)
{
	size_t wanted = size - at < sizeof(buffer->data) ? (size_t)(size - at)
							 : sizeof(buffer->data);
	ssize_t got =
	    sse_fd_pread_all(generation->fd, buffer->data, wanted, at);
	size_t nuls;

	if (got < 0)
		return (int)got;
	nuls = nuls_before((struct sse_slice){buffer->data, (size_t)got});
	if (nuls == (size_t)got)
		return 0;
	generation->followed = at + nuls + 1;
	return 1;
}

/*
 * Whether anything follows so many NULs at the offset: 1, 0, -errno.  Behind
 * the hole or at the end of the file, that is: where it ends in many NULs they
 * are room for data to come.
 */
static int
is_followed(struct generation *generation, struct generation_buffer *buffer,
    size_t nuls, uint64_t size)
{
	uint64_t at = generation->evidence.offset + nuls, data;
	uint64_t last =
	    size > sizeof(buffer->data) ? size - sizeof(buffer->data) : 0;
	int has = 0;

	if (at < generation->followed)
		return 1;
	data = sse_fd_data_from(generation->fd, at, size);
	if (data < last)
		has = has_data(generation, buffer, data, size);
	/* Not before these NULs, where there are data of course. */
	if (last < at)
		last = at;
	return has != 0 ? has : has_data(generation, buffer, last, size);
}

/*
 * Whether so many NULs at the offset are still NULs: 1, 0, -errno.  They may
 * have been filled while it was looked at what follows them.
 */
static int
are_nuls(const struct generation *generation, struct generation_buffer *buffer,
    size_t nuls)
{
	ssize_t got = sse_fd_pread_all(
	    generation->fd, buffer->data, nuls, generation->evidence.offset);

	if (got < 0)
		return (int)got;
	return nuls_before((struct sse_slice){buffer->data, (size_t)got}) ==
	       nuls;
}

/*
 * Passes over so many NULs, and the hole behind them if there is one; over none
 * when they have just been filled: the next read has what they are now.
 */
static ssize_t
pass_nuls(struct generation *generation, struct generation_buffer *buffer,
    size_t nuls, uint64_t limit)
{
	uint64_t offset = generation->evidence.offset;
	uint64_t data = sse_fd_data_from(generation->fd, offset + nuls, limit);
	/* Data follow: to hear of none is a mistake, or from another time. */
	uint64_t size = data < limit ? data - offset : nuls;
	int still = are_nuls(generation, buffer, nuls);

	if (still <= 0)
		return still < 0 ? still : 1;
	/* A record that has begun keeps what it has room for. */
	if (generation->splitter.unfinished &&
	    size <= generation->splitter.record_size_max) {
		generation->chunk_size = nuls;
		return (ssize_t)nuls;
	}
	generation->skip_size = size;
	return 1;
}

/*
 * What is taken of so many bytes that were read, of a file of that size: not
 * the NULs at their end, as long as nothing follows.
 */
static ssize_t
leave_tail(struct generation *generation, struct generation_buffer *buffer,
    size_t got, uint64_t size, uint64_t limit)
{
	size_t nuls = nuls_behind((struct sse_slice){buffer->data, got});
	bool ends = generation->evidence.offset + got >= size;
	int followed;

	if (nuls < got || ends) {
		generation->tail_size = ends ? nuls : 0;
		generation->chunk_size = got - nuls;
		return (ssize_t)generation->chunk_size;
	}
	followed = is_followed(generation, buffer, got, size);
	if (followed == 0)
		generation->tail_size = size - generation->evidence.offset;
	if (followed <= 0)
		return followed;
	return pass_nuls(generation, buffer, got, limit < size ? limit : size);
}

/*
 * Reads what the NULs that were passed over have been filled with: the whole
 * lines at their beginning, or all when nothing is left of them.
 */
static ssize_t
read_fill(struct generation *generation, struct generation_buffer *buffer,
    const struct sse_file_stat *stat)
{
	struct generation_fill *fill = &generation->fill;
	uint64_t left = fill->end - fill->at;
	size_t size =
	    left < sizeof(buffer->data) ? (size_t)left : sizeof(buffer->data);
	ssize_t got;
	const char *end;

	if (left == 0 || stat->mtime_ms == generation->mtime_ms)
		return 0;
	got = sse_fd_pread(generation->fd, buffer->data, 1, fill->at);
	if (got == 1 && buffer->data[0] != '\0')
		got =
		    sse_fd_pread(generation->fd, buffer->data, size, fill->at);
	if (got <= 0)
		return got;
	end = memchr(buffer->data, '\0', (size_t)got);
	if (end == NULL && (uint64_t)got == left)
		return got;
	size = end != NULL ? (size_t)(end - buffer->data) : (size_t)got;
	end = memrchr(buffer->data, '\n', size);
	return end != NULL ? end + 1 - buffer->data : 0;
}

/* ------------------------------------------------------------- reading -- */

/* The bytes that are in the buffer, or one for those that are passed over. */
static ssize_t
read_some(struct generation *generation, struct generation_buffer *buffer,
    const struct sse_file_stat *stat, uint64_t limit)
{
	size_t size = read_size(generation, stat, limit);
	ssize_t got = read_fill(generation, buffer, stat);

	if (got != 0) {
		generation->fill.size = got > 0 ? (size_t)got : 0;
		return got;
	}
	if (size > 0)
		got = sse_fd_pread(generation->fd, buffer->data, size,
		    generation->evidence.offset);
	if (got <= 0)
		return got;
	return leave_tail(generation, buffer, (size_t)got, stat->size, limit);
}

ssize_t
generation_read(struct generation *generation, struct generation_buffer *buffer,
    uint64_t limit)
{
	struct sse_file_stat stat;
	ssize_t got;
	int same, error = sse_fd_stat(generation->fd, &stat);

	if (error != 0)
		return error;
	if (was_emptied(generation, &stat))
		return RESULT_CHANGED;
	generation->at_end = false;
	generation->chunk_size = generation->fill.size = 0;
	generation->skip_size = generation->tail_size = 0;
	got = read_some(generation, buffer, &stat, limit);
	if (got < 0)
		return got;
	same = is_the_same(generation, &stat);
	if (same != 1)
		return same < 0 ? same : RESULT_CHANGED;
	generation->stat = stat;
	return got;
}
