/*
 * sized.c - structs with fewer members, or with more.
 */
#include "sized.h"

#include <string.h>

const void *
sse_sized_copy(const void *given, size_t given_size, void *own, size_t own_size)
{
	const char *bytes = given;

	if (given == NULL)
		return NULL;
	for (size_t i = own_size; i < given_size; i++)
		if (bytes[i] != 0)
			return NULL;
	if (given_size >= own_size)
		return given;
	memset(own, 0, own_size);
	memcpy(own, given, given_size);
	return own;
}

void
sse_sized_put(
    void *wanted, size_t wanted_size, const void *own, size_t own_size)
{
	if (wanted == NULL)
		return;
	if (wanted_size > own_size) {
		memset((char *)wanted + own_size, 0, wanted_size - own_size);
		wanted_size = own_size;
	}
	memcpy(wanted, own, wanted_size);
}
