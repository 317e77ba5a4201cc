/*
 * ansi.c - escape sequences of terminals.
 *
 * Nearly all texts have none: so a text is first asked, sixteen octets at once,
 * whether there is anything in it with which one begins.
 */
#include "ansi.h"

#include <string.h>

#define ESC '\x1b'
#define BEL '\a'
#define C1_FIRST                                                     \
	'\xc2' /* U+0080 to U+009F have two octets, this and another \
		*/

/* Octets that are compared at once, by whatever the processor has for it. */
typedef signed char block __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

#define FIRST_BITS UINT64_C(0x8080808080808080)

/* A sequence at the beginning of a text. */
struct sequence {
	size_t begin; /* octets of what begins it */
	size_t size;  /* of all of it, as far as the text has it */
	bool ends;    /* its end is in the text */
};

static bool
is_between(char octet, char first, char last)
{
	return octet >= first && octet <= last;
}

/* The letter behind ESC that a control stands for; NUL: it is no such one. */
static char
letter_of(struct sse_slice text)
{
	unsigned char second;

	if (text.size < 2 || text.data[0] != C1_FIRST)
		return '\0';
	second = (unsigned char)text.data[1];
	return second >= 0x80 && second <= 0x9f ? (char)(second - 0x40) : '\0';
}

/* ESC [, parameters, intermediates, and a final octet (5.4). */
static struct sequence
control_sequence(struct sse_slice text, size_t begin)
{
	struct sequence sequence = {begin, begin, false};

	while (sequence.size < text.size &&
	       is_between(text.data[sequence.size], ' ', '?'))
		sequence.size++;
	if (sequence.size == text.size)
		return sequence;
	sequence.ends = true;
	sequence.size += is_between(text.data[sequence.size], '@', '~');
	return sequence;
}

/* The octets of the string terminator at the beginning; 0: there is none. */
static size_t
terminator_size(struct sse_slice text, bool is_command)
{
	if (text.data[0] == BEL && is_command)
		return 1;
	if (letter_of(text) == '\\')
		return 2;
	return text.size >= 2 && text.data[0] == ESC && text.data[1] == '\\'
		   ? 2
		   : 0;
}

/* To the terminator, or to another ESC, which breaks it off (5.6). */
static struct sequence
control_string(struct sse_slice text, size_t begin, bool is_command)
{
	struct sequence sequence = {begin, begin, false};

	for (; sequence.size < text.size; sequence.size++) {
		struct sse_slice rest = {
		    text.data + sequence.size, text.size - sequence.size};
		size_t end = terminator_size(rest, is_command);

		if (end == 0 && (rest.data[0] != ESC || rest.size == 1))
			continue;
		sequence.size += end;
		sequence.ends = true;
		return sequence;
	}
	return sequence;
}

/* ESC, intermediates, and a final octet (ISO/IEC 2022). */
static struct sequence
escape_sequence(struct sse_slice text)
{
	struct sequence sequence = {1, 1, false};

	while (sequence.size < text.size &&
	       is_between(text.data[sequence.size], ' ', '/'))
		sequence.size++;
	if (sequence.size == text.size)
		return sequence;
	sequence.ends = true;
	sequence.size += is_between(text.data[sequence.size], '0', '~');
	return sequence;
}

/* What is at the beginning of the text; of size 0: it is no sequence. */
static struct sequence
sequence_at(struct sse_slice text)
{
	char letter = letter_of(text);
	size_t begin = 2;

	if (text.data[0] == ESC && text.size >= 2)
		letter = text.data[1];
	else if (text.data[0] != ESC && letter == '\0')
		return (struct sequence){0, 0, true};
	if (letter == '[')
		return control_sequence(text, begin);
	if (letter != '\0' && strchr("]PX^_", letter) != NULL)
		return control_string(text, begin, letter == ']');
	if (text.data[0] == ESC)
		return escape_sequence(text);
	return (struct sequence){begin, begin, true};
}

/* Where one may begin: an ESC, or the first octet of U+0080 and on. */
static size_t
next_candidate(struct sse_slice text, size_t from)
{
	const char *at = text.data + from;
	size_t left = text.size - from;
	const char *escape = memchr(at, ESC, left);
	const char *control;

	if (escape != NULL)
		left = (size_t)(escape - at);
	control = memchr(at, C1_FIRST, left);
	if (control != NULL)
		return (size_t)(control - text.data);
	return escape != NULL ? (size_t)(escape - text.data) : text.size;
}

/* The next sequence from an offset on: its offset, or text.size. */
static size_t
next_sequence(struct sse_slice text, size_t from, struct sequence *ret_sequence)
{
	while (from < text.size) {
		from = next_candidate(text, from);
		if (from == text.size)
			break;
		*ret_sequence = sequence_at(
		    (struct sse_slice){text.data + from, text.size - from});
		if (ret_sequence->size > 0)
			break;
		from++;
	}
	return from;
}

/* All bits of an octet with which a sequence may begin, none of another. */
static inline words
candidates(const char *octets)
{
	block loaded;

	memcpy(&loaded, octets, sizeof(loaded));
	return (words)((loaded == ESC) | (loaded == (signed char)C1_FIRST));
}

/* Whether there is none in a text of a block or more, as in nearly all. */
static bool
has_no_candidate(struct sse_slice text)
{
	const char *at = text.data;
	/* The last block overlaps the one before it: no octet is left over. */
	const char *last = at + text.size - sizeof(block);
	words any = candidates(last);

	for (; at < last; at += sizeof(block))
		any |= candidates(at);
	return (any[0] | any[1]) == 0;
}

/* The first bit of an octet that is not ASCII, or ESC. */
static inline words
unlike_plain(const char *octets)
{
	block loaded;

	memcpy(&loaded, octets, sizeof(loaded));
	return (words)(loaded | (loaded == ESC)) & FIRST_BITS;
}

static bool
is_short_plain(struct sse_slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == ESC || ((unsigned char)text.data[i]) > 0x7f)
			return false;
	return true;
}

bool
ansi_is_plain(struct sse_slice text)
{
	const char *at = text.data, *last;
	words any;

	if (text.size < sizeof(block))
		return is_short_plain(text);
	last = at + text.size - sizeof(block);
	any = unlike_plain(last);
	for (; at < last; at += sizeof(block))
		any |= unlike_plain(at);
	return (any[0] | any[1]) == 0;
}

size_t
ansi_find(struct sse_slice text)
{
	struct sequence sequence;

	if (text.size >= sizeof(block) && has_no_candidate(text))
		return text.size;
	return next_sequence(text, 0, &sequence);
}

size_t
ansi_whole(struct sse_slice text)
{
	struct sequence sequence;
	size_t at = 0;

	while ((at = next_sequence(text, at, &sequence)) < text.size) {
		if (!sequence.ends)
			return text.size - at <= ANSI_SEQUENCE_MAX ? at
								   : text.size;
		at += sequence.size;
	}
	return text.size;
}

/* A sequence without an end is parameters only, but a string has a text. */
static size_t
size_to_drop(struct sse_slice text, const struct sequence *sequence)
{
	char letter = letter_of(text);

	if (sequence->ends)
		return sequence->size;
	if (letter == '[' ||
	    (text.data[0] == ESC &&
		(text.size < 2 || strchr("]PX^_", text.data[1]) == NULL)))
		return sequence->size;
	return sequence->begin;
}

int
ansi_strip(struct sse_slice text, struct sse_buf *out)
{
	struct sequence sequence;
	size_t from = 0;
	int error = sse_buf_reserve(out, text.size);

	while (error == 0 && from < text.size) {
		size_t at = next_sequence(text, from, &sequence);

		error = sse_buf_add(out, text.data + from, at - from);
		if (at == text.size)
			break;
		from = at + size_to_drop((struct sse_slice){text.data + at,
					     text.size - at},
				&sequence);
	}
	return error;
}
