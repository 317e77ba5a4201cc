/*
 * What a process uses: compared with what the test makes it use.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "process.h"

#define MANY 300 /* descriptors: more than one step counts */

/* All of them, and in how many steps. */
static uint64_t
count_all(unsigned *ret_steps)
{
	struct process_count count = {0};

	*ret_steps = 1;
	while (process_count_more(&count))
		++*ret_steps;
	CHECK(count.directory == NULL);
	return count.count;
}

/* Each asked for by its number. */
static uint64_t
count_slowly(void)
{
	uint64_t count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

TEST(each_descriptor_is_counted_and_not_the_one_of_the_count)
{
	unsigned steps;
	uint64_t before = count_all(&steps);
	int fds[2];

	CHECK_EQUAL_INT(before, count_slowly());
	CHECK(pipe(fds) == 0);
	CHECK_EQUAL_INT(count_all(&steps), before + 2);
	close(fds[0]);
	CHECK_EQUAL_INT(count_all(&steps), before + 1);
	close(fds[1]);
	CHECK_EQUAL_INT(count_all(&steps), before);
}

TEST(many_descriptors_are_counted_in_steps)
{
	int fds[MANY];
	unsigned steps;
	uint64_t before = count_all(&steps);

	CHECK_EQUAL_INT(steps, 1);
	for (int i = 0; i < MANY; i++) {
		fds[i] = dup(STDOUT_FILENO);
		CHECK(fds[i] >= 0);
	}
	CHECK_EQUAL_INT(count_all(&steps), before + MANY);
	CHECK_EQUAL_INT(steps, 2);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
}

/* The runner looks whether its descriptor is still there. */
TEST(a_count_can_be_given_up)
{
	struct process_count count = {0};
	int fds[MANY];

	process_count_done(&count);
	for (int i = 0; i < MANY; i++)
		fds[i] = dup(STDOUT_FILENO);
	CHECK(process_count_more(&count));
	process_count_done(&count);
	process_count_done(&count);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
}

TEST(without_a_descriptor_for_it_nothing_is_counted)
{
	struct process_count count = {0};
	struct rlimit limit, none;

	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	none = limit;
	none.rlim_cur = 0;
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	CHECK(!process_count_more(&count));
	CHECK_EQUAL_INT(count.count, 0);
	CHECK_EQUAL_INT(process_resident(), 0);
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

TEST(memory_that_is_used_is_resident)
{
	const size_t size = 64 << 20;
	uint64_t before = process_resident();
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	CHECK(before > 100000);
	CHECK(memory != MAP_FAILED);
	CHECK(process_resident() > before + size / 2);
	CHECK(munmap(memory, size) == 0);
	CHECK(process_resident() < before + size / 2);
}
