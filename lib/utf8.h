/*
 * utf8.h - UTF-8 as the Encoding standard and Unicode 3.9 define it: no
 * over-long forms, no surrogates, nothing beyond U+10FFFF.
 */
#ifndef SSE_UTF8_H
#define SSE_UTF8_H

#include "buf.h"

/* The bytes before the first invalid sequence: text.size if all is valid. */
size_t sse_utf8_valid(struct sse_slice text);

#define SSE_UTF8_BOM_SIZE 3 /* bytes of a byte order mark */

/* The bytes of the mark at the beginning of text; 0: there is none. */
size_t sse_utf8_bom_size(struct sse_slice text);

/*
 * The bytes of the longest beginning of text, at most size_max, that does not
 * end inside a character.  (In invalid text: not before a byte 10xxxxxx.)
 */
size_t sse_utf8_cut(struct sse_slice text, size_t size_max);

/*
 * Adds text to out with each maximal invalid prefix made into one U+FFFD, as
 * a UTF-8 decoder does ("replacement", Encoding 4.1).  Errors as
 * sse_buf_reserve(); then out is as it was.
 */
int sse_utf8_repair(struct sse_slice text, struct sse_buf *out);

#endif
