/*
 * json.h - as much JSON (RFC 8259) as the wire of the tools needs.  Strict:
 * what is not JSON in valid UTF-8 is refused with -EBADMSG.
 */
#ifndef JSON_H
#define JSON_H

#include "buf.h"

/* Takes the byte, and blanks before it; false if another one is there. */
bool json_take(struct sse_slice *text, char byte);

/* Whether nothing but blanks is left. */
bool json_at_end(struct sse_slice text);

/* Takes a string and adds what it stands for; a lone surrogate is refused. */
int json_take_string(struct sse_slice *text, struct sse_buf *out);

/* Takes an integer without fraction and exponent; -ERANGE over 64 bits. */
int json_take_integer(struct sse_slice *text, int64_t *ret_value);

/* Adds a text as a string.  The text has to be UTF-8. */
int json_add_string(struct sse_buf *out, struct sse_slice text);

#endif
