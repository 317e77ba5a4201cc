#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "fdio.h"

static int64_t
fixed(void *context)
{
	return *(int64_t *)context;
}

static int64_t
fixed_and_one(void *context)
{
	return *(int64_t *)context + 1;
}

TEST(a_clock_of_the_test)
{
	int64_t now = 41;
	struct sse_clock clock = {fixed, fixed_and_one, &now};

	CHECK_EQUAL_INT(sse_clock_monotonic_ms(&clock), 41);
	CHECK_EQUAL_INT(sse_clock_file_time_ms(&clock), 42);
	now = 50;
	CHECK_EQUAL_INT(sse_clock_monotonic_ms(&clock), 50);
}

TEST(the_system_never_goes_back)
{
	const struct sse_clock *clock = sse_clock_system();
	int64_t before = sse_clock_monotonic_ms(clock);

	for (int i = 0; i < 10000; i++) {
		int64_t now = sse_clock_monotonic_ms(clock);

		CHECK(now >= before);
		before = now;
	}
	CHECK(sse_clock_system() == clock);
}

TEST(the_file_time_is_the_time_of_day)
{
	int64_t now = sse_clock_file_time_ms(sse_clock_system()) / 1000;

	CHECK(now >= time(NULL) - 60 && now <= time(NULL) + 60);
}

/* Lives until the next call. */
static const char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", test_directory(), name);
	return path;
}

/* What is written after a look at the clock is not stamped earlier. */
TEST(a_later_write_has_no_earlier_time)
{
	const struct sse_clock *clock = sse_clock_system();
	const char *path = path_of("file");
	int fd = sse_fd_open(path, O_WRONLY | O_CREAT);
	struct sse_file_stat st;

	CHECK(fd >= 0);
	for (int i = 0; i < 2000; i++) {
		int64_t before = sse_clock_file_time_ms(clock);

		CHECK_EQUAL_INT(sse_fd_write(fd, "x", 1), 1);
		CHECK_EQUAL_INT(sse_fd_stat(fd, &st), 0);
		CHECK(st.mtime_ms >= before);
	}
	sse_fd_close(fd);
}
