/*
 * encode.c - an event into the bytes of its frame.
 *
 * The common event is a short text of one line, all ASCII, with an id.  So
 * each text is first asked by is_plain(), which looks at sixteen bytes at
 * once, whether there is anything in it to look at: only a text with a
 * character beyond ASCII or with a control character is examined further, and
 * cut into lines.  The size of a frame is known before its first byte is
 * written, and so the capacity is checked once.
 */
#include "ssekit.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sized.h"
#include "utf8.h"

#define PLAIN_MIN 0x0e /* the bytes below it have NUL, LF and CR */

/* Bytes that are compared at once, by whatever the processor has for it. */
typedef signed char block __attribute__((vector_size(16)));

/* The lines of a text, which end in LF, CRLF or CR. */
struct lines {
	const char *at; /* NULL after the last line */
	const char *end;
	const char *lf; /* the next one, or end */
	const char *cr; /* likewise */
};

/* What is known of a text that becomes lines of a frame. */
struct plan {
	uint64_t size; /* bytes in the frame */
	bool one_line;
};

/*
 * All bits of a byte that is plain, none of another.  The bytes are signed
 * here, so that one comparison finds those beyond ASCII too.
 */
static inline block
plain(const char *bytes)
{
	block loaded;

	memcpy(&loaded, bytes, sizeof(loaded));
	return loaded >= PLAIN_MIN;
}

static bool
is_plain_short(struct sse_slice text)
{
	size_t at = 0;

	while (at < text.size && (signed char)text.data[at] >= PLAIN_MIN)
		at++;
	return at == text.size;
}

/* Whether all bytes are ASCII and none is below PLAIN_MIN. */
static bool
is_plain(struct sse_slice text)
{
	const char *at = text.data, *last;
	uint64_t halves[sizeof(block) / sizeof(uint64_t)];
	block all;

	if (text.size < sizeof(block))
		return is_plain_short(text);
	/* The last block overlaps the one before it: no byte is left over. */
	last = at + text.size - sizeof(block);
	for (all = plain(last); at < last; at += sizeof(block))
		all &= plain(at);
	memcpy(halves, &all, sizeof(halves));
	return (halves[0] & halves[1]) == UINT64_MAX;
}

/* The next such byte from at on, or end. */
static const char *
find(const struct lines *lines, char byte)
{
	size_t size = (size_t)(lines->end - lines->at);
	const char *found = memchr(lines->at, byte, size);

	return found != NULL ? found : lines->end;
}

static void
lines_init(struct lines *lines, struct sse_slice text)
{
	lines->at = text.data;
	lines->end = text.data + text.size;
	lines->lf = find(lines, '\n');
	lines->cr = find(lines, '\r');
}

/*
 * Takes a line.  What was found is kept until it has been passed: a text of
 * many CR and one LF would else be searched to the LF for each of them.
 */
static bool
lines_next(struct lines *lines, struct sse_slice *ret_line)
{
	const char *stop = lines->lf < lines->cr ? lines->lf : lines->cr;
	bool crlf;

	if (lines->at == NULL)
		return false;
	*ret_line = (struct sse_slice){lines->at, (size_t)(stop - lines->at)};
	if (stop == lines->end) {
		lines->at = NULL;
		return true;
	}
	crlf = lines->lf < lines->end && stop + 1 == lines->lf;
	lines->at = stop + (crlf ? 2 : 1);
	if (lines->lf < lines->at)
		lines->lf = find(lines, '\n');
	if (lines->cr < lines->at)
		lines->cr = find(lines, '\r');
	return true;
}

static struct plan
plan_one_line(struct sse_slice text, size_t prefix_size)
{
	return (struct plan){(uint64_t)prefix_size + text.size + 1, true};
}

/* A plan for a text that was looked at and found not to be plain. */
static struct plan
plan_lines(struct sse_slice text, size_t prefix_size)
{
	struct plan plan = {0, false};
	struct lines lines;
	struct sse_slice line;

	lines_init(&lines, text);
	if (lines.lf == lines.end && lines.cr == lines.end)
		return plan_one_line(text, prefix_size);
	while (lines_next(&lines, &line))
		plan.size += prefix_size + line.size + 1;
	return plan;
}

/* The plan for data or a comment: 0, or -EILSEQ. */
static inline int
plan_text(struct sse_slice text, size_t prefix_size, struct plan *ret_plan)
{
	if (text.data == NULL)
		*ret_plan = (struct plan){0, true};
	else if (is_plain(text))
		*ret_plan = plan_one_line(text, prefix_size);
	else if (sse_utf8_valid(text) < text.size)
		return -EILSEQ;
	else
		*ret_plan = plan_lines(text, prefix_size);
	return 0;
}

static int
check_unplain_value(struct sse_slice value)
{
	if (memchr(value.data, '\n', value.size) != NULL ||
	    memchr(value.data, '\r', value.size) != NULL ||
	    memchr(value.data, '\0', value.size) != NULL)
		return -EINVAL;
	return sse_utf8_valid(value) < value.size ? -EILSEQ : 0;
}

/* Whether a text can stand in an id or event field. */
static inline int
check_value(struct sse_slice value, size_t size_max)
{
	if (value.data == NULL)
		return 0;
	if (value.size > size_max)
		return -EMSGSIZE;
	return is_plain(value) ? 0 : check_unplain_value(value);
}

static inline int
check_fields(const struct sse_event *event)
{
	int error = check_value(event->id, SSE_ID_SIZE_MAX);

	if (error == 0)
		error = check_value(event->type, SSE_TYPE_SIZE_MAX);
	if (error == 0 && event->has_retry &&
	    (event->retry_ms < 0 || event->retry_ms > SSE_RETRY_MS_MAX))
		error = -ERANGE;
	return error;
}

static bool
is_valid(struct sse_slice text)
{
	return text.data == NULL || sse_utf8_valid(text) == text.size;
}

_Static_assert(sizeof(struct sse_event) ==
		   offsetof(struct sse_event, retry_ms) + sizeof(int64_t),
    "an event has no padding at its end");

int
sse_event_check_sized(const struct sse_event *event, size_t event_size)
{
	struct sse_event own;
	const struct sse_event *known =
	    sse_sized_get(event, event_size, &own, sizeof(own));
	int error;

	if (known == NULL)
		return sse_sized_error(event);
	error = check_fields(known);
	if (error != 0)
		return error;
	if (!is_valid(known->data) || !is_valid(known->comment))
		return -EILSEQ;
	return 0;
}

static size_t
digits_of(int64_t value)
{
	size_t digits = 1;

	while ((value /= 10) > 0)
		digits++;
	return digits;
}

/* The bytes of the frame but for data and comment. */
static inline uint64_t
fields_size(const struct sse_event *event)
{
	uint64_t size = 1;

	if (event->id.data != NULL)
		size += sizeof("id: ") + event->id.size;
	if (event->type.data != NULL)
		size += sizeof("event: ") + event->type.size;
	if (event->has_retry)
		size += sizeof("retry: ") + digits_of(event->retry_ms);
	return size;
}

size_t
sse_encode_size_sized(const struct sse_event *event, size_t event_size)
{
	struct sse_event own;
	uint64_t size;

	event = sse_sized_get(event, event_size, &own, sizeof(own));
	if (event == NULL)
		return 0;
	size = fields_size(event);
	if (event->data.data != NULL)
		size += plan_lines(event->data, sizeof("data: ") - 1).size;
	if (event->comment.data != NULL)
		size += plan_lines(event->comment, sizeof(": ") - 1).size;
	return size < SIZE_MAX ? (size_t)size : SIZE_MAX;
}

static char *
put(char *at, const char *bytes, size_t size)
{
	memcpy(at, bytes, size);
	return at + size;
}

static char *
put_line(char *at, struct sse_slice prefix, struct sse_slice line)
{
	at = put(at, prefix.data, prefix.size);
	at = put(at, line.data, line.size);
	*at = '\n';
	return at + 1;
}

static char *
put_lines(char *at, struct sse_slice prefix, struct sse_slice text)
{
	struct lines lines;
	struct sse_slice line;

	lines_init(&lines, text);
	while (lines_next(&lines, &line))
		at = put_line(at, prefix, line);
	return at;
}

/* Constants, so that the size of the prefix is known where it is copied. */
#define PREFIX(text) ((struct sse_slice){text, sizeof(text) - 1})

static char *
put_text(char *at, struct sse_slice prefix, struct sse_slice text,
    const struct plan *plan)
{
	if (text.data == NULL)
		return at;
	return plan->one_line ? put_line(at, prefix, text)
			      : put_lines(at, prefix, text);
}

static char *
put_retry(char *at, int64_t value)
{
	size_t digits = digits_of(value);

	at = put(at, "retry: ", sizeof("retry: ") - 1);
	at[digits] = '\n';
	for (size_t i = digits; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits + 1;
}

static char *
put_fields(char *at, const struct sse_event *event)
{
	if (event->id.data != NULL)
		at = put_line(at, PREFIX("id: "), event->id);
	if (event->type.data != NULL)
		at = put_line(at, PREFIX("event: "), event->type);
	if (event->has_retry)
		at = put_retry(at, event->retry_ms);
	return at;
}

static ssize_t
encode(const struct sse_event *event, char *buffer, size_t size)
{
	struct plan data, comment;
	uint64_t planned;
	char *at = buffer;
	int error = check_fields(event);

	if (error == 0)
		error = plan_text(event->data, sizeof("data: ") - 1, &data);
	if (error == 0)
		error = plan_text(event->comment, sizeof(": ") - 1, &comment);
	if (error != 0)
		return error;
	planned = fields_size(event) + data.size + comment.size;
	if (planned > size)
		return -ENOBUFS;
	at = put_text(at, PREFIX(": "), event->comment, &comment);
	at = put_fields(at, event);
	at = put_text(at, PREFIX("data: "), event->data, &data);
	*at++ = '\n';
	assert((uint64_t)(at - buffer) == planned);
	return at - buffer;
}

/* What is not there, or is of another release. */
static __attribute__((noinline)) ssize_t
encode_other(
    const struct sse_event *event, size_t event_size, char *buffer, size_t size)
{
	struct sse_event own;
	const struct sse_event *known =
	    sse_sized_get(event, event_size, &own, sizeof(own));

	if (known == NULL)
		return sse_sized_error(event);
	if (buffer == NULL && size > 0)
		return -EINVAL;
	return encode(known, buffer, size);
}

ssize_t
sse_encode_sized(
    const struct sse_event *event, size_t event_size, char *buffer, size_t size)
{
	/* Nearly always nothing is to be copied, nor room for it needed. */
	if (event == NULL || event_size != sizeof(*event) || buffer == NULL)
		return encode_other(event, event_size, buffer, size);
	return encode(event, buffer, size);
}
