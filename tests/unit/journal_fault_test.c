/*
 * journal_fault_test.c - a page of a file that was cut while it is mapped.
 */
#include "config.h"

#include "test.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/journal_fault.h"

#define PAGES 3

/* A file of PAGES pages of 'x', of which so many are still there. */
static const volatile char *
map_and_cut(long pages_left)
{
	long page = sysconf(_SC_PAGESIZE);
	size_t size = (size_t)(PAGES * page);
	int fd = memfd_create("cut", MFD_CLOEXEC);
	char *map;

	CHECK(fd >= 0 && ftruncate(fd, (off_t)size) == 0);
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(map != MAP_FAILED);
	for (size_t i = 0; i < size; i++)
		map[i] = 'x';
	CHECK(ftruncate(fd, pages_left * page) == 0);
	close(fd);
	return map;
}

TEST(what_was_cut_is_zeros)
{
	long page = sysconf(_SC_PAGESIZE);
	const volatile char *map = map_and_cut(1);
	volatile sig_atomic_t flag = 0;

	for (int round = 0; round < 2; round++) {
		journal_fault_begin(&flag);
		CHECK_EQUAL_INT(map[page - 1], 'x');
		CHECK_EQUAL_INT(flag, round);
		CHECK_EQUAL_INT(map[2 * page + 7], 0);
		CHECK_EQUAL_INT(flag, 1);
		CHECK_EQUAL_INT(map[page], 0);
		journal_fault_end();
	}
	munmap((void *)(uintptr_t)map, (size_t)(PAGES * page));
}

TEST(each_reader_has_its_flag)
{
	long page = sysconf(_SC_PAGESIZE);
	const volatile char *map = map_and_cut(0);
	volatile sig_atomic_t first = 0, second = 0;

	journal_fault_begin(&first);
	journal_fault_end();
	journal_fault_begin(&second);
	CHECK_EQUAL_INT(map[0], 0);
	journal_fault_end();
	CHECK(first == 0 && second == 1);
	munmap((void *)(uintptr_t)map, (size_t)(PAGES * page));
}

/* Whoever reads something else ends, as without a handler. */
TEST(elsewhere_it_ends_the_program)
{
	const struct rlimit no_core = {0, 0};
	const volatile char *map = map_and_cut(0);
	volatile sig_atomic_t flag = 0;
	int status;
	pid_t child;

	CHECK(signal(SIGBUS, SIG_DFL) != SIG_ERR);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		journal_fault_begin(&flag);
		journal_fault_end();
		_exit(map[0]);
	}
	CHECK(waitpid(child, &status, 0) == child);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
	munmap((void *)(uintptr_t)map, PAGES * (size_t)sysconf(_SC_PAGESIZE));
}
