#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "source/watch.h"

#define TYPE_TMPFS 0x01021994
#define TYPE_OVERLAY 0x794c7630

/* What the file system of an open file says that it is. */
int __wrap_fstatfs(int fd, struct statfs *ret_file_system);
int __wrap_fstatfs64(int fd, struct statfs *ret_file_system);

static long file_system_type = TYPE_TMPFS;

int
__wrap_fstatfs(int fd, struct statfs *ret_file_system)
{
	(void)fd;
	memset(ret_file_system, 0, sizeof(*ret_file_system));
	ret_file_system->f_type =
	    (__typeof__(ret_file_system->f_type))file_system_type;
	return 0;
}

/* Its name where off_t is made larger. */
int
__wrap_fstatfs64(int fd, struct statfs *ret_file_system)
{
	return __wrap_fstatfs(fd, ret_file_system);
}

ssize_t __real_sse_fd_read(int fd, void *buf, size_t size);
ssize_t __wrap_sse_fd_read(int fd, void *buf, size_t size);

static int reads;

ssize_t
__wrap_sse_fd_read(int fd, void *buf, size_t size)
{
	reads++;
	return __real_sse_fd_read(fd, buf, size);
}

static int
make(const char *name)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	return fd;
}

static bool
has_hint(const struct watch *watch)
{
	struct pollfd fd = {.fd = watch_fd(watch), .events = POLLIN};

	return poll(&fd, 1, 5000) == 1;
}

static bool
has_no_hint(const struct watch *watch)
{
	struct pollfd fd = {.fd = watch_fd(watch), .events = POLLIN};

	return poll(&fd, 1, 0) == 0;
}

TEST(an_append_to_an_open_file_is_a_hint)
{
	int fd = make("log");
	struct watch *watch = watch_new(test_path("log"));
	struct watch_file file;

	watch_file(watch, fd, &file);
	CHECK(watch_works(watch));
	CHECK(has_no_hint(watch));
	CHECK(write(fd, "x\n", 2) == 2);
	CHECK(has_hint(watch));
	watch_drain(watch);
	CHECK(has_no_hint(watch));
	watch_forget(&file);
	watch_drain(watch);
	CHECK(write(fd, "x\n", 2) == 2);
	CHECK(has_no_hint(watch));
	close(fd);
	watch_free(watch);
}

/* A link leads from a local directory to another file system. */
TEST(a_file_of_a_file_system_that_tells_nothing_is_looked_at)
{
	int local_fd = make("log.1"), fd = make("log");
	struct watch *watch = watch_new(test_path("log"));
	struct watch_file local, file;

	watch_file(watch, local_fd, &local);
	file_system_type = TYPE_OVERLAY;
	CHECK(watch_works(watch));
	watch_file(watch, fd, &file);
	CHECK(!watch_works(watch));
	/* What it tells nevertheless is a hint. */
	CHECK(write(fd, "x\n", 2) == 2);
	CHECK(has_hint(watch));
	watch_forget(&local);
	CHECK(!watch_works(watch));
	watch_forget(&file);
	CHECK(watch_works(watch));
	watch_drain(watch);
	CHECK(write(fd, "x\n", 2) == 2);
	CHECK(has_no_hint(watch));
	watch_file(watch, fd, &file);
	CHECK(!watch_works(watch));
	watch_forget(&file);
	CHECK(watch_works(watch));
	close(fd);
	close(local_fd);
	watch_free(watch);
}

TEST(births_of_the_name_are_counted_and_of_no_other)
{
	struct watch *watch = watch_new(test_path("log"));

	close(make("log"));
	close(make("log.1"));
	CHECK(rename(test_path("log.1"), test_path("log")) == 0);
	CHECK(unlink(test_path("log")) == 0);
	close(make("log"));
	watch_drain(watch);
	CHECK(watch_counts_births(watch));
	CHECK_EQUAL_INT(watch_births(watch), 3);
	watch_free(watch);
}

TEST(a_directory_that_comes_later_is_watched_then)
{
	struct watch *watch = watch_new(test_path("later/log"));

	CHECK(!watch_works(watch));
	CHECK(mkdir(test_path("later"), 0700) == 0);
	watch_drain(watch);
	CHECK(watch_works(watch));
	close(make("later/log"));
	CHECK(has_hint(watch));
	watch_free(watch);
}

TEST(a_directory_that_goes_is_not_taken_for_watched)
{
	struct watch *watch;

	CHECK(mkdir(test_path("d"), 0700) == 0);
	watch = watch_new(test_path("d/log"));
	CHECK(watch_works(watch));
	CHECK(rename(test_path("d"), test_path("e")) == 0);
	watch_drain(watch);
	CHECK(!watch_works(watch));
	CHECK(!watch_counts_births(watch));
	watch_free(watch);
}

/* As it is with 128 instances for each user, and all in use. */
TEST(without_inotify_it_says_so)
{
	struct rlimit none = {0, 0}, before;
	struct watch_file file;
	struct watch *watch;

	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none.rlim_max = before.rlim_max;
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	watch = watch_new(test_path("log"));
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	CHECK(watch != NULL);
	CHECK_EQUAL_INT(watch_fd(watch), -1);
	CHECK(!watch_works(watch));
	watch_file(watch, 0, &file);
	watch_drain(watch);
	watch_forget(&file);
	watch_free(watch);
}

/* Only one that may have left hints for want of room is followed by another. */
TEST(hints_are_read_until_there_was_room_for_more)
{
	const size_t names = INOTIFY_READ_SIZE / sizeof(struct inotify_event);
	int fd = make("log");
	struct watch *watch = watch_new(test_path("log"));
	struct watch_file file;

	watch_file(watch, fd, &file);
	CHECK(write(fd, "x", 1) == 1);
	CHECK(has_hint(watch));
	reads = 0;
	watch_drain(watch);
	CHECK_EQUAL_INT(reads, 1);
	for (size_t i = 0; i < names; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "name.%zu", i);
		close(make(name));
	}
	reads = 0;
	watch_drain(watch);
	CHECK(reads > 1);
	CHECK(has_no_hint(watch));
	watch_forget(&file);
	watch_free(watch);
	close(fd);
}
