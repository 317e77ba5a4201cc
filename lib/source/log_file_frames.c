/*
 * log_file_frames.c - the plain lines of a file.
 */
#include "config.h"

#include "source/log_file_frames.h"

/* What is still to be made frames of. */
struct lines {
	struct sse_slice bytes;
	struct sse_position position; /* before them */
	const struct fingerprint *fingerprint;
	struct sse_position_text *id;
};

static bool
make_frame(struct lines *lines, struct plain_frames *frames)
{
	ssize_t size =
	    plain_frames_begin(frames, lines->bytes, lines->id->size);

	if (size < 0)
		return false;
	lines->bytes.data += size + 1;
	lines->bytes.size -= (size_t)size + 1;
	lines->position.offset += (uint64_t)size + 1;
	lines->position.check = fingerprint_check_at(
	    lines->fingerprint, lines->position.offset, lines->bytes.data);
	plain_frames_end(
	    frames, sse_position_text(lines->id, &lines->position));
	return true;
}

/* What NULs were filled with comes first. */
static struct sse_slice
lines_of(const struct log_file *file)
{
	return file->fill.size > 0 ? (struct sse_slice){NULL, 0}
				   : splitter_lines(&file->splitter);
}

/* The position moves over whole lines. */
static void
move_over(struct log_file *file, size_t size, uint64_t check)
{
	splitter_pass(&file->splitter, size);
	file->inside = false;
	file->offset = file->splitter.offset;
	file->check = check;
}

bool
log_file_frames(struct log_file *file, uint64_t stamp_ms,
    struct sse_position_text *id, struct plain_frames *frames)
{
	struct sse_slice bytes = lines_of(file);
	struct lines lines = {
	    .bytes = bytes,
	    .position = {.stamp_ms = stamp_ms,
		.file = file->file,
		.offset = file->splitter.offset},
	    .fingerprint = &file->fingerprint,
	    .id = id,
	};

	if (bytes.size == 0)
		return false;
	while (make_frame(&lines, frames))
		;
	if (lines.bytes.size == bytes.size)
		return false;
	move_over(file, bytes.size - lines.bytes.size, lines.position.check);
	return true;
}

bool
log_file_leave_out(struct log_file *file, const struct plain_judge *judge)
{
	struct sse_slice bytes = lines_of(file);
	size_t size = bytes.size > 0 ? plain_lines_left_out(judge, bytes) : 0;

	if (size == 0)
		return false;
	move_over(file, size,
	    fingerprint_check_at(&file->fingerprint,
		file->splitter.offset + size, bytes.data + size));
	return true;
}
