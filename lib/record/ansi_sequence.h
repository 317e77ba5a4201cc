/*
 * ansi_sequence.h - one sequence of a terminal, as ansi.h says what these are:
 * where it ends, and whether it is one.  Pure.
 */
#ifndef ANSI_SEQUENCE_H
#define ANSI_SEQUENCE_H

#include <stdbool.h>

#include "ssekit.h"

/* What a sequence may begin with, beside what ansi_is_control() says. */
#define ANSI_ESC '\x1b'
/* U+0080 to U+009F have two bytes, this and another. */
#define ANSI_C1_FIRST '\xc2'
/* U+2000 to U+2FFF have three, this and two others. */
#define ANSI_BIDI_FIRST '\xe2'

struct ansi_sequence {
	size_t begin; /* bytes of what begins it */
	size_t size;  /* of all of it, as far as the text has it; 0: none */
	bool ends;    /* its end is in the text */
};

/* A way through a text, from sequence to sequence; at first all zeros but: */
struct ansi_way {
	struct sse_slice text;
	bool is_cut;   /* what would have ended a sequence may be missing */
	size_t judged; /* introducers before it are all alone, */
	bool broken;   /* or all broken off */
};

/* Of ASCII all but NUL, which terminals ignore, TAB, LF and CR; not ESC. */
static inline bool
ansi_is_control(char byte)
{
	return byte == '\x7f' ||
	       (byte > '\0' && byte < ' ' && byte != '\t' && byte != '\n' &&
		   byte != '\r' && byte != ANSI_ESC);
}

/*
 * What may begin a sequence at an offset of the way's text, that is before its
 * end; of size 0: nothing does.  The offsets of a way only grow: so the time
 * of all of them together is linear in the size of the text.
 */
struct ansi_sequence ansi_sequence_at(struct ansi_way *way, size_t at);

/*
 * The bytes that go with a sequence at the beginning of the text.  One without
 * an end is parameters only, but a string has a text, which stays.
 */
size_t ansi_sequence_dropped(
    struct sse_slice text, const struct ansi_sequence *sequence);

#endif
