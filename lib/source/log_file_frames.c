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

bool
log_file_frames(struct log_file *file, uint64_t stamp_ms,
    struct sse_position_text *id, struct plain_frames *frames)
{
	struct sse_slice bytes = splitter_lines(&file->splitter);
	struct lines lines = {
	    .bytes = bytes,
	    .position = {.stamp_ms = stamp_ms,
		.file = file->file,
		.offset = file->splitter.offset},
	    .fingerprint = &file->fingerprint,
	    .id = id,
	};

	/* What NULs were filled with comes first. */
	if (file->fill.size > 0 || bytes.size == 0)
		return false;
	while (make_frame(&lines, frames))
		;
	if (lines.bytes.size == bytes.size)
		return false;
	splitter_pass(&file->splitter, bytes.size - lines.bytes.size);
	file->inside = false;
	file->offset = lines.position.offset;
	file->check = lines.position.check;
	return true;
}
