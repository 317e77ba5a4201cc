/*
 * adapter.c - what a writer writes to and a request is read from in a program
 * that has nothing special: the environment, a descriptor, a FILE.  Nothing
 * else in the library touches any of them.
 */
#include "ssekit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fdio.h"

const char *
sse_getenv(void *context, const char *name)
{
	(void)context;
	return name != NULL ? getenv(name) : NULL;
}

ssize_t
sse_write_descriptor(void *context, const void *bytes, size_t size)
{
	if (context == NULL || bytes == NULL)
		return -EINVAL;
	return sse_fd_write(*(const int *)context, bytes, size);
}

ssize_t
sse_write_stdio(void *context, const void *bytes, size_t size)
{
	FILE *file = context;

	if (file == NULL || bytes == NULL)
		return -EINVAL;
	errno = 0;
	if (fwrite(bytes, 1, size, file) == size && fflush(file) == 0)
		return (ssize_t)size;
	/*
	 * Nobody knows how much of it was written, so there is no going on:
	 * -EAGAIN would say that nothing was.
	 */
	return errno == 0 || errno == EAGAIN ? -EIO : -errno;
}
