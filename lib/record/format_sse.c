/*
 * format_sse.c - an event is decoded, to be encoded anew: so what is sent is
 * well-formed, whatever was read.
 */
#include "config.h"

#include "record/format_sse.h"

#include <errno.h>
#include <string.h>

/* No id holds a LF: it tells "none" from the empty one, which resets. */
#define NO_ID "\n"

void
format_sse_init(struct format_sse *format, size_t text_size_max)
{
	*format = (struct format_sse){.text_size_max = text_size_max};
}

void
format_sse_done(struct format_sse *format)
{
	sse_decoder_free(format->decoder);
	format->decoder = NULL;
}

/*
 * CR alone ends a line, too (9.2.5), but not one that a record was made of:
 * there may be the ends of other events in this one.
 */
static bool
has_lone_cr(struct sse_slice text)
{
	const char *at = text.data, *end = text.data + text.size;

	while (at < end && (at = memchr(at, '\r', (size_t)(end - at))) != NULL)
		if (++at == end || *at != '\n')
			return true;
	return false;
}

static int
begin(struct format_sse *format)
{
	if (format->decoder == NULL)
		format->decoder = sse_decoder_new(format->text_size_max);
	if (format->decoder == NULL)
		return -ENOMEM;
	return sse_decoder_restart(format->decoder, sse_slice(NO_ID));
}

/* The size of the blank line that a text begins with, or 0. */
static size_t
blank_size(const char *at, const char *end)
{
	size_t crs = at < end && *at == '\r';

	return at + crs < end && at[crs] == '\n' ? crs + 1 : 0;
}

/* The lines before the next blank one, or all. */
static struct sse_slice
lines_before_blank(const char *at, const char *end)
{
	struct sse_slice lines = {at, 0};

	while (at < end && blank_size(at, end) == 0) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));

		at = lf != NULL ? lf + 1 : end;
	}
	lines.size = (size_t)(at - lines.data);
	return lines;
}

/*
 * The event of the lines; without data, when there is none.  A blank line has
 * ended no record: it is one of escape sequences, which are gone, and as any
 * line that is no field it says nothing.
 */
static int
decode(struct format_sse *format, struct sse_slice text,
    struct sse_event *ret_event)
{
	struct sse_event event = {.has_retry = false};
	const char *at = text.data, *end = text.data + text.size;
	int got = 0;

	while (got == 0 && at < end) {
		struct sse_slice lines = lines_before_blank(at, end);

		sse_decoder_feed(format->decoder, lines.data, lines.size);
		got = sse_decoder_next(format->decoder, &event);
		at += lines.size;
		at += blank_size(at, end);
	}
	if (got == 0) {
		sse_decoder_feed(format->decoder, "\n\n", 2);
		got = sse_decoder_next(format->decoder, &event);
	}
	if (got < 0)
		return got;
	event.id = sse_decoder_last_event_id(format->decoder);
	*ret_event = event;
	return 0;
}

/* Why the fields of an event cannot be sent; NULL: they can. */
static const char *
why_not(const struct sse_event *event)
{
	const struct sse_event fields = {
	    .type = event->type,
	    .id = event->id,
	    .has_retry = event->has_retry,
	    .retry_ms = event->retry_ms,
	};

	switch (sse_event_check(&fields)) {
	case 0:
		return NULL;
	case -EMSGSIZE:
		return "its type is too long";
	case -ERANGE:
		return "its retry is too large";
	default:
		return "its type has a NUL";
	}
}

int
format_sse_read(struct format_sse *format, struct sse_slice text, bool ids,
    struct sse_event *ret_event, const char **ret_why)
{
	struct sse_event event;
	const char *why;
	int error;

	if (has_lone_cr(text)) {
		*ret_why = "CR alone ends a line";
		return -EBADMSG;
	}
	error = begin(format);
	if (error == 0)
		error = decode(format, text, &event);
	if (error != 0)
		return error;
	if (!ids || event.id.size > SSE_ID_SIZE_MAX ||
	    sse_slice_equal(event.id, sse_slice(NO_ID)))
		event.id = sse_slice(NULL);
	why = why_not(&event);
	if (why != NULL) {
		*ret_why = why;
		return -EBADMSG;
	}
	/* It is what an event has that names no type. */
	if (sse_slice_equal(event.type, sse_slice("message")))
		event.type = sse_slice(NULL);
	*ret_event = event;
	return 0;
}
