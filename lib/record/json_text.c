/*
 * json_text.c - a JSON value as it is written.
 *
 * Only strings and brackets are told apart: a byte that stands between them
 * means the same in each text that is valid.
 */
#include "record/json_text.h"

#include <assert.h>
#include <string.h>

#define PAUSE_SIZE 16384                      /* bytes that are read */
#define SMALL_SIZE (JSON_TEXT_VALUES_MAX - 1) /* too few for so many values */

/* From behind the quote that begins a string to behind the one that ends it. */
static const char *
skip_string(const char *at, const char *end)
{
	const char *quote = NULL; /* the next one, or the end */

	assert(at <= end);
	while (at < end) {
		const char *escape;

		if (quote == NULL || quote < at)
			quote = memchr(at, '"', (size_t)(end - at));
		if (quote == NULL)
			quote = end;
		escape = memchr(at, '\\', (size_t)(quote - at));
		if (escape == NULL)
			return quote < end ? quote + 1 : end;
		at = end - escape > 2 ? escape + 2 : end;
	}
	return end;
}

/* Most records: it has not so many brackets, wherever they stand. */
static bool
is_small(struct sse_slice text)
{
	size_t brackets = 0;

	if (text.size > SMALL_SIZE)
		return false;
	for (size_t i = 0; i < text.size; i++)
		brackets += text.data[i] == '{' || text.data[i] == '[';
	return brackets <= JSON_TEXT_DEPTH_MAX;
}

enum json_text_excess
json_text_excess(struct sse_slice text, const struct pause *pause)
{
	const char *at = text.data, *end = text.data + text.size;
	const char *rest = at;
	size_t depth = 0, values = 1;

	if (is_small(text))
		return JSON_TEXT_NO_EXCESS;
	while (at < end) {
		char byte = *at++;

		if (byte == '"')
			at = skip_string(at, end);
		if (byte == '{' || byte == '[')
			depth++;
		if ((byte == '}' || byte == ']') && depth > 0)
			depth--;
		values += byte == '{' || byte == '[' || byte == ',';
		if (depth > JSON_TEXT_DEPTH_MAX)
			return JSON_TEXT_TOO_DEEP;
		if (values > JSON_TEXT_VALUES_MAX)
			return JSON_TEXT_TOO_MANY;
		if (at - rest >= PAUSE_SIZE) {
			rest = at;
			pause_take(pause);
		}
	}
	return JSON_TEXT_NO_EXCESS;
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct sse_slice
trim(const char *begin, const char *end)
{
	while (begin < end && is_blank(*begin))
		begin++;
	while (begin < end && is_blank(end[-1]))
		end--;
	return (struct sse_slice){begin, (size_t)(end - begin)};
}

struct sse_slice
json_text_member(struct sse_slice object, size_t member)
{
	const char *at = object.data, *end = object.data + object.size;
	const char *begin = at;
	size_t depth = 0;

	while (at < end) {
		const char *here = at++;

		if (*here == '"')
			at = skip_string(at, end);
		else if (depth == 1 && (*here == ',' || *here == '}') &&
			 member-- == 0)
			return trim(begin, here);
		else if (*here == '{' || *here == '[')
			depth++;
		else if (*here == '}' || *here == ']')
			depth--;
		else if (*here == ':' && depth == 1)
			begin = at;
	}
	return (struct sse_slice){"", 0};
}

int
json_text_compact(struct sse_slice value, struct sse_buf *out)
{
	const char *at = value.data, *end = value.data + value.size;
	size_t before = out->size;
	int error = sse_buf_reserve(out, value.size);

	while (error == 0 && at < end) {
		const char *begin = at;

		if (*at == '"')
			at = skip_string(at + 1, end);
		else
			while (at < end && *at != '"' && !is_blank(*at))
				at++;
		error = sse_buf_add(out, begin, (size_t)(at - begin));
		while (at < end && is_blank(*at))
			at++;
	}
	assert(out->size - before <= value.size);
	return error;
}

bool
json_text_is_integer(struct sse_slice text)
{
	size_t at = text.size > 0 && text.data[0] == '-' ? 1 : 0;
	size_t digits = at;

	while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
		at++;
	return at > digits && at == text.size;
}
