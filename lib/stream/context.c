/*
 * context.c - what was given of a record before the rest of it came.
 */
#include "config.h"

#include "stream/context.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

void
context_init(struct context *context, size_t size_max)
{
	*context = (struct context){.state = CONTEXT_KNOWN};
	sse_buf_init(&context->lines, size_max);
}

void
context_done(struct context *context)
{
	sse_buf_done(&context->lines);
}

struct sse_slice
context_lines(const struct context *context)
{
	return sse_buf_slice(&context->lines);
}

void
context_forget(struct context *context)
{
	/* Most records are whole: memory is for the others. */
	sse_buf_done(&context->lines);
	context->state = CONTEXT_KNOWN;
}

void
context_lose(struct context *context, const struct source *source,
    const struct source_position *position)
{
	context_forget(context);
	if (source_has_before(source, position))
		context->state = CONTEXT_LOST;
}

/* Whole lines, the oldest, go for so many bytes to come. */
static void
make_room(struct context *context, size_t size)
{
	struct sse_buf *lines = &context->lines;
	const char *end;
	size_t over;

	if (lines->size + size <= lines->size_max)
		return;
	over = lines->size + size - lines->size_max;
	end = over <= lines->size
		  ? memchr(lines->data + over - 1, '\n', lines->size - over + 1)
		  : NULL;
	sse_buf_drop(
	    lines, end != NULL ? (size_t)(end - lines->data) + 1 : lines->size);
}

int
context_add(struct context *context, struct sse_slice lines)
{
	struct sse_buf *all = &context->lines;
	int error;

	assert(context->state == CONTEXT_KNOWN);
	make_room(context, lines.size + 1);
	error = sse_buf_reserve(all, lines.size + (all->size > 0));
	if (error != 0)
		return error == -ENOBUFS ? 0 : error;
	if (all->size > 0)
		(void)sse_buf_add(all, "\n", 1);
	return sse_buf_add(all, lines.data, lines.size);
}

/* Looks at the last line that was not looked at: whether it was the last. */
static bool
look_at_line(struct context *context, const struct record_rule *rule)
{
	struct sse_buf *lines = &context->lines;
	const char *lf = context->looked > 0
			     ? memrchr(lines->data, '\n', context->looked)
			     : NULL;
	size_t from = lf != NULL ? (size_t)(lf - lines->data) + 1 : 0;
	struct sse_slice line = sse_buf_slice(lines);

	assert(context->looked <= lines->size);
	line.data += from;
	line.size = context->looked - from;
	if (lf != NULL && !rule->begins(rule->context, line)) {
		context->looked = from - 1;
		return false;
	}
	sse_buf_drop(lines, from);
	context->state = CONTEXT_KNOWN;
	return true;
}

/* What cannot be read is not there any more: then the line is for itself. */
static int
read_lines(struct context *context, const struct source *source,
    const struct source_position *position)
{
	int error = source_lines_before(source, position, &context->lines);

	if (error == -ENOMEM)
		return error;
	assert(context->state == CONTEXT_LOST);
	context->looked = context->lines.size;
	context->state =
	    error == 0 && context->looked > 0 ? CONTEXT_READ : CONTEXT_KNOWN;
	return 0;
}

int
context_find(struct context *context, const struct record_rule *rule,
    const struct source *source, const struct source_position *position,
    struct sse_slice line)
{
	if (context->state == CONTEXT_READ)
		return look_at_line(context, rule);
	if (context->state == CONTEXT_KNOWN && context->lines.size == 0)
		return 1;
	if (rule->begins(rule->context, line)) {
		context_forget(context);
		return 1;
	}
	if (context->state == CONTEXT_KNOWN)
		return 1;
	return read_lines(context, source, position);
}
