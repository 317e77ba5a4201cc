/*
 * lines_before.c - the text before a position, file before file.
 */
#include "config.h"

#include "record/lines_before.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fdio.h"
#include "record/nuls.h"
#include "base/result.h"
#include "utf8.h"

/* CRs before a LF are not text. */
static size_t
without_crs(const char *text, size_t size)
{
	while (size > 0 && text[size - 1] == '\r')
		size--;
	return size;
}

/*
 * The last byte is a LF, which goes, as does what is before the first, unless
 * that is a whole line, or NULs.  Those that begin a line are none of it.
 */
static void
cut_to_lines(struct sse_buf *lines, bool is_whole)
{
	char *data = lines->data;
	size_t kept = 0;

	assert(lines->size > 0 && data[lines->size - 1] == '\n');
	lines->size--;
	if (!is_whole && !nuls_begin((struct sse_slice){data, lines->size})) {
		const char *lf = memchr(data, '\n', lines->size);

		sse_buf_drop(
		    lines, lf != NULL ? (size_t)(lf - data) + 1 : lines->size);
	}
	for (size_t i = 0; i < lines->size; i++) {
		if (data[i] == '\0' && (kept == 0 || data[kept - 1] == '\n'))
			continue;
		if (data[i] == '\n')
			kept = without_crs(data, kept);
		data[kept++] = data[i];
	}
	lines->size = without_crs(data, kept);
}

/* What a file begins with and is no text: a byte order mark, behind NULs. */
static void
drop_mark(struct sse_buf *bytes)
{
	struct sse_slice text = sse_buf_slice(bytes);
	size_t nuls = nuls_before(text), mark;

	text.data += nuls;
	text.size -= nuls;
	mark = sse_utf8_bom_size(text);
	if (mark > 0)
		sse_buf_drop(bytes, nuls + mark);
}

/*
 * Puts what is before the end of the part in front, as much as there is room
 * for; *ret_is_all: that is all of it.  After an error the buffer is as before.
 */
static int
put_before(
    const struct lines_part *part, struct sse_buf *bytes, bool *ret_is_all)
{
	size_t room = bytes->size_max - bytes->size;
	size_t size = part->end < room ? (size_t)part->end : room;
	int error = sse_buf_reserve(bytes, size);
	ssize_t got;

	if (error != 0)
		return error;
	if (size > 0)
		memmove(bytes->data + size, bytes->data, bytes->size);
	got = size > 0 ? sse_fd_pread_all(
			     part->fd, bytes->data, size, part->end - size)
		       : 0;
	if (got < 0 || (size_t)got < size) {
		memmove(bytes->data, bytes->data + size, bytes->size);
		return got < 0 ? (int)got : RESULT_NONE;
	}
	bytes->size += size;
	*ret_is_all = size == part->end;
	if (*ret_is_all)
		drop_mark(bytes);
	return 0;
}

/* The same for a part whose last line may have no end, and is one. */
static int
put_lines_before(
    const struct lines_part *part, struct sse_buf *bytes, bool *ret_is_all)
{
	char last = '\n';
	ssize_t got = 1;
	int error = 0;

	if (part->end > 0)
		got = sse_fd_pread_all(part->fd, &last, 1, part->end - 1);
	if (got != 1)
		return got < 0 ? (int)got : RESULT_NONE;
	if (last != '\n')
		error = sse_buf_reserve(bytes, 1);
	if (last != '\n' && error == 0) {
		memmove(bytes->data + 1, bytes->data, bytes->size++);
		bytes->data[0] = '\n';
	}
	return error == 0 ? put_before(part, bytes, ret_is_all) : error;
}

int
lines_before(
    const struct lines_part *parts, size_t count, struct sse_buf *lines)
{
	bool is_all = false;
	int error, older = 0;

	assert(count > 0);
	sse_buf_clear(lines);
	error = put_before(&parts[count - 1], lines, &is_all);
	if (error == 0 && lines->size > 0 &&
	    lines->data[lines->size - 1] != '\n')
		error = -EINVAL;
	for (size_t i = count - 1;
	     i-- > 0 && error == 0 && older == 0 && is_all;)
		older = put_lines_before(&parts[i], lines, &is_all);
	/* What cannot be read of the older ones is not there. */
	if (older == -ENOMEM)
		error = older;
	if (error != 0)
		sse_buf_clear(lines);
	else if (lines->size > 0)
		cut_to_lines(lines, is_all);
	return error;
}
