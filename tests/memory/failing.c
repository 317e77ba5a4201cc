/*
 * failing.c - one allocation of a program fails: for LD_PRELOAD.
 *
 * FAILING is a file of two 64-bit numbers, which the test and the program share
 * while it runs: how many allocations succeed before the one that fails
 * (negative: none fails), and how many have failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct plan {
	int64_t left;
	int64_t failed;
};

#ifdef __GLIBC__

/* What malloc() and the others are in this C library. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static volatile struct plan *
plan(void)
{
	static struct plan none = {-1, 0};
	static struct plan *shared;
	const char *path;
	int fd;

	if (shared != NULL)
		return shared;
	shared = &none;
	path = getenv("FAILING");
	fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (fd >= 0) {
		void *map = mmap(NULL, sizeof(struct plan),
		    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

		if (map != MAP_FAILED)
			shared = map;
		close(fd);
	}
	return shared;
}

static int
fails(void)
{
	volatile struct plan *now = plan();

	/* The test may say meanwhile that none fails any more. */
	if (now->left < 0 ||
	    __atomic_fetch_sub(&now->left, 1, __ATOMIC_RELAXED) != 0)
		return 0;
	now->failed++;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *memory, size_t size)
{
	return fails() ? NULL : __libc_realloc(memory, size);
}

#endif
