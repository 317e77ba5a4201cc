/*
 * params.c - the parameters of a request.
 *
 * libfcgi makes "NAME=value" strings of them, without a look: a NUL cuts one
 * short, and with "=" in a name the pair "A=B" and "C" becomes a parameter "A"
 * that nobody sent.  So such pairs do not get there.  The pairs are moved
 * together in the buffer; that needs no memory, and what is left is never
 * larger than what was there.
 */
#include "params.h"

#include <errno.h>
#include <string.h>

#include "wire.h"

static bool
has(struct sse_slice text, char c)
{
	return text.size > 0 && memchr(text.data, c, text.size) != NULL;
}

static bool
fits_environment(struct sse_slice name, struct sse_slice value)
{
	return name.size > 0 && !has(name, '=') && !has(name, '\0') &&
	       !has(value, '\0');
}

int
params_check(struct sse_buf *pairs, size_t pairs_max)
{
	struct sse_slice rest = sse_buf_slice(pairs), name, value;
	const char *from = rest.data;
	size_t count = 0, kept = 0;
	int got;

	while ((got = wire_pair(&rest, &name, &value)) == 1) {
		size_t size = (size_t)(rest.data - from);

		if (++count > pairs_max)
			return -EMSGSIZE;
		if (fits_environment(name, value)) {
			memmove(pairs->data + kept, from, size);
			kept += size;
		}
		from = rest.data;
	}
	if (got == 0)
		pairs->size = kept;
	return got;
}
