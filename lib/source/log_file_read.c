/*
 * log_file_read.c - one read of a file of a log, proven.
 *
 * NULs are not data as long as nothing follows them: they are room that a
 * writer has taken in advance, or where it has not come to yet.  NULs that data
 * follow are passed over; what they are filled with later is read then, and is
 * late.
 */
#include "config.h"

#include "source/log_file_read.h"

#include <string.h>

#include "record/nuls.h"

/*
 * An empty file that has changed where we stand is not the one that it was, but
 * where touch(1) was used.
 */
static bool
was_emptied(const struct log_file *file, const struct sse_file_stat *stat)
{
	return file->fingerprint.offset == 0 &&
	       stat->mtime_ms != file->mtime_ms && !stat->touched &&
	       log_file_is_empty(file, stat);
}

/*
 * NULs before the offset were filled: the check is another then.  1, 0, -errno,
 * and all is as it was.
 */
static int
follow_fill(struct log_file *file)
{
	struct fingerprint position;
	int error = fingerprint_load(&position, file->fd, file->offset), same;

	if (error != 0)
		return error == RESULT_CHANGED ? 0 : error;
	same = fingerprint_follow(&file->fingerprint, file->fd);
	if (same == 1)
		file->check = fingerprint_check(&position);
	return same;
}

/*
 * Whether the file is what it was, though it may look shorter, and NULs may
 * have been filled: 1, 0, -errno.  A network file system may tell a size that
 * is older than the data.  So what the file still has is believed, unless that
 * proves nothing.
 */
static int
is_the_same(struct log_file *file, const struct sse_file_stat *stat)
{
	struct fingerprint *fingerprint = &file->fingerprint;
	int same;

	if (stat->size < fingerprint->offset && fingerprint_weak(fingerprint))
		return 0;
	same = fingerprint_holds(fingerprint, file->fd);
	if (same == 0)
		same = follow_fill(file);
	return same;
}

/*
 * Begins the unfinished record anew, which is not what it was: a writer that
 * could not write all of it has cut it off, or writes it once more.  What was
 * given is there still: 1, 0, -errno.
 */
static int
begin_again(struct log_file *file)
{
	struct fingerprint given;
	int error;

	if (file->offset == file->fingerprint.offset || file->inside ||
	    file->owes_rest || file->splitter.discarding)
		return 0;
	error = fingerprint_load(&given, file->fd, file->offset);
	if (error != 0)
		return error == RESULT_CHANGED ? 0 : error;
	if (fingerprint_check(&given) != file->check ||
	    fingerprint_weak(&given))
		return 0;
	file->fingerprint = given;
	file->chunk_size = file->fill.size = 0;
	file->skip_size = file->tail_size = 0;
	splitter_reset(&file->splitter, file->offset, false);
	return 1;
}

/* How much of the buffer a read may fill: up to the size that was seen. */
static size_t
read_size(const struct log_file *file, const struct sse_file_stat *stat,
    uint64_t limit)
{
	uint64_t offset = file->fingerprint.offset;

	if (limit > stat->size)
		limit = stat->size;
	if (limit <= offset)
		return 0;
	return limit - offset < LOG_FILE_READ_SIZE ? (size_t)(limit - offset)
						   : LOG_FILE_READ_SIZE;
}

/* ---------------------------------------------------------------- NULs -- */

/* Whether there is anything but NULs from there on, in one read; -errno. */
static int
has_data(struct log_file *file, struct log_file_buffer *buffer, uint64_t at,
    uint64_t size)
{
	size_t wanted = size - at < sizeof(buffer->data) ? (size_t)(size - at)
							 : sizeof(buffer->data);
	ssize_t got = sse_fd_pread_all(file->fd, buffer->data, wanted, at);
	size_t nuls;

	if (got < 0)
		return (int)got;
	nuls = nuls_before((struct sse_slice){buffer->data, (size_t)got});
	if (nuls == (size_t)got)
		return 0;
	file->followed = at + nuls + 1;
	return 1;
}

/*
 * Whether anything follows so many NULs at the offset: 1, 0, -errno.  Behind
 * the hole or at the end of the file, that is: where it ends in many NULs they
 * are room for data to come.
 */
static int
is_followed(struct log_file *file, struct log_file_buffer *buffer, size_t nuls,
    uint64_t size)
{
	uint64_t at = file->fingerprint.offset + nuls, data;
	uint64_t last =
	    size > sizeof(buffer->data) ? size - sizeof(buffer->data) : 0;
	int has = 0;

	if (at < file->followed)
		return 1;
	data = sse_fd_data_from(file->fd, at, size);
	if (data < last)
		has = has_data(file, buffer, data, size);
	/* Not before these NULs, where there are data of course. */
	if (last < at)
		last = at;
	return has != 0 ? has : has_data(file, buffer, last, size);
}

/*
 * Whether so many NULs at the offset are still NULs: 1, 0, -errno.  They may
 * have been filled while it was looked at what follows them.
 */
static int
are_nuls(
    const struct log_file *file, struct log_file_buffer *buffer, size_t nuls)
{
	ssize_t got = sse_fd_pread_all(
	    file->fd, buffer->data, nuls, file->fingerprint.offset);

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
pass_nuls(struct log_file *file, struct log_file_buffer *buffer, size_t nuls,
    uint64_t limit)
{
	uint64_t offset = file->fingerprint.offset;
	uint64_t data = sse_fd_data_from(file->fd, offset + nuls, limit);
	/* Data follow: to hear of none is a mistake, or from another time. */
	uint64_t size = data < limit ? data - offset : nuls;
	int still = are_nuls(file, buffer, nuls);

	if (still <= 0)
		return still < 0 ? still : 1;
	/* A record that has begun keeps what it has room for. */
	if (file->splitter.unfinished &&
	    size <= file->splitter.record_size_max) {
		file->chunk_size = nuls;
		return (ssize_t)nuls;
	}
	file->skip_size = size;
	return 1;
}

/*
 * What is taken of so many bytes that were read, of a file of that size: not
 * the NULs at their end, as long as nothing follows.
 */
static ssize_t
leave_tail(struct log_file *file, struct log_file_buffer *buffer, size_t got,
    uint64_t size, uint64_t limit)
{
	size_t nuls = nuls_behind((struct sse_slice){buffer->data, got});
	bool ends = file->fingerprint.offset + got >= size;
	int followed;

	if (nuls < got || ends) {
		file->tail_size = ends ? nuls : 0;
		file->chunk_size = got - nuls;
		return (ssize_t)file->chunk_size;
	}
	followed = is_followed(file, buffer, got, size);
	if (followed == 0)
		file->tail_size = size - file->fingerprint.offset;
	if (followed <= 0)
		return followed;
	return pass_nuls(file, buffer, got, limit < size ? limit : size);
}

/*
 * Reads what the NULs that were passed over have been filled with: the whole
 * lines at their beginning, or all where there are none among what was read: a
 * line may be longer than that.
 */
static ssize_t
read_fill(struct log_file *file, struct log_file_buffer *buffer)
{
	struct log_file_fill *fill = &file->fill;
	uint64_t left = fill->end - fill->at;
	size_t size =
	    left < sizeof(buffer->data) ? (size_t)left : sizeof(buffer->data);
	ssize_t got;
	const char *end;

	if (left == 0)
		return 0;
	got = sse_fd_pread(file->fd, buffer->data, 1, fill->at);
	if (got == 1 && buffer->data[0] != '\0')
		got = sse_fd_pread(file->fd, buffer->data, size, fill->at);
	if (got <= 0)
		return got;
	end = memchr(buffer->data, '\0', (size_t)got);
	if (end == NULL)
		return got;
	end = memrchr(buffer->data, '\n', (size_t)(end - buffer->data));
	return end != NULL ? end + 1 - buffer->data : 0;
}

/* ------------------------------------------------------------- reading -- */

/* The bytes that are in the buffer, or one for those that are passed over. */
static ssize_t
read_some(struct log_file *file, struct log_file_buffer *buffer,
    const struct sse_file_stat *stat, uint64_t limit)
{
	size_t size = read_size(file, stat, limit);
	ssize_t got = read_fill(file, buffer);

	if (got != 0) {
		file->fill.size = got > 0 ? (size_t)got : 0;
		return got;
	}
	if (size > 0)
		got = sse_fd_pread(
		    file->fd, buffer->data, size, file->fingerprint.offset);
	if (got <= 0)
		return got;
	return leave_tail(file, buffer, (size_t)got, stat->size, limit);
}

ssize_t
log_file_read(
    struct log_file *file, struct log_file_buffer *buffer, uint64_t limit)
{
	struct sse_file_stat stat;
	ssize_t got;
	int same, error = sse_fd_stat(file->fd, &stat);

	if (error != 0)
		return error;
	if (was_emptied(file, &stat))
		return RESULT_CHANGED;
	file->at_end = false;
	file->chunk_size = file->fill.size = 0;
	file->skip_size = file->tail_size = 0;
	got = read_some(file, buffer, &stat, limit);
	if (got < 0)
		return got;
	same = is_the_same(file, &stat);
	if (same == 0) {
		same = begin_again(file);
		got = 1;
	}
	if (same != 1)
		return same < 0 ? same : RESULT_CHANGED;
	file->stat = stat;
	return got;
}
