/*
 * slice.c - bytes that somebody else owns.
 */
#include "ssekit.h"

#include <string.h>

struct sse_slice
sse_slice(const char *string)
{
	struct sse_slice slice = {string, string != NULL ? strlen(string) : 0};

	return slice;
}

bool
sse_slice_equal(struct sse_slice a, struct sse_slice b)
{
	if (a.data == NULL || b.data == NULL)
		return a.data == b.data;
	return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}
