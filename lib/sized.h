/*
 * sized.h - structs of programs that were compiled with another release, which
 * had fewer members or has more.  ssekit.h says how they come here.
 *
 * A member is added at the end, and never in what was padding there: an older
 * program has anything in that.  So each of these structs ends without.
 */
#ifndef SSE_SIZED_H
#define SSE_SIZED_H

#include <errno.h>
#include <stddef.h>

/*
 * What a program has given, as this release has it: itself, or own with zeros
 * for the members that it lacks.  NULL where sse_sized_error() says why: a
 * member that this release does not know is not zero, or nothing was given.
 */
const void *sse_sized_copy(
    const void *given, size_t given_size, void *own, size_t own_size);

static inline const void *
sse_sized_get(const void *given, size_t given_size, void *own, size_t own_size)
{
	return given_size == own_size
		   ? given
		   : sse_sized_copy(given, given_size, own, own_size);
}

static inline int
sse_sized_error(const void *given)
{
	return given == NULL ? -EINVAL : -E2BIG;
}

/*
 * Fills what a program wants to have, if it wants it; zeros in what this
 * release lacks.
 */
void sse_sized_put(
    void *wanted, size_t wanted_size, const void *own, size_t own_size);

#endif
