/*
 * position.h - the event id of a place in a log: stamp.file-offset-check
 *
 *	stamp   base36      newest modification time, in milliseconds, of all
 *	                    older generations when they were read to their end
 *	file    8 base64url hash of device, inode and birth time
 *	offset  decimal     the byte after the record
 *	check   10 base64url  hash of the bytes before the offset
 *
 * and the one of a place in a pipe, which cannot be read again: epoch-number
 *
 *	epoch   10 base64url  random, for each start of the program; not 0
 *	number  decimal       records since then
 *
 * ASCII, at most SSE_POSITION_SIZE_MAX bytes.  The numbers have one form
 * each: no sign, no leading zero.  An id comes back from a client, so parsing
 * is strict, and everything else is "no id of ours".
 */
#ifndef SSE_POSITION_H
#define SSE_POSITION_H

#include "source/source_position.h"
#include "ssekit.h"

#define SSE_POSITION_SIZE_MAX 64
#define SSE_POSITION_FILE_BITS 48
#define SSE_POSITION_CHECK_BITS 60
#define SSE_POSITION_OFFSET_MAX INT64_MAX

struct sse_position {
	uint64_t stamp_ms; /* at most INT64_MAX */
	uint64_t file;     /* SSE_POSITION_FILE_BITS */
	uint64_t offset;   /* bytes, at most SSE_POSITION_OFFSET_MAX */
	uint64_t check;    /* SSE_POSITION_CHECK_BITS */

	/*
	 * Not 0: volatile.  Then offset is the number of records, and the rest
	 * is 0.  SSE_POSITION_CHECK_BITS.
	 */
	uint64_t epoch;
};

/* As everybody else has it: field by field, which costs nothing. */
static inline struct source_position
sse_position_pack(const struct sse_position *position)
{
	return (struct source_position){{position->stamp_ms, position->file,
	    position->offset, position->check, position->epoch}};
}

static inline struct sse_position
sse_position_unpack(const struct source_position *packed)
{
	const uint64_t *words = packed->words;

	return (struct sse_position){
	    .stamp_ms = words[0],
	    .file = words[1],
	    .offset = words[2],
	    .check = words[3],
	    .epoch = words[4],
	};
}

/*
 * Writes the id and returns its size; text has no NUL.  The parts must be
 * within their ranges, which is the caller's duty.
 */
size_t sse_position_format(
    const struct sse_position *position, char text[SSE_POSITION_SIZE_MAX]);

/*
 * The text of an id that is made anew for each record of a file: what is the
 * same as in the id before, all but an offset's last digits and the check, is
 * kept.  All zeros: there was none yet.
 */
struct sse_position_text {
	struct sse_position front; /* that is kept; offset: its first digits */
	size_t front_size;         /* 0: nothing is */
	size_t size;               /* of the newest text */
	char text[SSE_POSITION_SIZE_MAX];
};

/* What sse_position_format() writes; it lives until the next call. */
struct sse_slice sse_position_text(
    struct sse_position_text *kept, const struct sse_position *position);

static inline struct sse_slice
sse_position_id(
    struct sse_position_text *kept, const struct source_position *packed)
{
	const struct sse_position position = sse_position_unpack(packed);

	return sse_position_text(kept, &position);
}

/*
 * Reads an id: 0, or -EBADMSG when it is none of this form.  What
 * sse_position_format() wrote is read, and nothing else.
 */
int sse_position_parse(
    struct sse_slice text, struct sse_position *ret_position);

#endif
