/*
 * escape.c - bytes from outside, made fit for a line that a human reads: no
 * line break that forges a second line, no sequence that steers a terminal.
 * The form is for eyes; it is not meant to be read back.
 */
#include "base/escape.h"

#include <assert.h>
#include <string.h>

#define DOTS "..."
#define DOTS_SIZE 3

static size_t
escape_byte(unsigned char byte, char out[4])
{
	static const char digits[] = "0123456789abcdef";

	if (byte >= ' ' && byte < 0x7f) {
		out[0] = (char)byte;
		return 1;
	}
	out[0] = '\\';
	out[1] = 'x';
	out[2] = digits[byte >> 4];
	out[3] = digits[byte & 15];
	return 4;
}

size_t
escape_text(struct sse_slice text, char *buffer, size_t size)
{
	size_t used = 0;
	size_t cut = 0; /* the last place where there is room for the dots */

	assert(size > DOTS_SIZE);
	for (size_t i = 0; i < text.size; i++) {
		char form[4];
		size_t form_size =
		    escape_byte((unsigned char)text.data[i], form);

		if (form_size >= size - used) {
			memcpy(buffer + cut, DOTS, DOTS_SIZE + 1);
			return cut + DOTS_SIZE;
		}
		memcpy(buffer + used, form, form_size);
		used += form_size;
		if (used + DOTS_SIZE < size)
			cut = used;
	}
	buffer[used] = '\0';
	return used;
}
