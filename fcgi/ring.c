/*
 * ring.c - memory of which any range is in one piece.
 */
#include "config.h"

#include "ring.h"

#include <assert.h>
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* The same memory twice; NULL and errno. */
static char *
map_twice(int fd, size_t size)
{
	char *bytes = mmap(NULL, 2 * size, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	const int protection = PROT_READ | PROT_WRITE;

	if (bytes == MAP_FAILED)
		return NULL;
	if (mmap(bytes, size, protection, MAP_SHARED | MAP_FIXED, fd, 0) !=
		MAP_FAILED &&
	    mmap(bytes + size, size, protection, MAP_SHARED | MAP_FIXED, fd,
		0) != MAP_FAILED)
		return bytes;
	(void)munmap(bytes, 2 * size);
	return NULL;
}

int
ring_init(struct ring *ring, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create("backlog", MFD_CLOEXEC);
	int error = 0;

	assert(size > 0);
	*ring = (struct ring){.size = (size + page - 1) / page * page};
	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)ring->size) != 0)
		error = -errno;
	if (error == 0) {
		ring->bytes = map_twice(fd, ring->size);
		error = ring->bytes != NULL ? 0 : -errno;
	}
	(void)close(fd);
	return error;
}

void
ring_done(struct ring *ring)
{
	if (ring->bytes != NULL)
		(void)munmap(ring->bytes, 2 * ring->size);
	ring->bytes = NULL;
}

char *
ring_at(const struct ring *ring, uint64_t offset)
{
	assert(ring->bytes != NULL);
	return ring->bytes + offset % ring->size;
}
