/*
 * The names in an open folder, read by read.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/folder.h"

#define FILES 3000 /* more names than one read has */

/* So often a signal comes first, as a file system in user space may say. */
static unsigned interruptions;

ssize_t __real_getdents64(int fd, void *bytes, size_t size);
ssize_t __wrap_getdents64(int fd, void *bytes, size_t size);

ssize_t
__wrap_getdents64(int fd, void *bytes, size_t size)
{
	if (interruptions == 0)
		return __real_getdents64(fd, bytes, size);
	interruptions--;
	errno = EINTR;
	return -1;
}

struct seen {
	unsigned files[FILES]; /* how often each was given */
	unsigned others;       /* "." and ".." */
	unsigned folders;
	int fails_after;
};

static int
take(void *context, const char *name, bool is_folder)
{
	struct seen *seen = context;

	if (seen->fails_after-- == 0)
		return -E2BIG;
	seen->folders += is_folder;
	if (name[0] == '.' || is_folder)
		seen->others++;
	else
		seen->files[atoi(name)]++;
	return 0;
}

static int
open_folder(const char *name)
{
	int fd = open(test_path(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	CHECK(fd >= 0);
	return fd;
}

static void
make_files(unsigned count)
{
	char name[32];

	CHECK(mkdir(test_path("folder"), 0700) == 0);
	for (unsigned i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "folder/%u", i);
		close(open(test_path(name), O_WRONLY | O_CREAT, 0600));
	}
}

/* The reads that it took; the names are counted. */
static int
read_all(int fd, struct seen *seen, int *ret_names)
{
	const struct folder_taker taker = {take, seen};
	int got, reads = 0;

	*ret_names = 0;
	CHECK_EQUAL_INT(folder_begin(fd), 0);
	while ((got = folder_read(fd, &taker)) > 0) {
		*ret_names += got;
		reads++;
	}
	CHECK_EQUAL_INT(got, 0);
	/* And at the end it stays. */
	CHECK_EQUAL_INT(folder_read(fd, &taker), 0);
	return reads;
}

TEST(each_name_is_given_once_in_several_reads)
{
	static struct seen seen;
	int names, fd;

	make_files(FILES);
	CHECK(mkdir(test_path("folder/below"), 0700) == 0);
	fd = open_folder("folder");
	/* The second time from the beginning, and all of them again. */
	for (unsigned times = 1; times <= 2; times++) {
		seen.fails_after = -1;
		CHECK(read_all(fd, &seen, &names) > 1);
		CHECK_EQUAL_INT(names, FILES + 3);
		CHECK_EQUAL_INT(seen.others, 3 * times);
		CHECK(seen.folders == 3 * times || seen.folders == 0);
		for (unsigned i = 0; i < FILES; i++)
			CHECK_EQUAL_INT(seen.files[i], times);
	}
	close(fd);
}

TEST(what_has_gone_since_the_last_read_is_not_given)
{
	static struct seen seen = {.fails_after = -1};
	const struct folder_taker taker = {take, &seen};
	int fd, got;
	char name[32];

	make_files(FILES);
	fd = open_folder("folder");
	CHECK_EQUAL_INT(folder_begin(fd), 0);
	got = folder_read(fd, &taker);
	CHECK(got > 0 && got < FILES);
	for (unsigned i = 0; i < FILES; i++) {
		(void)snprintf(name, sizeof(name), "folder/%u", i);
		CHECK(unlink(test_path(name)) == 0);
	}
	CHECK(rmdir(test_path("folder")) == 0);
	memset(seen.files, 0, sizeof(seen.files));
	CHECK_EQUAL_INT(folder_read(fd, &taker), 0);
	for (unsigned i = 0; i < FILES; i++)
		CHECK_EQUAL_INT(seen.files[i], 0);
	close(fd);
}

TEST(what_the_taker_and_the_system_say_is_returned)
{
	struct seen seen = {.fails_after = 1};
	const struct folder_taker taker = {take, &seen};
	int fd, file;

	make_files(5);
	fd = open_folder("folder");
	CHECK_EQUAL_INT(folder_begin(fd), 0);
	CHECK_EQUAL_INT(folder_read(fd, &taker), -E2BIG);
	close(fd);
	CHECK_EQUAL_INT(folder_begin(-1), -EBADF);
	CHECK_EQUAL_INT(folder_read(-1, &taker), -EBADF);
	file = open(test_path("folder/1"), O_RDONLY);
	CHECK_EQUAL_INT(folder_read(file, &taker), -ENOTDIR);
	close(file);
}

TEST(a_signal_does_not_end_a_read)
{
	static struct seen seen = {.fails_after = -1};
	const struct folder_taker taker = {take, &seen};
	int fd;

	make_files(5);
	fd = open_folder("folder");
	CHECK_EQUAL_INT(folder_begin(fd), 0);
	interruptions = 2;
	CHECK_EQUAL_INT(folder_read(fd, &taker), 5 + 2);
	CHECK_EQUAL_INT(interruptions, 0);
	close(fd);
}
