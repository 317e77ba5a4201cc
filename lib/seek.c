/*
 * seek.c - boundaries of records: the octet after a LF, and 0.
 */
#include "config.h"

#include "seek.h"

#include <string.h>

#include "fdio.h"

int
seek_forward(int fd, uint64_t offset, uint64_t end, uint64_t *ret_offset)
{
	char octets[SEEK_READ_SIZE];
	/* The octet before tells whether offset itself is a boundary. */
	uint64_t at = offset > 0 ? offset - 1 : 0;

	if (offset == 0) {
		*ret_offset = 0;
		return 0;
	}
	while (at < end) {
		uint64_t left = end - at;
		size_t size =
		    left < sizeof(octets) ? (size_t)left : sizeof(octets);
		ssize_t got = sse_fd_pread_all(fd, octets, size, at);
		const char *found;

		if (got < 0)
			return (int)got;
		if (got == 0)
			break;
		found = memchr(octets, '\n', (size_t)got);
		if (found != NULL) {
			*ret_offset = at + (uint64_t)(found - octets) + 1;
			return 0;
		}
		at += (uint64_t)got;
	}
	*ret_offset = end;
	return 0;
}

/*
 * Goes back over delimiters in a block that begins at offset at, until one
 * more than *count have been passed: then the octet after that is returned,
 * else 0 with *count less by those that were passed.
 */
static uint64_t
back_in_block(const char *block, size_t size, uint64_t at, uint64_t *count)
{
	const char *found;

	while ((found = memrchr(block, '\n', size)) != NULL) {
		if (*count == 0)
			return at + (uint64_t)(found - block) + 1;
		(*count)--;
		size = (size_t)(found - block);
	}
	return 0;
}

int
seek_back(int fd, uint64_t end, uint64_t count, uint64_t octets_max,
    uint64_t *ret_offset)
{
	char octets[SEEK_READ_SIZE];
	uint64_t first = end > octets_max ? end - octets_max : 0;
	uint64_t at = end;

	while (at > first) {
		size_t size = at - first < sizeof(octets) ? (size_t)(at - first)
							  : sizeof(octets);
		ssize_t got;
		uint64_t found;

		at -= size;
		got = sse_fd_pread_all(fd, octets, size, at);
		if (got < 0)
			return (int)got;
		found = back_in_block(octets, (size_t)got, at, &count);
		if (found > 0) {
			*ret_offset = found;
			return 0;
		}
	}
	return seek_forward(fd, first, end, ret_offset);
}
