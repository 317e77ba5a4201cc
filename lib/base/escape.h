/*
 * escape.h - bytes from outside, made fit for a line that a human reads.
 */
#ifndef ESCAPE_H
#define ESCAPE_H

#include "ssekit.h"

/*
 * Writes the text as a C string: printable ASCII as it is, every other byte
 * as \xHH.  What does not fit is cut, never inside of a \xHH, and "..." says
 * so.  Returns the size of the string.  size is at least 4.
 */
size_t escape_text(struct sse_slice text, char *buffer, size_t size);

#endif
