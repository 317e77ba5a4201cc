/*
 * lines.h - bytes that arrive in pieces into the lines of an event stream
 * (9.2.5): they end in LF, CRLF or CR, and a BOM may be before the first.
 */
#ifndef SSE_LINES_H
#define SSE_LINES_H

#include "buf.h"

/* Known of each line, however low the limit: enough for a field's name. */
#define SSE_LINE_KNOWN_MIN 8 /* bytes */

struct sse_line {
	struct sse_slice text; /* without its end; at an error the beginning */
	bool fed;              /* it lies in the fed bytes */
	int error;             /* -EMSGSIZE, -ENOMEM, or 0 */
};

struct sse_lines {
	size_t line_size_max;
	struct sse_slice fed; /* what is still to be taken */
	const char *next_lf;  /* in it: the next one, or its end; or NULL */
	struct sse_buf held;  /* the beginning of an unfinished line */
	uint64_t size;        /* of all of that beginning, held or not */
	int error;            /* why it could not be held, or 0 */
	bool taken;           /* the line that is held was given */
	bool began;           /* the first line, with a BOM perhaps, is over */
	bool after_cr;        /* a LF now belongs to the line before */
};

/* Owns memory only after a line was cut by the end of what was fed. */
void sse_lines_init(struct sse_lines *lines, size_t line_size_max);
void sse_lines_done(struct sse_lines *lines);

/* Begins a new stream: forgets the unfinished line and what was fed. */
void sse_lines_restart(struct sse_lines *lines);

/*
 * The next bytes.  They are borrowed until sse_lines_next() has returned
 * false; until then nothing else may be fed.
 */
void sse_lines_feed(struct sse_lines *lines, struct sse_slice bytes);

/*
 * Takes a line; false when the fed bytes are used up.  A line that ends in CR
 * comes at once.  One that is over line_size_max, or for which there was no
 * memory, has an error, and its text is what is known of its beginning: at
 * least SSE_LINE_KNOWN_MIN bytes with -EMSGSIZE (or the whole line), perhaps
 * nothing with -ENOMEM.  The text lives until the next call, and as long as
 * the fed bytes.
 */
bool sse_lines_next(struct sse_lines *lines, struct sse_line *ret_line);

#endif
