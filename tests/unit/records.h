/*
 * records.h - FastCGI records for tests: what a web server sends, also where
 * it should not; and what is in some records, as text.  It is written without
 * wire.c, which is what it tests.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "test.h"

#define RECORDS_SIZE_MAX ((size_t)64 << 20)

__attribute__((unused, format(printf, 2, 3))) static void
say(struct sse_buf *text, const char *format, ...)
{
	char line[512];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	CHECK(size >= 0 && size < (int)sizeof(line));
	CHECK_EQUAL_INT(sse_buf_add(text, line, (size_t)size), 0);
}

/* A record with so many bytes of padding, which are not zeros. */
__attribute__((unused)) static void
add_padded(
    struct sse_buf *to, int type, int id, struct sse_slice content, int padding)
{
	const char header[] = {1, (char)type, (char)(id >> 8), (char)id,
	    (char)(content.size >> 8), (char)content.size, (char)padding, 0};

	CHECK(content.size <= 65535);
	CHECK_EQUAL_INT(sse_buf_add(to, header, sizeof(header)), 0);
	CHECK_EQUAL_INT(sse_buf_add(to, content.data, content.size), 0);
	while (padding-- > 0)
		CHECK_EQUAL_INT(sse_buf_add(to, "\1", 1), 0);
}

__attribute__((unused)) static void
add_record(struct sse_buf *to, int type, int id, struct sse_slice content)
{
	add_padded(to, type, id, content, 0);
}

__attribute__((unused)) static void
add_empty(struct sse_buf *to, int type, int id)
{
	add_record(to, type, id, SLICE(""));
}

__attribute__((unused)) static void
add_begin(struct sse_buf *to, int id, int role, int flags)
{
	const char body[8] = {(char)(role >> 8), (char)role, (char)flags};

	add_record(to, 1, id, (struct sse_slice){body, 8});
}

__attribute__((unused)) static void
add_size(struct sse_buf *to, size_t size, bool is_long)
{
	const char bytes[] = {(char)(0x80 | size >> 24), (char)(size >> 16),
	    (char)(size >> 8), (char)size};
	size_t skipped = is_long || size > 127 ? 0 : 3;

	CHECK_EQUAL_INT(
	    sse_buf_add(to, bytes + skipped, sizeof(bytes) - skipped), 0);
}

__attribute__((unused)) static void
add_pair(struct sse_buf *to, struct sse_slice name, struct sse_slice value)
{
	add_size(to, name.size, false);
	add_size(to, value.size, false);
	CHECK_EQUAL_INT(sse_buf_add(to, name.data, name.size), 0);
	CHECK_EQUAL_INT(sse_buf_add(to, value.data, value.size), 0);
}

/* "A=1\nB=2\n" as name-value pairs. */
__attribute__((unused)) static void
add_pairs(struct sse_buf *to, const char *lines)
{
	while (*lines != '\0') {
		size_t name_size = strcspn(lines, "=");
		const char *value = lines + name_size + 1;
		size_t value_size = strcspn(value, "\n");

		add_pair(to, (struct sse_slice){lines, name_size},
		    (struct sse_slice){value, value_size});
		lines = value + value_size + 1;
	}
}

/* PARAMS of these bytes in records of at most so many, and their end. */
__attribute__((unused)) static void
add_params(struct sse_buf *to, int id, struct sse_slice pairs, size_t size_max)
{
	while (pairs.size > 0) {
		struct sse_slice piece = pairs;

		piece.size = pairs.size < size_max ? pairs.size : size_max;
		add_record(to, 4, id, piece);
		pairs.data += piece.size;
		pairs.size -= piece.size;
	}
	add_empty(to, 4, id);
}

/* A whole request: flags 1 is KEEP_CONN. */
__attribute__((unused)) static void
add_request(struct sse_buf *to, int id, int flags, const char *lines)
{
	struct sse_buf pairs;

	sse_buf_init(&pairs, RECORDS_SIZE_MAX);
	add_pairs(&pairs, lines);
	add_begin(to, id, 1, flags);
	add_params(to, id, sse_buf_slice(&pairs), 65535);
	sse_buf_done(&pairs);
}

static size_t
size_at(const unsigned char *bytes, size_t *at)
{
	size_t size = bytes[*at];

	if (size < 128) {
		*at += 1;
		return size;
	}
	size = (size & 127) << 24 | (size_t)bytes[*at + 1] << 16 |
	       (size_t)bytes[*at + 2] << 8 | bytes[*at + 3];
	*at += 4;
	return size;
}

/* Well-formed pairs as "NAME=value" lines; long values as their size. */
static void
say_pairs(struct sse_buf *text, struct sse_slice pairs)
{
	const unsigned char *bytes = (const unsigned char *)pairs.data;
	size_t at = 0;

	while (at < pairs.size) {
		size_t name_size = size_at(bytes, &at);
		size_t value_size = size_at(bytes, &at);
		const char *name = pairs.data + at;

		at += name_size + value_size;
		CHECK(at <= pairs.size);
		if (name_size + value_size > 100)
			say(text, "(%zu)=(%zu)\n", name_size, value_size);
		else
			say(text, "%.*s=%.*s\n", (int)name_size, name,
			    (int)value_size, name + name_size);
	}
}

static void
say_record(struct sse_buf *text, int type, int id, struct sse_slice content)
{
	const char *body = content.data;

	switch (type) {
	case 1:
		CHECK_EQUAL_INT(content.size, 8);
		say(text, "begin %d role %d flags %d\n", id, body[1], body[2]);
		break;
	case 3:
		CHECK_EQUAL_INT(content.size, 8);
		say(text, "end %d app %d status %d\n", id,
		    body[0] | body[1] | body[2] | body[3], body[4]);
		break;
	case 4:
		CHECK_EQUAL_INT(content.size, 0);
		say(text, "params %d end\n", id);
		break;
	case 6:
		say(text, "stdout %d %zu\n", id, content.size);
		break;
	case 10:
		say(text, "values %d:\n", id);
		say_pairs(text, content);
		break;
	case 11:
		CHECK_EQUAL_INT(content.size, 8);
		say(text, "unknown %d\n", (unsigned char)body[0]);
		break;
	default:
		say(text, "type %d\n", type);
	}
}

/*
 * What is in the records, which have to be whole; a line of text for each, but
 * of the PARAMS of all records their pairs.
 */
__attribute__((unused)) static void
say_records(struct sse_buf *text, struct sse_slice records)
{
	struct sse_buf params;

	sse_buf_init(&params, RECORDS_SIZE_MAX);
	while (records.size > 0) {
		const unsigned char *at = (const unsigned char *)records.data;
		struct sse_slice content = {records.data + 8, 0};
		size_t size;

		CHECK(records.size >= 8);
		CHECK_EQUAL_INT(at[0], 1);
		content.size = (size_t)(at[4] << 8 | at[5]);
		size = 8 + content.size + at[6];
		CHECK(records.size >= size);
		if (at[1] == 4 && content.size > 0)
			sse_buf_add(&params, content.data, content.size);
		if (at[1] == 4 && content.size == 0)
			say_pairs(text, sse_buf_slice(&params));
		if (at[1] != 4 || content.size == 0)
			say_record(text, at[1], at[2] << 8 | at[3], content);
		records.data += size;
		records.size -= size;
	}
	sse_buf_done(&params);
}

#endif
