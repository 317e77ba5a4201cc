/*
 * lines.c - bytes that arrive in pieces into lines.
 *
 * A line that lies in the fed bytes is given where it is; only the beginning
 * of one that is not finished is held.  The limit counts whole lines without
 * BOM and line end, so that no way of cutting the bytes changes the result.
 */
#include "lines.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "utf8.h"

#define HELD_MIN (SSE_UTF8_BOM_SIZE + SSE_LINE_KNOWN_MIN)

void
sse_lines_init(struct sse_lines *lines, size_t line_size_max)
{
	if (line_size_max > SIZE_MAX - HELD_MIN)
		line_size_max = SIZE_MAX - HELD_MIN;
	*lines = (struct sse_lines){.line_size_max = line_size_max};
	sse_buf_init(&lines->held, line_size_max + HELD_MIN);
}

void
sse_lines_done(struct sse_lines *lines)
{
	sse_buf_done(&lines->held);
}

static void
clear_held(struct sse_lines *lines)
{
	sse_buf_clear(&lines->held);
	lines->size = 0;
	lines->error = 0;
	lines->taken = false;
}

void
sse_lines_restart(struct sse_lines *lines)
{
	clear_held(lines);
	lines->fed = sse_slice(NULL);
	lines->began = false;
	lines->after_cr = false;
}

void
sse_lines_feed(struct sse_lines *lines, struct sse_slice bytes)
{
	assert(lines->fed.size == 0);
	lines->fed = bytes;
	lines->next_lf = NULL;
}

static void
skip(struct sse_slice *text, size_t size)
{
	text->data += size;
	text->size -= size;
}

/* Holds bytes at the front of those fed: as many as the limit allows. */
static void
hold(struct sse_lines *lines, size_t size)
{
	size_t room = lines->held.size_max - lines->held.size;
	int error = sse_buf_add(
	    &lines->held, lines->fed.data, size < room ? size : room);

	if (error != 0)
		lines->error = error;
	lines->size += size;
	assert(lines->held.size <= lines->size);
	skip(&lines->fed, size);
}

/*
 * The bytes before the next line end; false if there is none.  The LF that
 * was found is remembered: with lines that end in CR it can be far away, and
 * would be searched for again and again.
 */
static bool
find_end(struct sse_lines *lines, size_t *ret_size)
{
	const char *start = lines->fed.data;
	const char *end = start + lines->fed.size;
	const char *lf = lines->next_lf, *cr;

	if (lf == NULL || lf < start) {
		lf = memchr(start, '\n', lines->fed.size);
		lines->next_lf = lf != NULL ? lf : end;
		lf = lines->next_lf;
	}
	cr = memchr(start, '\r', (size_t)(lf - start));
	if (cr == NULL && lf == end)
		return false;
	*ret_size = (size_t)((cr != NULL ? cr : lf) - start);
	return true;
}

/* Takes bytes for the line that ends behind them, and its end. */
static struct sse_slice
take_text(struct sse_lines *lines, size_t size)
{
	struct sse_slice text = {lines->fed.data, size};

	if (lines->size == 0) {
		skip(&lines->fed, size);
	} else {
		hold(lines, size);
		text = sse_buf_slice(&lines->held);
	}
	lines->after_cr = *lines->fed.data == '\r';
	skip(&lines->fed, 1);
	return text;
}

static struct sse_line
make_line(struct sse_lines *lines, size_t size)
{
	bool fed = lines->size == 0;
	struct sse_slice text = take_text(lines, size);
	uint64_t whole_size = fed ? size : lines->size;
	struct sse_line line = {text, fed, lines->error};

	if (!lines->began) {
		size_t bom_size = sse_utf8_bom_size(text);

		skip(&line.text, bom_size);
		whole_size -= bom_size;
	}
	if (line.error == 0 && whole_size > lines->line_size_max)
		line.error = -EMSGSIZE;
	lines->began = true;
	lines->taken = true;
	return line;
}

bool
sse_lines_next(struct sse_lines *lines, struct sse_line *ret_line)
{
	size_t size;

	if (lines->taken)
		clear_held(lines);
	if (lines->fed.size > 0 && lines->after_cr) {
		lines->after_cr = false;
		if (*lines->fed.data == '\n')
			skip(&lines->fed, 1);
	}
	if (lines->fed.size == 0)
		return false;
	if (!find_end(lines, &size)) {
		hold(lines, lines->fed.size);
		return false;
	}
	*ret_line = make_line(lines, size);
	return true;
}
