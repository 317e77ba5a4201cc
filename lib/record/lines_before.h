/*
 * lines_before.h - the lines before a position, as a splitter gives them.
 */
#ifndef LINES_BEFORE_H
#define LINES_BEFORE_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

/* The bytes of a file before an offset. */
struct lines_part {
	int fd; /* borrowed */
	uint64_t end;
};

/*
 * The whole lines before the end of the last part, which is behind a LF, and of
 * the parts before it, as many as the buffer may hold: with a LF between, and
 * without CR before it.  0; -ENOMEM, -EINVAL where it is not, RESULT_NONE past
 * the end of the file, or -errno; then the buffer is empty.
 */
int lines_before(
    const struct lines_part *parts, size_t count, struct sse_buf *lines);

#endif
