/*
 * generation.c - one open file of a log.
 */
#include "config.h"

#include "source/generation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* At the offset of its evidence. */
static void
begin(struct generation *generation, bool discard)
{
	generation->offset = generation->evidence.offset;
	generation->check = evidence_check(&generation->evidence);
	splitter_reset(&generation->splitter, generation->offset, discard);
	generation->fill.at = generation->fill.end = 0;
	generation->fill.size = 0;
}

/* What is there is evidence, too, where what was read before is none. */
static void
note_unread(struct generation *generation)
{
	struct evidence unread;
	uint64_t size = generation->stat.size;

	if (size <= generation->evidence.offset ||
	    !evidence_weak(&generation->evidence) ||
	    evidence_load(&unread, generation->fd, size) != 0 ||
	    evidence_has_nuls(&unread))
		return;
	generation->seen_offset = size;
	generation->seen_check = evidence_check(&unread);
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
	splitter_init(&generation->fill.splitter, record_size_max);
	generation->fd = fd;
	generation->file = evidence_file(&generation->stat);
	generation->mtime_ms = generation->stat.mtime_ms;
	generation->size_seen = generation->stat.size;
	note_unread(generation);
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
	splitter_done(&generation->fill.splitter);
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

enum generation_state
generation_state(const struct generation *generation)
{
	const struct evidence *evidence = &generation->evidence;
	bool weak = evidence_weak(evidence), proven = !weak;
	int holds = evidence_holds(evidence, generation->fd);
	struct evidence seen;

	if (holds == 1 && weak && generation->seen_offset > 0) {
		holds = evidence_proves(&seen, generation->fd,
		    generation->seen_offset, generation->seen_check);
		proven = holds == 1 && !evidence_weak(&seen);
	}
	if (holds == 0)
		return GENERATION_TRUNCATED;
	return holds == 1 && proven ? GENERATION_INTACT : GENERATION_UNPROVEN;
}

bool
generation_is_alike(
    const struct generation *generation, int fd, bool *ret_proven)
{
	struct evidence seen;

	*ret_proven = !evidence_weak(&generation->evidence);
	if (evidence_holds(&generation->evidence, fd) != 1)
		return false;
	if (*ret_proven || generation->seen_offset == 0)
		return true;
	if (!evidence_proves(
		&seen, fd, generation->seen_offset, generation->seen_check))
		return false;
	*ret_proven = !evidence_weak(&seen);
	return true;
}

bool
generation_is_empty(
    const struct generation *generation, const struct sse_file_stat *stat)
{
	char byte;

	if (stat->size > 0)
		return false;
	/* A write changes the time of a file first, and its size at the end:
	 * lseek() for data waits for the one that is under way. */
	(void)sse_fd_data_from(generation->fd, 0, 0);
	return sse_fd_pread(generation->fd, &byte, 1, 0) == 0;
}

bool
generation_has_changed(const struct generation *generation)
{
	return generation->chunk_size > 0 || generation->skip_size > 0 ||
	       generation->stat.mtime_ms != generation->mtime_ms ||
	       generation->stat.size != generation->size_seen;
}

static void
take_fill(struct generation *generation, struct generation_buffer *buffer)
{
	struct generation_fill *fill = &generation->fill;

	splitter_feed(
	    &fill->splitter, (struct sse_slice){buffer->data, fill->size});
	fill->at += fill->size;
}

void
generation_take(struct generation *generation, struct generation_buffer *buffer)
{
	size_t size = generation->chunk_size;

	/* The next read looks for more of them. */
	if (generation->fill.size > 0) {
		take_fill(generation, buffer);
		return;
	}
	generation->mtime_ms = generation->stat.mtime_ms;
	generation->size_seen = generation->stat.size;
	if (size > 0) {
		evidence_advance(&generation->evidence, buffer->data, size);
		splitter_feed(&generation->splitter,
		    (struct sse_slice){buffer->data, size});
	} else if (generation->skip_size > 0) {
		evidence_skip(&generation->evidence, generation->skip_size);
		splitter_skip(&generation->splitter, generation->skip_size);
	}
	/* At the end as the stat before the read saw it. */
	generation->at_end =
	    generation->evidence.offset + generation->tail_size >=
	    generation->stat.size;
}

/* A record of what NULs were filled with: 1, 0, -ENOMEM. */
static int
fill_record(struct generation *generation, struct record *ret_record)
{
	struct generation_fill *fill = &generation->fill;
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
begin_fill(struct generation *generation, uint64_t begin, uint64_t nuls)
{
	struct generation_fill *fill = &generation->fill;

	fill->at = begin;
	fill->end = begin + nuls;
	splitter_reset(&fill->splitter, begin, false);
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
	int got;

	if (generation->fill.size > 0) {
		got = fill_record(generation, ret_record);
		if (got != 0)
			return got;
	}
	got = splitter_next(&generation->splitter, ret_record);
	if (got != 1)
		return got;
	if (ret_record->nuls > 0)
		begin_fill(generation, generation->offset, ret_record->nuls);
	move_to(generation, buffer, ret_record->end);
	return 1;
}

bool
generation_has_rest(const struct generation *generation)
{
	bool is_owed = generation->owes_rest &&
		       generation->offset != generation->evidence.offset;

	return !generation->continued &&
	       (is_owed || splitter_has_rest(&generation->splitter));
}

bool
generation_is_unread(const struct generation *generation)
{
	return !generation->continued &&
	       (!generation->at_end || generation_has_rest(generation));
}

uint64_t
generation_unread_size(const struct generation *generation)
{
	uint64_t offset = generation->evidence.offset;

	return generation->stat.size > offset ? generation->stat.size - offset
					      : 0;
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
