#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/snapshot_take.h"

/* A name that nobody can look at, and what is said of it. */
static const char *bad_name;
static int bad_error;

int __real_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *ret_stat);
int __wrap_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *ret_stat);

int
__wrap_sse_name_stat(
    int directory, const char *name, struct sse_file_stat *ret_stat)
{
	return bad_name != NULL && strcmp(name, bad_name) == 0
		   ? bad_error
		   : __real_sse_name_stat(directory, name, ret_stat);
}

/* A name that has gone the next time that it is opened, and is there again. */
static const char *moving_name;

int __real_walk_open_name(int folder, const char *name, uint32_t kind,
    int flags, struct sse_file_stat *ret_stat);
int __wrap_walk_open_name(int folder, const char *name, uint32_t kind,
    int flags, struct sse_file_stat *ret_stat);

int
__wrap_walk_open_name(int folder, const char *name, uint32_t kind, int flags,
    struct sse_file_stat *ret_stat)
{
	if (moving_name != NULL && strcmp(name, moving_name) == 0) {
		moving_name = NULL;
		return -ENOENT;
	}
	return __real_walk_open_name(folder, name, kind, flags, ret_stat);
}

static void
make(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* A file that was modified at that time, in seconds since 1970. */
static void
make_at(const char *name, const char *text, time_t time)
{
	const struct timespec times[2] = {{time, 0}, {time, 0}};

	make(name, text);
	CHECK(utimensat(AT_FDCWD, test_path(name), times, 0) == 0);
}

#define NOW_MS INT64_C(1795773600000) /* 2026-11-27 10:00 UTC */

static int
take_of(const char *source, const char *generations, struct snapshot *snapshot)
{
	struct log_names *names;
	int error;

	CHECK_EQUAL_INT(
	    log_names_new(test_path(source), generations, &names), 0);
	error = snapshot_take(snapshot, names, NOW_MS, NULL, NULL);
	log_names_free(names);
	return error;
}

static int
take(const char *source, struct snapshot *snapshot)
{
	return take_of(source, NULL, snapshot);
}

/* The names of a snapshot of "log", oldest first, with blanks between. */
static const char *
names_of(const char *source, const char *generations)
{
	static char text[8192];
	struct snapshot snapshot = {0};
	size_t size = 0;

	CHECK_EQUAL_INT(take_of(source, generations, &snapshot), 0);
	text[0] = '\0';
	for (size_t i = 0; i < snapshot.count; i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size,
		    "%s%s", i > 0 ? " " : "", snapshot.candidates[i].name);
	snapshot_done(&snapshot);
	return text;
}

static const char *
names(void)
{
	return names_of("log", NULL);
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

/* Within a tick of the clock no time says that the folder has changed. */
TEST(a_name_that_was_gone_for_an_instant_is_looked_at_again)
{
	make("log", "3");
	make("log.1", "2");
	make("log.2", "1");
	moving_name = "log.1";
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log.2 log.1 log"));
	CHECK(moving_name == NULL);
}

/* It is no file, and does not make the listings differ for ever. */
TEST(a_link_beside_the_log_is_none_of_its_generations)
{
	make("log", "3");
	CHECK(symlink("nowhere", test_path("log.1")) == 0);
	CHECK(mkdir(test_path("log.2"), 0700) == 0);
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log"));
}

TEST(a_log_that_is_not_there_has_generations)
{
	struct snapshot snapshot = {0};

	make("log.1", "1");
	CHECK_EQUAL_TEXT(sse_slice(names()), SLICE("log.1"));
	CHECK_EQUAL_INT(take("log", &snapshot), 0);
	CHECK(snapshot_current(&snapshot) == NULL);
	snapshot_done(&snapshot);
}

TEST(a_directory_that_is_not_there_is_an_error)
{
	struct snapshot snapshot = {0};

	CHECK_EQUAL_INT(take("none/log", &snapshot), -ENOENT);
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
		int error = take("log", &snapshot);

		while (count > 0)
			close(list[--count]);
		failed += error == -EMFILE;
		CHECK(error == -EMFILE || (error == 0 && snapshot.count == 3));
		snapshot_done(&snapshot);
	}
	CHECK(failed > 2 && failed < 8);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

/* It is there by its name: what it has is missing, and that is to be told. */
TEST(what_nobody_can_look_at_is_out_of_reach)
{
	static const int errors[] = {-EIO, -ESTALE, -ETIMEDOUT};

	for (int i = 0; i <= SNAPSHOT_OPEN_MAX; i++) {
		char name[20] = "log";

		if (i > 0)
			(void)snprintf(name, sizeof(name), "log.%d", i);
		make(name, "a");
	}
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct snapshot snapshot = {0};

		bad_name = "log.4";
		bad_error = errors[i];
		CHECK_EQUAL_INT(take("log", &snapshot), 0);
		CHECK_EQUAL_INT(snapshot.count, SNAPSHOT_OPEN_MAX + 1);
		CHECK(snapshot_is_unreadable(&snapshot.candidates[0]));
		snapshot_done(&snapshot);
	}
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
	CHECK_EQUAL_INT(take("log", &snapshot), 0);
	CHECK_EQUAL_INT(snapshot.count, SNAPSHOT_CANDIDATES_MAX + 1);
	CHECK_EQUAL_TEXT(
	    sse_slice(snapshot.candidates[0].name), SLICE("log.64"));
	CHECK(snapshot_current(&snapshot) != NULL);
	snapshot_done(&snapshot);
}

TEST(a_neighbour_with_other_digits_is_another_log)
{
	make("php8.2-fpm.log", "2");
	make("php8.2-fpm.log.1", "1");
	make("php8.1-fpm.log", "x");
	make("php8.1-fpm.log.1", "x");
	make("php8.3-fpm.log", "x");
	CHECK_EQUAL_TEXT(sse_slice(names_of("php8.2-fpm.log", NULL)),
	    SLICE("php8.2-fpm.log.1 php8.2-fpm.log"));
}

TEST(the_target_of_a_link_had_other_dates)
{
	make_at("app-2026-11-25.log", "1", 1);
	make("app-2026-11-26.log", "3");
	make_at("app-2026-11-26.log.1", "2", 2);
	make("app-2026-11-31.log", "x");
	make("app8-2026-11-25.log", "x");
	CHECK(symlink("app-2026-11-26.log", test_path("log")) == 0);
	CHECK_EQUAL_TEXT(
	    sse_slice(names()), SLICE("app-2026-11-25.log app-2026-11-26.log.1 "
				      "app-2026-11-26.log"));
}

TEST(numbers_are_generations_in_a_folder_of_their_own)
{
	CHECK(mkdir(test_path("pod"), 0700) == 0);
	make_at("pod/0.log", "1", 1);
	make_at("pod/1.log", "2", 2);
	make("pod/10.log", "4");
	make_at("pod/10.log.20261126-101112", "3", 3);
	make("pod/2.log.20261126-101112.gz", "3");
	CHECK(symlink("pod/10.log", test_path("log")) == 0);
	CHECK_EQUAL_TEXT(sse_slice(names()),
	    SLICE("0.log 1.log 10.log.20261126-101112 10.log"));
	make("pod/other", "x");
	CHECK_EQUAL_TEXT(
	    sse_slice(names()), SLICE("10.log.20261126-101112 10.log"));
}

TEST(a_file_with_two_names_is_there_once)
{
	make("log.2", "1");
	make("log", "2");
	CHECK(link(test_path("log"), test_path("log.20261126")) == 0);
	CHECK(link(test_path("log"), test_path("log.1")) == 0);
	CHECK(link(test_path("log.2"), test_path("log-20261125")) == 0);
	CHECK(strcmp(names(), "log.2 log") == 0 ||
	      strcmp(names(), "log-20261125 log") == 0);
}

TEST(patterns_name_the_generations_and_their_folder)
{
	CHECK(mkdir(test_path("old"), 0700) == 0);
	make("log.txt", "9");
	make("log.1.txt", "8");
	make("log.2.txt", "7");
	make("old/log.7.txt", "2");
	make("old/log.10.txt", "1");
	make("old/log.3.txt.gz", "z");
	make("old/readme", "x");
	make("log.txt.1", "x");
	CHECK_EQUAL_TEXT(sse_slice(names_of("log.txt", "log.%i.txt")),
	    SLICE("log.2.txt log.1.txt log.txt"));
	CHECK_EQUAL_TEXT(sse_slice(names_of("log.txt", "log.%I.txt")),
	    SLICE("log.1.txt log.2.txt log.txt"));
	CHECK_EQUAL_TEXT(sse_slice(names_of("log.txt", "old/log.%i.txt")),
	    SLICE("old/log.10.txt old/log.7.txt old/log.3.txt.gz log.txt"));
	CHECK_EQUAL_TEXT(
	    sse_slice(names_of("log.txt", "none")), SLICE("log.txt"));
	CHECK_EQUAL_TEXT(
	    sse_slice(names_of("log.txt", "gone/log.%i")), SLICE("log.txt"));
}

TEST(between_patterns_the_time_of_modification_decides)
{
	static const char *const files[] = {
	    "app.2026-11-24.log", "app.1.log", "app.2026-11-26.log"};

	for (int i = 0; i < 3; i++)
		make_at(files[i], "x", 1000000 + i);
	make("app.log", "x");
	CHECK_EQUAL_TEXT(
	    sse_slice(names_of("app.log", "app.%i.log app.%Y-%m-%d.log")),
	    SLICE("app.2026-11-24.log app.1.log app.2026-11-26.log app.log"));
}

TEST(a_pattern_that_has_the_current_name_has_it_once)
{
	make("app.0.log", "3");
	make("app.1.log", "2");
	make("app.2.log", "1");
	CHECK_EQUAL_TEXT(sse_slice(names_of("app.0.log", "app.%i.log")),
	    SLICE("app.2.log app.1.log app.0.log"));
	CHECK_EQUAL_TEXT(
	    sse_slice(names_of("app.0.log", "app.%i.log app.%I.log")),
	    SLICE("app.2.log app.1.log app.0.log"));
}

TEST(of_names_with_dates_the_newest_is_current)
{
	struct snapshot snapshot = {0};

	make("app-2026-11-26.log", "2");
	make("app-2025-12-31.log", "1");
	make("app-2026-11-27.log", "3");
	make("app-2026-11-20.log.gz", "z");
	make("app-2026-13-45.log", "x");
	make("app-2026-11-27.log.1", "x");
	make("app-.log", "x");
	CHECK_EQUAL_TEXT(sse_slice(names_of("app-%Y-%m-%d.log", NULL)),
	    SLICE("app-2025-12-31.log app-2026-11-20.log.gz "
		  "app-2026-11-26.log app-2026-11-27.log"));
	CHECK_EQUAL_INT(take("app-%Y-%m-%d.log", &snapshot), 0);
	CHECK(snapshot_current(&snapshot) != NULL);
	snapshot_done(&snapshot);
	CHECK_EQUAL_INT(take("other-%Y-%m-%d.log", &snapshot), 0);
	CHECK_EQUAL_INT(snapshot.count, 0);
	snapshot_done(&snapshot);
}

/* Each was modified later than the one with a newer date. */
TEST(of_too_many_dates_the_newest_dates_are_kept)
{
	struct snapshot snapshot = {0};
	char name[64];

	for (int year = 1970; year <= 2026; year++)
		for (int month = 1; month <= 2; month++) {
			snprintf(
			    name, sizeof(name), "app-%d-0%d.log", year, month);
			make_at(name, "x", 1000000000 - year);
		}
	CHECK_EQUAL_INT(take("app-%Y-%m.log", &snapshot), 0);
	CHECK_EQUAL_INT(snapshot.count, SNAPSHOT_CANDIDATES_MAX);
	CHECK_EQUAL_TEXT(sse_slice(snapshot_current(&snapshot)->name),
	    SLICE("app-2026-02.log"));
	snapshot_done(&snapshot);
}
