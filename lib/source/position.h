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

/*
 * What can be said of positions without a look into them, by who knows nothing
 * of their source.
 */

/* Whether there are bytes before it that can be read again. */
bool sse_position_has_before(const struct sse_position *position);

/* Whether both are in the same file, or in no file. */
bool sse_position_same_file(
    const struct sse_position *a, const struct sse_position *b);

/* Whether both are the same place in the same file. */
bool sse_position_same_place(
    const struct sse_position *a, const struct sse_position *b);

/*
 * Whether what is behind one goes on with what was before the other: the same
 * bytes are before both, in the same file or in a copy.
 */
bool sse_position_goes_on(
    const struct sse_position *a, const struct sse_position *b);

/* What is known of older files at another position in its file, it knows. */
void sse_position_renew(
    struct sse_position *position, const struct sse_position *newer);

/* It is behind so many records, where that is what its source counts. */
void sse_position_count(struct sse_position *position, uint64_t records);

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
	char text[SSE_POSITION_SIZE_MAX];
};

/* What sse_position_format() writes; it lives until the next call. */
struct sse_slice sse_position_text(
    struct sse_position_text *kept, const struct sse_position *position);

/*
 * Reads an id: 0, or -EBADMSG when it is none of this form.  What
 * sse_position_format() wrote is read, and nothing else.
 */
int sse_position_parse(
    struct sse_slice text, struct sse_position *ret_position);

#endif
