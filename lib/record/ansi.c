/*
 * ansi.c - escape sequences and controls of terminals.
 *
 * Nearly all texts have none: so a text is first asked, sixteen bytes at once,
 * whether there is anything in it with which one begins.  A control character
 * that goes by itself is a sequence of that character alone.
 */
#include "record/ansi.h"

#include <string.h>

#define ESC '\x1b'
#define BEL '\a'
/* U+0080 to U+009F have two bytes, this and another. */
#define C1_FIRST '\xc2'
/* U+2000 to U+2FFF have three, this and two others. */
#define BIDI_FIRST '\xe2'
#define BIDI_SIZE 3

/* Bytes that are compared at once, by whatever the processor has for it. */
typedef signed char block __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

#define FIRST_BITS UINT64_C(0x8080808080808080)

/* A sequence at the beginning of a text. */
struct sequence {
	size_t begin; /* bytes of what begins it */
	size_t size;  /* of all of it, as far as the text has it; 0: none */
	bool ends;    /* its end is in the text */
};

/* A way through a text, from sequence to sequence. */
struct scan {
	struct sse_slice text;
	bool is_cut;   /* what would have ended a sequence may be missing */
	size_t judged; /* introducers before it are all alone, */
	bool broken;   /* or all broken off */
};

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

	if (text.size < 2 || text.data[0] != C1_FIRST)
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

/* Of ASCII all but NUL, which terminals ignore, TAB, LF and CR; not ESC. */
static bool
is_control(char byte)
{
	return byte == '\x7f' ||
	       (byte > '\0' && byte < ' ' && byte != '\t' && byte != '\n' &&
		   byte != '\r' && byte != ESC);
}

/* U+202A to U+202E and U+2066 to U+2069 turn the order of what follows. */
static bool
is_bidi(struct sse_slice text)
{
	if (text.size < BIDI_SIZE || text.data[0] != BIDI_FIRST)
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
	if (text.size > 0 && is_control(text.data[0]))
		return 1;
	return is_bidi(text) ? BIDI_SIZE : 0;
}

/* -------------------------------------------- what an ESC begins -- */

/* ESC [, parameters, intermediates, and a final byte (5.4). */
static struct sequence
control_sequence(struct sse_slice text)
{
	struct sequence sequence = {2, 2, false};

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
	return text.size >= 2 && text.data[0] == ESC && text.data[1] == '\\'
		   ? 2
		   : 0;
}

/* To the terminator, or to another ESC, which breaks it off (5.6). */
static struct sequence
control_string(struct sse_slice text)
{
	struct sequence sequence = {2, 2, false};

	for (; sequence.size < text.size; sequence.size++) {
		struct sse_slice rest = rest_of(text, sequence.size);
		size_t end = terminator_size(rest, text.data[1] == ']');

		if (end == 0 && (rest.data[0] != ESC || rest.size == 1))
			continue;
		sequence.size += end;
		sequence.ends = true;
		return sequence;
	}
	return sequence;
}

/* ESC, intermediates, and a final byte (ISO/IEC 2022). */
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

static struct sequence
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
static struct sequence
sequence_of_control(struct sse_slice text)
{
	char letter = letter_of(text);
	size_t size = content_size(text), end;
	struct sse_slice rest = rest_of(text, size);

	if (rest.size == 0 || (rest.size == 1 && rest.data[0] == ESC))
		return (struct sequence){2, text.size, false};
	end = letter == '[' ? is_between(rest.data[0], '@', '~')
			    : terminator_size(rest, letter == ']');
	return (struct sequence){2, end > 0 ? size + end : 0, end > 0};
}

/*
 * Whether this introducer, which begins no sequence, would begin one with what
 * is behind the next sequence once that is left out.  One that is like it may
 * stand in between: what is true of one of them is true of all.
 */
static bool
is_broken_off(struct scan *scan, size_t at)
{
	struct sse_slice rest = rest_of(scan->text, at);
	struct sequence next = {0};

	if (at < scan->judged)
		return scan->broken;
	while (!next.ends && is_introducer(rest)) {
		rest = rest_of(rest, content_size(rest));
		if (is_introducer(rest))
			next = sequence_of_control(rest);
	}
	scan->judged = scan->text.size - rest.size;
	scan->broken = (rest.size > 0 && rest.data[0] == ESC) || next.ends ||
		       control_size(rest) > 0;
	return scan->broken;
}

/* ------------------------------------------------------------------------ */

/* What may begin one here; of size 0: nothing does. */
static struct sequence
sequence_at(struct scan *scan, size_t at)
{
	struct sse_slice rest = rest_of(scan->text, at);
	size_t control = control_size(rest);
	struct sequence sequence;

	if (rest.data[0] == ESC)
		return sequence_of_escape(rest);
	if (control > 0)
		return (struct sequence){control, control, true};
	if (!is_introducer(rest))
		return (struct sequence){0};
	/* Where a cut has left something, the last of them may begin it. */
	if (at < scan->judged && !scan->broken && !scan->is_cut)
		return (struct sequence){0};
	sequence = sequence_of_control(rest);
	if (sequence.size > 0 && (sequence.ends || scan->is_cut))
		return sequence;
	return is_broken_off(scan, at) ? (struct sequence){2, 2, true}
				       : (struct sequence){0};
}

/* All bits of a byte that is ESC or another control, none of another. */
static inline block
controls(block loaded)
{
	return ((loaded > '\0') & (loaded < ' ') & (loaded != '\t') &
		   (loaded != '\n') & (loaded != '\r')) |
	       (loaded == '\x7f');
}

/* All bits of a byte with which a sequence may begin, none of another. */
static inline words
candidates(const char *bytes)
{
	block loaded;

	memcpy(&loaded, bytes, sizeof(loaded));
	return (words)(controls(loaded) | (loaded == (signed char)C1_FIRST) |
		       (loaded == (signed char)BIDI_FIRST));
}

/*
 * The same where what follows is looked at, too: in a text of pounds or of
 * quotation marks each character begins like one that begins a sequence.
 */
static inline words
likely_candidates(const char *bytes)
{
	block first, second, third;

	memcpy(&first, bytes, sizeof(first));
	memcpy(&second, bytes + 1, sizeof(second));
	memcpy(&third, bytes + 2, sizeof(third));
	return (words)(controls(first) |
		       ((first == (signed char)C1_FIRST) &
			   (second <= (signed char)'\x9f')) |
		       ((first == (signed char)BIDI_FIRST) &
			   (second <= (signed char)'\x81') &
			   (third >= (signed char)'\xa6') &
			   (third <= (signed char)'\xae')));
}

static bool
is_candidate(char byte)
{
	return byte == ESC || byte == C1_FIRST || byte == BIDI_FIRST ||
	       is_control(byte);
}

/* Where one may begin: a control, or the first byte of one beyond ASCII. */
static size_t
next_candidate(struct sse_slice text, size_t from)
{
	for (; from + sizeof(block) + 2 <= text.size; from += sizeof(block)) {
		words any = likely_candidates(text.data + from);

		if ((any[0] | any[1]) != 0)
			break;
	}
	while (from < text.size && !is_candidate(text.data[from]))
		from++;
	return from;
}

/* The next sequence from an offset on: its offset, or text.size. */
static size_t
next_sequence(struct scan *scan, size_t from, struct sequence *ret_sequence)
{
	struct sse_slice text = scan->text;

	while ((from = next_candidate(text, from)) < text.size) {
		*ret_sequence = sequence_at(scan, from);
		if (ret_sequence->size > 0)
			break;
		from++;
	}
	return from;
}

/* Whether there is none in a text of a block or more, as in nearly all. */
static bool
has_no_candidate(struct sse_slice text)
{
	const char *at = text.data;
	/* The last block overlaps the one before it: no byte is left over. */
	const char *last = at + text.size - sizeof(block);
	words any = candidates(last);

	for (; at < last; at += sizeof(block))
		any |= candidates(at);
	return (any[0] | any[1]) == 0;
}

/* The first bit of a byte that is not ASCII, or a control. */
static inline words
unlike_plain(const char *bytes)
{
	block loaded;

	memcpy(&loaded, bytes, sizeof(loaded));
	return (words)(loaded | controls(loaded)) & FIRST_BITS;
}

/* Nearly all texts have not even a TAB, and that takes less to see. */
static inline words
unlike_printable(const char *bytes)
{
	block loaded;

	memcpy(&loaded, bytes, sizeof(loaded));
	return (words)((loaded < ' ') | (loaded == '\x7f'));
}

static bool
is_printable(struct sse_slice text)
{
	const char *at = text.data;
	const char *last = at + text.size - sizeof(block);
	words any = unlike_printable(last);

	for (; at < last; at += sizeof(block))
		any |= unlike_printable(at);
	return (any[0] | any[1]) == 0;
}

static bool
is_short_plain(struct sse_slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (is_candidate(text.data[i]) ||
		    (unsigned char)text.data[i] > 0x7f)
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
	if (is_printable(text))
		return true;
	last = at + text.size - sizeof(block);
	any = unlike_plain(last);
	for (; at < last; at += sizeof(block))
		any |= unlike_plain(at);
	return (any[0] | any[1]) == 0;
}

size_t
ansi_find(struct sse_slice text)
{
	struct scan scan = {.text = text};
	struct sequence sequence;

	if (text.size >= sizeof(block) && has_no_candidate(text))
		return text.size;
	return next_sequence(&scan, 0, &sequence);
}

size_t
ansi_whole(struct sse_slice text)
{
	struct scan scan = {.text = text, .is_cut = true};
	struct sequence sequence;
	size_t at = 0;

	while ((at = next_sequence(&scan, at, &sequence)) < text.size) {
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
	bool is_string = text.size >= 2 && begins_string(text.data[1]);

	return !sequence->ends && is_string ? sequence->begin : sequence->size;
}

int
ansi_strip(struct sse_slice text, struct sse_buf *out)
{
	struct scan scan = {.text = text};
	struct sequence sequence;
	size_t from = 0;
	int error = sse_buf_reserve(out, text.size);

	while (error == 0 && from < text.size) {
		size_t at = next_sequence(&scan, from, &sequence);

		error = sse_buf_add(out, text.data + from, at - from);
		if (at == text.size)
			break;
		from = at + size_to_drop(rest_of(text, at), &sequence);
	}
	return error;
}
