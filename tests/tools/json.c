/*
 * json.c - as much JSON as the wire of the tools needs: strings and integers.
 * Objects are taken apart by the callers.
 */
#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "utf8.h"

static void
skip(struct sse_slice *text, size_t size)
{
	text->data += size;
	text->size -= size;
}

static void
skip_blanks(struct sse_slice *text)
{
	while (text->size > 0 && memchr(" \t\r\n", *text->data, 4) != NULL)
		skip(text, 1);
}

bool
json_take(struct sse_slice *text, char byte)
{
	skip_blanks(text);
	if (text->size == 0 || *text->data != byte)
		return false;
	skip(text, 1);
	return true;
}

bool
json_at_end(struct sse_slice text)
{
	skip_blanks(&text);
	return text.size == 0;
}

/* Takes the four digits of a \u. */
static int
take_unit(struct sse_slice *text, uint32_t *ret_unit)
{
	uint32_t unit = 0;

	if (text->size < 4)
		return -EBADMSG;
	for (int i = 0; i < 4; i++) {
		int digit = sse_hex_value(text->data[i]);

		if (digit < 0)
			return -EBADMSG;
		unit = unit << 4 | (uint32_t)digit;
	}
	skip(text, 4);
	*ret_unit = unit;
	return 0;
}

static int
add_point(struct sse_buf *out, uint32_t point)
{
	char bytes[4];
	size_t size = 0;

	if (point < 0x80) {
		bytes[size++] = (char)point;
	} else if (point < 0x800) {
		bytes[size++] = (char)(0xc0 | point >> 6);
	} else if (point < 0x10000) {
		bytes[size++] = (char)(0xe0 | point >> 12);
		bytes[size++] = (char)(0x80 | (point >> 6 & 0x3f));
	} else {
		bytes[size++] = (char)(0xf0 | point >> 18);
		bytes[size++] = (char)(0x80 | (point >> 12 & 0x3f));
		bytes[size++] = (char)(0x80 | (point >> 6 & 0x3f));
	}
	if (point >= 0x80)
		bytes[size++] = (char)(0x80 | (point & 0x3f));
	return sse_buf_add(out, bytes, size);
}

/* Takes what follows a \u, and the second half of a pair. */
static int
take_point(struct sse_slice *text, struct sse_buf *out)
{
	uint32_t high, low;
	int error = take_unit(text, &high);

	if (error != 0)
		return error;
	if (high < 0xd800 || high > 0xdfff)
		return add_point(out, high);
	if (high > 0xdbff || text->size < 2 ||
	    memcmp(text->data, "\\u", 2) != 0)
		return -EBADMSG;
	skip(text, 2);
	error = take_unit(text, &low);
	if (error != 0)
		return error;
	if (low < 0xdc00 || low > 0xdfff)
		return -EBADMSG;
	return add_point(out, 0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff)));
}

/* Takes what follows a backslash. */
static int
take_escape(struct sse_slice *text, struct sse_buf *out)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (text->size == 0)
		return -EBADMSG;
	found = memchr(names, *text->data, sizeof(names) - 1);
	if (found == NULL && *text->data != 'u')
		return -EBADMSG;
	skip(text, 1);
	if (found == NULL)
		return take_point(text, out);
	return sse_buf_add(out, values + (found - names), 1);
}

/* Takes bytes up to the next one that stands for something else. */
static int
take_run(struct sse_slice *text, struct sse_buf *out)
{
	struct sse_slice run = *text;

	run.size = 0;
	while (run.size < text->size && run.data[run.size] != '"' &&
	       run.data[run.size] != '\\') {
		if ((unsigned char)run.data[run.size] < 0x20)
			return -EBADMSG;
		run.size++;
	}
	if (sse_utf8_valid(run) < run.size)
		return -EBADMSG;
	skip(text, run.size);
	return sse_buf_add(out, run.data, run.size);
}

int
json_take_string(struct sse_slice *text, struct sse_buf *out)
{
	int error = 0;

	if (!json_take(text, '"'))
		return -EBADMSG;
	while (error == 0) {
		error = take_run(text, out);
		if (error != 0)
			break;
		if (text->size == 0)
			return -EBADMSG;
		skip(text, 1);
		if (text->data[-1] == '"')
			return 0;
		error = take_escape(text, out);
	}
	return error;
}

static bool
is_digit(const struct sse_slice *text)
{
	return text->size > 0 && *text->data >= '0' && *text->data <= '9';
}

int
json_take_integer(struct sse_slice *text, int64_t *ret_value)
{
	bool negative = json_take(text, '-');
	int64_t value = 0;

	if (!is_digit(text))
		return -EBADMSG;
	if (*text->data == '0' && text->size > 1 && text->data[1] >= '0' &&
	    text->data[1] <= '9')
		return -EBADMSG;
	for (; is_digit(text); skip(text, 1)) {
		if (value > (INT64_MAX - 9) / 10)
			return -ERANGE;
		value = value * 10 + (*text->data - '0');
	}
	if (text->size > 0 && memchr(".eE", *text->data, 3) != NULL)
		return -EBADMSG;
	*ret_value = negative ? -value : value;
	return 0;
}

int
json_add_string(struct sse_buf *out, struct sse_slice text)
{
	int error = sse_buf_add(out, "\"", 1);

	for (size_t i = 0; i < text.size && error == 0; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		char escape[8];
		int size;

		if (byte >= 0x20 && byte != '"' && byte != '\\') {
			error = sse_buf_add(out, text.data + i, 1);
			continue;
		}
		size = snprintf(escape, sizeof(escape), "\\u%04x", byte);
		error = sse_buf_add(out, escape, (size_t)size);
	}
	return error != 0 ? error : sse_buf_add(out, "\"", 1);
}
