/*
 * ansi_sequence.c - where a sequence of a terminal ends, and whether it is one.
 *
 * A control character that goes by itself is a sequence of that character
 * alone.
 */
#include "record/ansi_sequence.h"

#include <assert.h>

#define BEL '\a'
#define BIDI_SIZE 3 /* bytes of a character that begins with BIDI_FIRST */

static bool
is_between(char byte, char first, char last)
{
	return byte >= first && byte <= last;
}

static struct sse_slice
rest_of(struct sse_slice text, size_t from)
{
	return (struct sse_slice){text.data + from, text.size - from};
}

/* The letter behind ESC that a control stands for; NUL: not a control. */
static char
letter_of(struct sse_slice text)
{
	unsigned char second;

	if (text.size < 2 || text.data[0] != ANSI_C1_FIRST)
		return '\0';
	second = (unsigned char)text.data[1];
	return second >= 0x80 && second <= 0x9f ? (char)(second - 0x40) : '\0';
}

static bool
begins_string(char letter)
{
	return letter == ']' || letter == 'P' || letter == 'X' ||
	       letter == '^' || letter == '_';
}

/* -------------------------------------- controls that go by themselves -- */

/* U+202A to U+202E and U+2066 to U+2069 turn the order of what follows. */
static bool
is_bidi(struct sse_slice text)
{
	if (text.size < BIDI_SIZE || text.data[0] != ANSI_BIDI_FIRST)
		return false;
	if (text.data[1] == '\x80')
		return is_between(text.data[2], '\xaa', '\xae');
	return text.data[1] == '\x81' &&
	       is_between(text.data[2], '\xa6', '\xa9');
}

/* The bytes of such a character at the beginning; 0: there is none. */
static size_t
control_size(struct sse_slice text)
{
	if (text.size > 0 && ansi_is_control(text.data[0]))
		return 1;
	return is_bidi(text) ? BIDI_SIZE : 0;
}

/* -------------------------------------------- what an ESC begins -- */

/* ESC [, parameters, intermediates, and a final byte (5.4). */
static struct ansi_sequence
control_sequence(struct sse_slice text)
{
	struct ansi_sequence sequence = {2, 2, false};

	while (sequence.size < text.size &&
	       is_between(text.data[sequence.size], ' ', '?'))
		sequence.size++;
	if (sequence.size == text.size)
		return sequence;
	sequence.ends = true;
	sequence.size += is_between(text.data[sequence.size], '@', '~');
	return sequence;
}

/* The bytes of the string terminator at the beginning; 0: there is none. */
static size_t
terminator_size(struct sse_slice text, bool is_command)
{
	if (text.data[0] == BEL && is_command)
		return 1;
	if (letter_of(text) == '\\')
		return 2;
	return text.size >= 2 && text.data[0] == ANSI_ESC &&
		       text.data[1] == '\\'
		   ? 2
		   : 0;
}

/* To the terminator, or to another ESC, which breaks it off (5.6). */
static struct ansi_sequence
control_string(struct sse_slice text)
{
	struct ansi_sequence sequence = {2, 2, false};

	for (; sequence.size < text.size; sequence.size++) {
		struct sse_slice rest = rest_of(text, sequence.size);
		size_t end = terminator_size(rest, text.data[1] == ']');

		if (end == 0 && (rest.data[0] != ANSI_ESC || rest.size == 1))
			continue;
		sequence.size += end;
		sequence.ends = true;
		return sequence;
	}
	return sequence;
}

/* ESC, intermediates, and a final byte (ISO/IEC 2022). */
static struct ansi_sequence
escape_sequence(struct sse_slice text)
{
	struct ansi_sequence sequence = {1, 1, false};

	while (sequence.size < text.size &&
	       is_between(text.data[sequence.size], ' ', '/'))
		sequence.size++;
	if (sequence.size == text.size)
		return sequence;
	sequence.ends = true;
	sequence.size += is_between(text.data[sequence.size], '0', '~');
	return sequence;
}

static struct ansi_sequence
sequence_of_escape(struct sse_slice text)
{
	char letter = text.size >= 2 ? text.data[1] : '\0';

	if (letter == '[')
		return control_sequence(text);
	return begins_string(letter) ? control_string(text)
				     : escape_sequence(text);
}

/* ------------------------------ what one of U+0080 to U+009F begins -- */

static bool
is_introducer(struct sse_slice text)
{
	char letter = letter_of(text);

	return letter == '[' || begins_string(letter);
}

/* The introducer and what may stand between it and the end of a sequence. */
static size_t
content_size(struct sse_slice text)
{
	bool is_string = letter_of(text) != '[';
	size_t size = 2;

	while (size < text.size &&
	       (is_between(text.data[size], ' ', is_string ? '~' : '?') ||
		   (is_string && is_between(text.data[size], '\b', '\r'))))
		size++;
	return size;
}

/*
 * These characters stand in texts, too, above all in those that were encoded
 * twice: so what one of them begins is a sequence only if it is one to its last
 * byte, and no other character is in between.
 */
static struct ansi_sequence
sequence_of_control(struct sse_slice text)
{
	char letter = letter_of(text);
	size_t size = content_size(text), end;
	struct sse_slice rest = rest_of(text, size);

	if (rest.size == 0 || (rest.size == 1 && rest.data[0] == ANSI_ESC))
		return (struct ansi_sequence){2, text.size, false};
	end = letter == '[' ? is_between(rest.data[0], '@', '~')
			    : terminator_size(rest, letter == ']');
	return (struct ansi_sequence){2, end > 0 ? size + end : 0, end > 0};
}

/*
 * Whether this introducer, which begins no sequence, would begin one with what
 * is behind the next sequence once that is left out.  One that is like it may
 * stand in between: what is true of one of them is true of all.
 */
static bool
is_broken_off(struct ansi_way *way, size_t at)
{
	struct sse_slice rest = rest_of(way->text, at);
	struct ansi_sequence next = {0};

	if (at < way->judged)
		return way->broken;
	while (!next.ends && is_introducer(rest)) {
		rest = rest_of(rest, content_size(rest));
		if (is_introducer(rest))
			next = sequence_of_control(rest);
	}
	way->judged = way->text.size - rest.size;
	assert(way->judged > at); /* so that time is linear */
	way->broken = (rest.size > 0 && rest.data[0] == ANSI_ESC) ||
		      next.ends || control_size(rest) > 0;
	return way->broken;
}

struct ansi_sequence
ansi_sequence_at(struct ansi_way *way, size_t at)
{
	struct sse_slice rest = rest_of(way->text, at);
	size_t control = control_size(rest);
	struct ansi_sequence sequence;

	assert(at < way->text.size);
	if (rest.data[0] == ANSI_ESC)
		return sequence_of_escape(rest);
	if (control > 0)
		return (struct ansi_sequence){control, control, true};
	if (!is_introducer(rest))
		return (struct ansi_sequence){0};
	/* Where a cut has left something, the last of them may begin it. */
	if (at < way->judged && !way->broken && !way->is_cut)
		return (struct ansi_sequence){0};
	sequence = sequence_of_control(rest);
	if (sequence.size > 0 && (sequence.ends || way->is_cut))
		return sequence;
	return is_broken_off(way, at) ? (struct ansi_sequence){2, 2, true}
				      : (struct ansi_sequence){0};
}

size_t
ansi_sequence_dropped(
    struct sse_slice text, const struct ansi_sequence *sequence)
{
	bool is_string = text.size >= 2 && begins_string(text.data[1]);

	return !sequence->ends && is_string ? sequence->begin : sequence->size;
}
