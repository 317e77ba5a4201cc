/*
 * plain_line.c - lines that stand in a log as they are sent, or searched.
 */
#include "config.h"

#include "record/plain_line.h"

#include <string.h>

/* Bytes that are looked at at once. */
typedef signed char block __attribute__((vector_size(16)));

/* All bits of a byte that is plain. */
static inline block
plain_of(const char *from)
{
	block bytes;

	memcpy(&bytes, from, sizeof(bytes));
	return ((bytes >= ' ') & (bytes <= '~')) | (bytes == '\t');
}

static bool
is_plain_bytes(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!plain_byte(bytes[i]))
			return false;
	return true;
}

/*
 * Nearly all lines are: no block is asked alone.  The last one overlaps the one
 * before it, so that no byte is left over.
 */
static bool
is_plain(const char *bytes, size_t size)
{
	uint64_t halves[sizeof(block) / sizeof(uint64_t)];
	block all;

	if (size < sizeof(block))
		return is_plain_bytes(bytes, size);
	all = plain_of(bytes + size - sizeof(block));
	for (size_t at = 0; at + sizeof(block) < size; at += sizeof(block))
		all &= plain_of(bytes + at);
	memcpy(halves, &all, sizeof(halves));
	return (halves[0] & halves[1]) == UINT64_MAX;
}

ssize_t
plain_line_size(struct sse_slice bytes, size_t size_max)
{
	const char *lf;
	size_t size;

	/* The byte behind the longest line says whether it ends there. */
	if (bytes.size > size_max)
		bytes.size = size_max + 1;
	lf = bytes.size > 0 ? memchr(bytes.data, '\n', bytes.size) : NULL;
	if (lf == NULL)
		return -1;
	size = (size_t)(lf - bytes.data);
	return is_plain(bytes.data, size) ? (ssize_t)size : -1;
}

size_t
plain_lines_left_out(const struct plain_judge *judge, struct sse_slice bytes)
{
	size_t at = 0;

	for (;;) {
		struct sse_slice line = {bytes.data + at, bytes.size - at};
		ssize_t size = plain_line_size(line, judge->line_size_max);

		if (size < 0)
			return at;
		line.size = (size_t)size;
		if (!judge->leaves_out(judge->context, line))
			return at;
		at += line.size + 1;
	}
}
