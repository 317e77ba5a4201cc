/*
 * plain_line.h - lines that stand in a log as they are sent, or searched.
 *
 * A line is plain if its bytes are printable ASCII and TABs, and LF alone ends
 * it.  Any other line is a record, splitter.h, and its text may be another.
 */
#ifndef PLAIN_LINE_H
#define PLAIN_LINE_H

#include <stdbool.h>
#include <sys/types.h>

#include "ssekit.h"

static inline bool
plain_byte(char byte)
{
	return (byte >= ' ' && byte <= '~') || byte == '\t';
}

/*
 * The size of the line that the bytes begin with, without its LF; -1 where it
 * has no end there, is longer than that, or is not plain.
 */
ssize_t plain_line_size(struct sse_slice bytes, size_t size_max);

/* Who says which plain lines are not sent. */
struct plain_judge {
	size_t line_size_max; /* bytes; longer ones are not plain */
	bool (*leaves_out)(void *context, struct sse_slice line);
	void *context;
};

/*
 * The bytes, at their beginning, of plain lines that the judge leaves out.  It
 * is asked of one after the other, up to the first that it does not.
 */
size_t plain_lines_left_out(
    const struct plain_judge *judge, struct sse_slice bytes);

#endif
