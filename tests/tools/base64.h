/*
 * base64.h - base64 with padding (RFC 4648, 4), for the wire of the tools.
 */
#ifndef BASE64_H
#define BASE64_H

#include "buf.h"

/* Adds what the text stands for: 0, -EBADMSG, or an error of sse_buf_add(). */
int base64_decode(struct sse_slice text, struct sse_buf *out);

/* Adds the bytes in base64. */
int base64_encode(struct sse_slice bytes, struct sse_buf *out);

#endif
