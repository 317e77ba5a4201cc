#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "snapshot.h"

static void
make(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* The names of a snapshot of "log", oldest first, with blanks between. */
static const char *
names(void)
{
	static char text[8192];
	struct snapshot snapshot = {0};
	size_t size = 0;

	CHECK_EQUAL_INT(snapshot_take(&snapshot, test_path("log")), 0);
	text[0] = '\0';
	for (size_t i = 0; i < snapshot.count; i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size,
		    "%s%s", i > 0 ? " " : "", snapshot.candidates[i].name);
	snapshot_done(&snapshot);
	return text;
}

TEST(finds_the_generations_in_their_order)
{
	make("log", "4");
	make("log.1", "3");
	make("log.2", "2");
	make("log.10", "1");
	make("other", "x");
	make("log.conf", "x");
	make("log2", "x");
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log.10 log.2 log.1 log"));
}

TEST(a_log_that_is_not_there_has_generations)
{
	struct snapshot snapshot = {0};

	make("log.1", "1");
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log.1"));
	CHECK_EQUAL_INT(snapshot_take(&snapshot, test_path("log")), 0);
	CHECK(snapshot_current(&snapshot) == NULL);
	snapshot_done(&snapshot);
}

TEST(a_directory_that_is_not_there_is_an_error)
{
	struct snapshot snapshot = {0};

	CHECK_EQUAL_INT(
	    snapshot_take(&snapshot, test_path("none/log")), -ENOENT);
}

TEST(follows_a_link_to_the_log_and_no_other)
{
	CHECK(mkdir(test_path("d"), 0700) == 0);
	make("d/real", "1");
	make("d/real.1", "0");
	make("secret", "x");
	make("log.1", "not of this log");
	CHECK(symlink("d/real", test_path("log")) == 0);
	CHECK(symlink("../secret", test_path("d/real.2")) == 0);
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("real.1 real"));
}

TEST(takes_regular_files_only_and_waits_for_none)
{
	make("log", "1");
	CHECK(mkfifo(test_path("log.1"), 0600) == 0);
	CHECK(mkdir(test_path("log.2"), 0700) == 0);
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log"));
}

TEST(a_file_that_is_being_compressed_is_taken_once)
{
	make("log", "3");
	make("log.1", "2");
	make("log.1.gz", "z");
	make("log.2.gz", "z");
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log.2.gz log.1 log"));
}

/* As /var/log/app often is for a web server's user. */
TEST(a_directory_that_may_not_be_read_shows_the_log_alone)
{
	make("log", "2");
	make("log.1", "1");
	if (geteuid() == 0) {
		CHECK(chown(test_directory(), 65534, 65534) == 0);
		CHECK(chown(test_path("log"), 65534, 65534) == 0);
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
	}
	CHECK(chmod(test_directory(), 0311) == 0);
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log"));
	CHECK(chmod(test_directory(), 0711) == 0);
}

TEST(another_owners_file_is_none_of_the_log)
{
	if (geteuid() != 0)
		return; /* only root can make one */
	make("log", "2");
	make("log.1", "1");
	make("log.2", "0");
	CHECK(chown(test_path("log.1"), 12345, 12345) == 0);
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log.2 log"));
}

/* So many descriptors are left; the others are in the list. */
static size_t
use_up(int *list, size_t left)
{
	size_t count = 0;

	while (count < 4096 && (list[count] = dup(STDOUT_FILENO)) >= 0)
		count++;
	for (; left > 0 && count > 0; left--)
		close(list[--count]);
	return count;
}

TEST(without_a_descriptor_no_generation_is_passed_over)
{
	static int list[4096];
	struct rlimit before, few;
	int failed = 0;

	make("log", "4");
	make("log.1", "3");
	make("log.2", "2");
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	few = before;
	few.rlim_cur = 64;
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	for (size_t left = 0; left < 8; left++) {
		struct snapshot snapshot = {0};
		size_t count = use_up(list, left);
		int error = snapshot_take(&snapshot, test_path("log"));

		while (count > 0)
			close(list[--count]);
		failed += error == -EMFILE;
		CHECK(error == -EMFILE || (error == 0 && snapshot.count == 3));
		snapshot_done(&snapshot);
	}
	CHECK(failed > 2 && failed < 8);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST(keeps_the_newest_when_there_are_too_many)
{
	struct snapshot snapshot = {0};
	char name[32];

	for (int i = 1; i <= 100; i++) {
		struct timespec times[2] = {{1000000 - i, 0}, {1000000 - i, 0}};

		snprintf(name, sizeof(name), "log.%d", i);
		make(name, "x");
		CHECK(utimensat(AT_FDCWD, test_path(name), times, 0) == 0);
	}
	make("log", "x");
	CHECK_EQUAL_INT(snapshot_take(&snapshot, test_path("log")), 0);
	CHECK_EQUAL_INT(snapshot.count, SNAPSHOT_CANDIDATES_MAX + 1);
	CHECK_EQUAL_TEXT(
	    sse_slice(snapshot.candidates[0].name), SLICE("log.64"));
	CHECK(snapshot_current(&snapshot) != NULL);
	snapshot_done(&snapshot);
}

TEST(two_looks_are_equal_until_something_changes)
{
	struct snapshot a = {0}, b = {0};

	make("log", "1");
	make("log.1", "0");
	CHECK_EQUAL_INT(snapshot_take(&a, test_path("log")), 0);
	CHECK_EQUAL_INT(snapshot_take(&b, test_path("log")), 0);
	CHECK(snapshot_equal(&a, &b));
	snapshot_done(&b);
	make("log", "12");
	CHECK_EQUAL_INT(snapshot_take(&b, test_path("log")), 0);
	CHECK(!snapshot_equal(&a, &b));
	snapshot_done(&a);
	snapshot_done(&b);
}
