/*
 * ansi.h - escape sequences of terminals (ECMA-48, 5.3 to 5.6) in a text that
 * is valid UTF-8: those that begin with ESC, and those that begin with one of
 * the controls U+0080 to U+009F that stand for ESC and a letter.  Of the latter
 * only whole ones are sequences: CSI to its final byte, and a control string of
 * ASCII to its terminator.  These characters alone are text.  Control
 * characters that change a terminal, or the order in which it shows a text, are
 * sequences of one character: of ASCII all but NUL, TAB, LF and CR; and U+202A
 * to U+202E and U+2066 to U+2069.  Time is linear in the size of the text.
 * Pure.
 */
#ifndef ANSI_H
#define ANSI_H

#include "buf.h"

#define ANSI_SEQUENCE_MAX 4096 /* bytes of one that a cut may have taken */

/*
 * Whether a text is ASCII without controls but NUL, TAB, LF and CR: then it is
 * valid UTF-8, and has no sequences.  It need not be valid UTF-8.
 */
bool ansi_is_plain(struct sse_slice text);

/* The bytes before the first sequence: text.size if there is none. */
size_t ansi_find(struct sse_slice text);

/*
 * The bytes before a sequence that has no end in the text, as a cut leaves it
 * there: text.size if there is none, or if it would be over ANSI_SEQUENCE_MAX.
 */
size_t ansi_whole(struct sse_slice text);

/*
 * Adds the text without its sequences to out.  A control string without an end
 * loses what begins it, and its text is kept: else one byte could hide the
 * rest of a line.  So does what another sequence breaks off, and in the result
 * there is no sequence.  What is added is valid UTF-8.  Errors as
 * sse_buf_reserve(); then out is as it was.
 */
int ansi_strip(struct sse_slice text, struct sse_buf *out);

#endif
