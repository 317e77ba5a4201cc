/*
 * log_file.c - one open file of a log.
 */
#include "config.h"

#include "source/log_file.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* At the offset of its fingerprint. */
static void
begin(struct log_file *file, bool discard)
{
	file->offset = file->fingerprint.offset;
	file->check = fingerprint_check(&file->fingerprint);
	splitter_reset(&file->splitter, file->offset, discard);
	file->fill.at = file->fill.end = 0;
	file->fill.size = 0;
}

/* What is there is fingerprint, too, where what was read before is none. */
static void
note_unread(struct log_file *file)
{
	struct fingerprint unread;
	uint64_t size = file->stat.size;

	if (size <= file->fingerprint.offset ||
	    !fingerprint_weak(&file->fingerprint) ||
	    fingerprint_load(&unread, file->fd, size) != 0 ||
	    fingerprint_has_nuls(&unread))
		return;
	file->seen_offset = size;
	file->seen_check = fingerprint_check(&unread);
}

int
log_file_new(int fd, uint64_t offset, bool discard, size_t record_size_max,
    struct log_file **ret_file)
{
	struct log_file *file = calloc(1, sizeof(*file));
	int error;

	assert(fd >= 0);
	if (file == NULL)
		return -ENOMEM;
	error = sse_fd_stat(fd, &file->stat);
	if (error == 0)
		error = fingerprint_load(&file->fingerprint, fd, offset);
	if (error != 0) {
		free(file);
		return error;
	}
	splitter_init(&file->splitter, record_size_max);
	begin(file, discard);
	splitter_init(&file->fill.splitter, record_size_max);
	file->fd = fd;
	file->file = fingerprint_file(&file->stat);
	file->mtime_ms = file->stat.mtime_ms;
	file->size_seen = file->stat.size;
	note_unread(file);
	*ret_file = file;
	return 0;
}

void
log_file_found(struct log_file *file, const struct sse_file_stat *stat)
{
	file->mtime_ms = stat->mtime_ms;
	file->size_seen = stat->size;
}

void
log_file_rest_from(
    struct log_file *file, const struct sse_file_stat *stat, int64_t now_ms)
{
	bool rests = now_ms - stat->ctime_ms >= LOG_FILE_REST_MS;

	file->rest_ms = rests ? stat->ctime_ms : 0;
}

bool
log_file_rests(const struct log_file *file)
{
	struct sse_file_stat now;

	return file->rest_ms != 0 && sse_fd_stat(file->fd, &now) == 0 &&
	       now.ctime_ms == file->rest_ms;
}

int
log_file_begin_at(struct log_file *file, uint64_t offset)
{
	struct fingerprint fingerprint;
	int error = fingerprint_load(&fingerprint, file->fd, offset);

	if (error != 0)
		return error;
	file->fingerprint = fingerprint;
	file->chunk_size = 0;
	file->at_end = false;
	begin(file, false);
	return 0;
}

int
log_file_pass_over(struct log_file *file)
{
	int error = log_file_begin_at(file, file->stat.size);

	if (error == 0 && !fingerprint_ends_line(&file->fingerprint))
		splitter_reset(&file->splitter, file->offset, true);
	return error;
}

void
log_file_begin_inside(struct log_file *file, bool was_sent)
{
	const struct fingerprint *fingerprint = &file->fingerprint;

	splitter_reset(&file->splitter, fingerprint->offset,
	    !fingerprint_ends_line(fingerprint));
	file->owes_rest = was_sent;
	file->inside = !was_sent;
	if (was_sent)
		return;
	file->offset = 0;
	file->check = fingerprint_check_at(fingerprint, 0, fingerprint->window);
}

void
log_file_free(struct log_file *file)
{
	if (file == NULL)
		return;
	watch_forget(&file->hints);
	splitter_done(&file->splitter);
	splitter_done(&file->fill.splitter);
	sse_fd_close(file->fd);
	free(file);
}

void
log_file_watch(struct log_file *file, struct watch *watch)
{
	if (file->hints.watch == NULL)
		watch_file(watch, file->fd, &file->hints);
}

enum log_file_state
log_file_state(const struct log_file *file)
{
	const struct fingerprint *fingerprint = &file->fingerprint;
	bool weak = fingerprint_weak(fingerprint), proven = !weak;
	int holds = fingerprint_holds(fingerprint, file->fd);
	struct fingerprint seen;

	if (holds == 1 && weak && file->seen_offset > 0) {
		holds = fingerprint_proves(
		    &seen, file->fd, file->seen_offset, file->seen_check);
		proven = holds == 1 && !fingerprint_weak(&seen);
	}
	if (holds == 0)
		return LOG_FILE_TRUNCATED;
	return holds == 1 && proven ? LOG_FILE_INTACT : LOG_FILE_UNPROVEN;
}

bool
log_file_is_alike(const struct log_file *file, int fd, bool *ret_proven)
{
	struct fingerprint seen;

	*ret_proven = !fingerprint_weak(&file->fingerprint);
	if (fingerprint_holds(&file->fingerprint, fd) != 1)
		return false;
	if (*ret_proven || file->seen_offset == 0)
		return true;
	if (!fingerprint_proves(&seen, fd, file->seen_offset, file->seen_check))
		return false;
	*ret_proven = !fingerprint_weak(&seen);
	return true;
}

bool
log_file_is_empty(const struct log_file *file, const struct sse_file_stat *stat)
{
	char byte;

	if (stat->size > 0)
		return false;
	/*
	 * A write changes the time of a file first, and its size at the end:
	 * lseek() for data waits for the one that is under way.
	 */
	(void)sse_fd_data_from(file->fd, 0, 0);
	return sse_fd_pread(file->fd, &byte, 1, 0) == 0;
}

bool
log_file_has_changed(const struct log_file *file)
{
	return file->chunk_size > 0 || file->skip_size > 0 ||
	       file->stat.mtime_ms != file->mtime_ms ||
	       file->stat.size != file->size_seen;
}

static void
take_fill(struct log_file *file, struct log_file_buffer *buffer)
{
	struct log_file_fill *fill = &file->fill;

	splitter_feed(
	    &fill->splitter, (struct sse_slice){buffer->data, fill->size});
	fill->at += fill->size;
}

void
log_file_take(struct log_file *file, struct log_file_buffer *buffer)
{
	size_t size = file->chunk_size;

	/* Data or NULs. */
	assert(size == 0 || file->skip_size == 0);
	assert(size <= LOG_FILE_READ_SIZE);
	/* The next read looks for more of them. */
	if (file->fill.size > 0) {
		take_fill(file, buffer);
		return;
	}
	file->mtime_ms = file->stat.mtime_ms;
	file->size_seen = file->stat.size;
	if (size > 0) {
		fingerprint_advance(&file->fingerprint, buffer->data, size);
		splitter_feed(
		    &file->splitter, (struct sse_slice){buffer->data, size});
	} else if (file->skip_size > 0) {
		fingerprint_skip(&file->fingerprint, file->skip_size);
		splitter_skip(&file->splitter, file->skip_size);
	}
	/* At the end as the stat before the read saw it. */
	file->at_end =
	    file->fingerprint.offset + file->tail_size >= file->stat.size;
}

/* A record of what NULs were filled with: 1, 0, -ENOMEM. */
static int
fill_record(struct log_file *file, struct record *ret_record)
{
	struct log_file_fill *fill = &file->fill;
	int got = splitter_next(&fill->splitter, ret_record);

	if (got == 0 && fill->at == fill->end)
		got = splitter_rest(&fill->splitter, ret_record);
	if (got == 0)
		fill->size = 0;
	if (got == 1)
		ret_record->late = true;
	return got;
}

/* The NULs that the record began with may be filled yet. */
static void
begin_fill(struct log_file *file, uint64_t begin, uint64_t nuls)
{
	struct log_file_fill *fill = &file->fill;

	fill->at = begin;
	fill->end = begin + nuls;
	splitter_reset(&fill->splitter, begin, false);
}

/* The position moves to an end in what was read last. */
static void
move_to(
    struct log_file *file, const struct log_file_buffer *buffer, uint64_t end)
{
	const struct fingerprint *fingerprint = &file->fingerprint;
	uint64_t begin = fingerprint->offset - file->chunk_size;

	file->inside = false;
	file->offset = end;
	file->check = fingerprint_check_at(
	    fingerprint, end, buffer->data + (end - begin));
}

bool
log_file_skip(struct log_file *file, const struct log_file_buffer *buffer)
{
	if (!splitter_discard(&file->splitter))
		return false;
	move_to(file, buffer, file->splitter.offset);
	return true;
}

bool
log_file_skip_rest(struct log_file *file)
{
	uint64_t end = file->fingerprint.offset;

	if (!file->owes_rest || file->offset == end)
		return false;
	file->offset = end;
	file->check = fingerprint_check(&file->fingerprint);
	return true;
}

int
log_file_record(struct log_file *file, const struct log_file_buffer *buffer,
    struct record *ret_record)
{
	uint64_t begin;
	int got;

	if (file->fill.size > 0) {
		got = fill_record(file, ret_record);
		if (got != 0)
			return got;
	}
	/* Which is not its position, where it was begun inside an event. */
	begin = file->splitter.begin;
	got = splitter_next(&file->splitter, ret_record);
	if (got != 1)
		return got;
	if (ret_record->nuls > 0)
		begin_fill(file, begin, ret_record->nuls);
	move_to(file, buffer, ret_record->end);
	return 1;
}

bool
log_file_has_rest(const struct log_file *file)
{
	bool is_owed =
	    file->owes_rest && file->offset != file->fingerprint.offset;

	return !file->continued &&
	       (is_owed || splitter_has_rest(&file->splitter));
}

bool
log_file_is_unread(const struct log_file *file)
{
	return !file->continued && (!file->at_end || log_file_has_rest(file));
}

uint64_t
log_file_unread_size(const struct log_file *file)
{
	uint64_t offset = file->fingerprint.offset;

	return file->stat.size > offset ? file->stat.size - offset : 0;
}

int
log_file_rest(struct log_file *file, struct record *ret_record)
{
	if (splitter_rest(&file->splitter, ret_record) == 0)
		return 0;
	file->inside = false;
	file->offset = ret_record->end;
	file->check = fingerprint_check(&file->fingerprint);
	return 1;
}
