/*
 * query.c - one field of a URL's query.  Names are compared after decoding,
 * byte by byte, so nothing has to be copied to find a field.
 */
#include "query.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "hex.h"

static void
skip(struct sse_slice *text, size_t size)
{
	text->data += size;
	text->size -= size;
}

/* Takes one byte, decoded; there has to be one. */
static char
take_byte(struct sse_slice *text)
{
	char byte = *text->data;
	int high = -1, low = -1;

	assert(text->size > 0);
	if (byte == '%' && text->size >= 3) {
		high = sse_hex_value(text->data[1]);
		low = sse_hex_value(text->data[2]);
	}
	if (high >= 0 && low >= 0) {
		skip(text, 3);
		return (char)(high << 4 | low);
	}
	skip(text, 1);
	return byte == '+' ? ' ' : byte;
}

/* What is before the delimiter, which is taken too if it is there. */
static struct sse_slice
take_until(struct sse_slice *text, char delimiter)
{
	const char *found = memchr(text->data, delimiter, text->size);
	struct sse_slice front = *text;

	if (found != NULL)
		front.size = (size_t)(found - text->data);
	skip(text, front.size + (found != NULL));
	return front;
}

static bool
is_name(struct sse_slice encoded, const char *name)
{
	while (encoded.size > 0)
		if (*name == '\0' || take_byte(&encoded) != *name++)
			return false;
	return *name == '\0';
}

static ssize_t
decode(struct sse_slice encoded, char *buffer, size_t size)
{
	size_t count = 0;

	while (encoded.size > 0 && count < size)
		buffer[count++] = take_byte(&encoded);
	return (ssize_t)count;
}

ssize_t
sse_query_find(
    struct sse_slice query, const char *name, char *buffer, size_t size)
{
	while (query.size > 0) {
		struct sse_slice value = take_until(&query, '&');
		bool empty = value.size == 0; /* "&&" is not a field */
		struct sse_slice field = take_until(&value, '=');

		if (!empty && is_name(field, name))
			return decode(value, buffer, size);
	}
	return -ENOENT;
}
