/*
 * print.h - formatted text at the end of a buffer.
 */
#ifndef PRINT_H
#define PRINT_H

#include "buf.h"

/* Adds what printf(3) would write.  Errors of sse_buf_reserve(). */
int print_text(struct sse_buf *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
