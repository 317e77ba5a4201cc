/*
 * utf8.c - UTF-8: is it valid, where can it be cut, and how is it repaired.
 *
 * Everything stands on prefix_size(), which knows table 3-7 of the Unicode
 * standard: the longest prefix of a character at the front of some bytes.  A
 * prefix that is not a whole character is what the Encoding standard replaces
 * by one U+FFFD.  A byte below 0x80 is never part of such a prefix unless it
 * comes first, so a line end or a colon always survives.
 */
#include "utf8.h"

#include <assert.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define REPLACEMENT_SIZE (sizeof(REPLACEMENT) - 1)
#define BOM "\xef\xbb\xbf"
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Bytes that are looked at together, by whatever the processor has for it. */
typedef uint64_t block __attribute__((vector_size(16)));

/* What the first byte of a character says about the rest. */
struct lead {
	size_t size;            /* of the character; 0: none begins so */
	unsigned char next_min; /* of the second byte */
	unsigned char next_max;
};

static struct lead
lead(unsigned char byte)
{
	if (byte < 0x80)
		return (struct lead){1, 0, 0};
	if (byte < 0xc2 || byte > 0xf4)
		return (struct lead){0, 0, 0};
	if (byte < 0xe0)
		return (struct lead){2, 0x80, 0xbf};
	if (byte < 0xf0) /* not over-long, no surrogate */
		return (struct lead){
		    3, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf};
	/* not over-long, not beyond U+10FFFF */
	return (struct lead){
	    4, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf};
}

/*
 * The bytes of the longest prefix of a character, at least 1; size is not 0.
 * *ret_whole says whether it is a character.
 */
static size_t
prefix_size(const char *text, size_t size, bool *ret_whole)
{
	const unsigned char *bytes = (const unsigned char *)text;
	struct lead first = lead(bytes[0]);
	size_t got = 1;

	assert(size > 0);
	if (first.size > 1 && size > 1 && bytes[1] >= first.next_min &&
	    bytes[1] <= first.next_max)
		for (got = 2; got < first.size && got < size; got++)
			if ((bytes[got] & 0xc0) != 0x80)
				break;
	*ret_whole = got == first.size;
	return got;
}

static inline block
load(const char *bytes)
{
	block loaded;

	memcpy(&loaded, bytes, sizeof(loaded));
	return loaded;
}

static bool
has_high_bit(block bytes)
{
	return ((bytes[0] | bytes[1]) & HIGH_BITS) != 0;
}

/* Whether all of at least one block is ASCII. */
static bool
is_ascii(const char *at, size_t size)
{
	/* The last block overlaps the one before it: no byte is left over. */
	const char *last = at + size - sizeof(block);
	block all;

	assert(size >= sizeof(block));
	all = load(last);

	for (; at < last; at += sizeof(block))
		all |= load(at);
	return !has_high_bit(all);
}

/* The bytes of text from at on that are ASCII, but for some of them. */
static size_t
ascii_run(struct sse_slice text, size_t at)
{
	size_t start = at;

	while (text.size - at >= sizeof(block) &&
	       !has_high_bit(load(text.data + at)))
		at += sizeof(block);
	return at - start;
}

/* Looks no further than the first that is invalid. */
static size_t
valid_size(struct sse_slice text)
{
	size_t at = 0;

	while (at < text.size) {
		bool whole;
		size_t size;

		if ((text.data[at] & 0x80) == 0) {
			size = ascii_run(text, at);
			at += size > 0 ? size : 1;
			continue;
		}
		size = prefix_size(text.data + at, text.size - at, &whole);
		if (!whole)
			break;
		at += size;
	}
	return at;
}

size_t
sse_utf8_valid(struct sse_slice text)
{
	if (text.size >= sizeof(block) && is_ascii(text.data, text.size))
		return text.size;
	return valid_size(text);
}

size_t
sse_utf8_cut(struct sse_slice text, size_t size_max)
{
	size_t size = size_max;

	if (text.size <= size_max)
		return text.size;
	while (size > 0 && (text.data[size] & 0xc0) == 0x80)
		size--;
	return size;
}

/* U+FFFD for each of the bytes at the front with which nothing begins. */
static int
replace_run(struct sse_slice *text, struct sse_buf *out)
{
	char run[64 * REPLACEMENT_SIZE];
	size_t size = 0;

	while (text->size > 0 && size < sizeof(run) &&
	       lead((unsigned char)text->data[0]).size == 0) {
		memcpy(run + size, REPLACEMENT, REPLACEMENT_SIZE);
		size += REPLACEMENT_SIZE;
		text->data++;
		text->size--;
	}
	return sse_buf_add(out, run, size);
}

/* Adds what is valid at the front, and one U+FFFD for what follows it. */
static int
repair_step(struct sse_slice *text, struct sse_buf *out)
{
	/* sse_utf8_valid() looks at the whole rest first: not in each step. */
	size_t valid = valid_size(*text);
	int error = sse_buf_add(out, text->data, valid);
	bool whole;

	text->data += valid;
	text->size -= valid;
	if (error != 0 || text->size == 0)
		return error;
	if (lead((unsigned char)text->data[0]).size == 0)
		return replace_run(text, out);
	valid = prefix_size(text->data, text->size, &whole);
	text->data += valid;
	text->size -= valid;
	return sse_buf_add(out, REPLACEMENT, REPLACEMENT_SIZE);
}

int
sse_utf8_repair(struct sse_slice text, struct sse_buf *out)
{
	size_t before = out->size;

	while (text.size > 0) {
		int error = repair_step(&text, out);

		if (error != 0) {
			out->size = before;
			return error;
		}
	}
	return 0;
}

size_t
sse_utf8_bom_size(struct sse_slice text)
{
	return text.size >= SSE_UTF8_BOM_SIZE &&
		       memcmp(text.data, BOM, SSE_UTF8_BOM_SIZE) == 0
		   ? SSE_UTF8_BOM_SIZE
		   : 0;
}
