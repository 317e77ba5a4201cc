/*
 * ansi.c - escape sequences and controls of terminals.
 *
 * Nearly all texts have none: so a text is first asked, sixteen bytes at once,
 * whether there is anything in it with which one begins.  A control character
 * that goes by itself is a sequence of that character alone.
 */
#include "record/ansi.h"

#include <assert.h>
#include <string.h>

#include "record/ansi_sequence.h"

/* Bytes that are compared at once, by whatever the processor has for it. */
typedef signed char block __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

#define FIRST_BITS UINT64_C(0x8080808080808080)

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
	return (words)(controls(loaded) |
		       (loaded == (signed char)ANSI_C1_FIRST) |
		       (loaded == (signed char)ANSI_BIDI_FIRST));
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
		       ((first == (signed char)ANSI_C1_FIRST) &
			   (second <= (signed char)'\x9f')) |
		       ((first == (signed char)ANSI_BIDI_FIRST) &
			   (second <= (signed char)'\x81') &
			   (third >= (signed char)'\xa6') &
			   (third <= (signed char)'\xae')));
}

static bool
is_candidate(char byte)
{
	return byte == ANSI_ESC || byte == ANSI_C1_FIRST ||
	       byte == ANSI_BIDI_FIRST || ansi_is_control(byte);
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
next_sequence(
    struct ansi_way *way, size_t from, struct ansi_sequence *ret_sequence)
{
	struct sse_slice text = way->text;

	while ((from = next_candidate(text, from)) < text.size) {
		*ret_sequence = ansi_sequence_at(way, from);
		assert(ret_sequence->size <= text.size - from);
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
	struct ansi_way way = {.text = text};
	struct ansi_sequence sequence;

	if (text.size >= sizeof(block) && has_no_candidate(text))
		return text.size;
	return next_sequence(&way, 0, &sequence);
}

size_t
ansi_whole(struct sse_slice text)
{
	struct ansi_way way = {.text = text, .is_cut = true};
	struct ansi_sequence sequence;
	size_t at = 0;

	while ((at = next_sequence(&way, at, &sequence)) < text.size) {
		if (!sequence.ends)
			return text.size - at <= ANSI_SEQUENCE_MAX ? at
								   : text.size;
		at += sequence.size;
	}
	return text.size;
}

int
ansi_strip(struct sse_slice text, struct sse_buf *out)
{
	struct ansi_way way = {.text = text};
	struct ansi_sequence sequence;
	size_t from = 0;
	int error = sse_buf_reserve(out, text.size);

	while (error == 0 && from < text.size) {
		size_t at = next_sequence(&way, from, &sequence);
		struct sse_slice rest = {text.data + at, text.size - at};

		error = sse_buf_add(out, text.data + from, at - from);
		if (at == text.size)
			break;
		from = at + ansi_sequence_dropped(rest, &sequence);
	}
	return error;
}
