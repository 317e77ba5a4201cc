/*
 * turns.c - how long the turns of a worker's loop are: put in front of it with
 * LD_PRELOAD, measures the processor time between two epoll_wait().
 *
 * The file that TURNS_FILE names, of three numbers of 64 bits, has the longest
 * turn and the sum of all, in nanoseconds, and their number.  Whoever writes
 * zeros into it begins anew.
 */
#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct turns {
	uint64_t longest_ns;
	uint64_t sum_ns;
	uint64_t count;
};

static struct turns *turns;
static uint64_t begun_ns; /* 0: none has begun */

static uint64_t
cpu_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

__attribute__((constructor)) static void
open_turns(void)
{
	const char *path = getenv("TURNS_FILE");
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *map;

	if (fd < 0)
		return;
	map = mmap(
	    NULL, sizeof(*turns), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (map != MAP_FAILED)
		turns = map;
}

static void
end_turn(void)
{
	uint64_t ns = cpu_ns() - begun_ns;

	if (turns == NULL || begun_ns == 0)
		return;
	if (ns > turns->longest_ns)
		turns->longest_ns = ns;
	turns->sum_ns += ns;
	turns->count++;
}

int
epoll_wait(int epoll, struct epoll_event *events, int max, int timeout_ms)
{
	static int (*next)(int, struct epoll_event *, int, int);
	int count;

	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "epoll_wait");
	end_turn();
	count = next(epoll, events, max, timeout_ms);
	begun_ns = cpu_ns();
	return count;
}
