/*
 * print.c - formatted text at the end of a buffer: the size is asked for
 * first, so that no text is ever cut.
 */
#include "config.h"

#include "base/print.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 1, 0))) static size_t
size_of(const char *format, va_list arguments)
{
	int size = vsnprintf(NULL, 0, format, arguments);

	/* It fails for wide characters and beyond INT_MAX: never used here. */
	assert(size >= 0);
	return (size_t)size;
}

int
print_text(struct sse_buf *out, const char *format, ...)
{
	va_list arguments;
	size_t size;
	int error;

	va_start(arguments, format);
	size = size_of(format, arguments);
	va_end(arguments);
	error = sse_buf_reserve(out, size + 1); /* vsnprintf() adds a NUL */
	if (error != 0)
		return error;
	va_start(arguments, format);
	(void)vsnprintf(out->data + out->size, size + 1, format, arguments);
	va_end(arguments);
	out->size += size;
	return 0;
}
