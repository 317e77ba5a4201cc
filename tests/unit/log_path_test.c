#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "source/log_path.h"

#define NOW_MS INT64_C(1795773600000) /* 2026-11-27 10:00 UTC */
#define DAY_MS INT64_C(86400000)

int __wrap_asprintf(char **ret_text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int __wrap___asprintf_chk(char **ret_text, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool is_used_up; /* the memory for a path */

int
__wrap_asprintf(char **ret_text, const char *format, ...)
{
	va_list arguments;
	int size = -1;

	va_start(arguments, format);
	if (!is_used_up)
		size = vasprintf(ret_text, format, arguments);
	va_end(arguments);
	return size;
}

/* What it is where the library looks at it. */
int
__wrap___asprintf_chk(char **ret_text, int flag, const char *format, ...)
{
	va_list arguments;
	int size = -1;

	(void)flag;
	va_start(arguments, format);
	if (!is_used_up)
		size = vasprintf(ret_text, format, arguments);
	va_end(arguments);
	return size;
}

static void
make(const char *name)
{
	const struct timespec old[2] = {{1000000000, 0}, {1000000000, 0}};
	int fd = open(test_path(name), O_WRONLY | O_CREAT, 0600);

	CHECK(fd >= 0 && futimens(fd, old) == 0);
	close(fd);
}

/* The last part of the path at that time; "": there is none. */
static const char *
look(struct log_path *path, int64_t now_ms)
{
	CHECK_EQUAL_INT(log_path_look(path, now_ms), 0);
	return path->text != NULL ? strrchr(path->text, '/') + 1 : "";
}

static struct log_names *
begin(struct log_path *path, const char *source)
{
	struct log_names *names;

	CHECK_EQUAL_INT(log_names_new(test_path(source), NULL, &names), 0);
	CHECK_EQUAL_INT(log_path_init(path, names, NULL), 0);
	return names;
}

static void
end(struct log_path *path, struct log_names *names)
{
	log_path_done(path);
	log_names_free(names);
}

TEST(without_dates_it_is_the_source)
{
	struct log_path path;
	struct log_names *names = begin(&path, "log");

	CHECK_EQUAL_TEXT(sse_slice(look(&path, NOW_MS)), SLICE("log"));
	CHECK(log_path_is_born(&path, "log", NOW_MS));
	CHECK(!log_path_is_born(&path, "log.1", NOW_MS));
	end(&path, names);
}

TEST(with_dates_it_is_the_newest_by_date)
{
	struct log_path path;
	struct log_names *names = begin(&path, "d/%d.%m.%Y.log");

	CHECK_EQUAL_TEXT(sse_slice(look(&path, NOW_MS)), SLICE(""));
	CHECK(mkdir(test_path("d"), 0700) == 0);
	CHECK_EQUAL_TEXT(sse_slice(look(&path, NOW_MS)), SLICE(""));
	make("d/30.10.2026.log");
	make("d/26.11.2026.log");
	make("d/31.12.2025.log");
	make("d/27.13.2026.log");
	make("d/29.11.2026.log"); /* of the future */
	make("d/27.11.2026.log.1");
	make("d/27.11.2026.log.gz");
	CHECK(mkdir(test_path("d/27.11.2026.log"), 0700) == 0);
	path.listed_ms = 0;
	CHECK_EQUAL_TEXT(
	    sse_slice(look(&path, NOW_MS)), SLICE("26.11.2026.log"));
	CHECK_EQUAL_TEXT(
	    sse_slice(look(&path, NOW_MS + DAY_MS)), SLICE("29.11.2026.log"));
	CHECK_EQUAL_TEXT(
	    sse_slice(look(&path, NOW_MS)), SLICE("26.11.2026.log"));
	end(&path, names);
}

/* A folder that has not changed is not read: a name of the future waits. */
TEST(sees_a_change_of_the_folder_at_once)
{
	struct timespec now;
	struct log_path path;
	struct log_names *names = begin(&path, "app-%Y.log");
	int64_t now_ms;

	clock_gettime(CLOCK_REALTIME, &now);
	now_ms = now.tv_sec * INT64_C(1000);
	make("app-2001.log");
	CHECK_EQUAL_TEXT(sse_slice(look(&path, now_ms)), SLICE("app-2001.log"));
	make("app-2002.log");
	CHECK_EQUAL_TEXT(sse_slice(look(&path, now_ms)), SLICE("app-2002.log"));
	CHECK(unlink(test_path("app-2002.log")) == 0);
	CHECK_EQUAL_TEXT(sse_slice(look(&path, now_ms)), SLICE("app-2001.log"));
	end(&path, names);
}

TEST(without_memory_the_folder_is_looked_at_anew)
{
	struct log_path path;
	struct log_names *names = begin(&path, "app-%Y.log");
	struct sse_file_stat folder;
	int64_t now_ms;

	make("app-2001.log");
	CHECK_EQUAL_INT(sse_path_stat(test_path("."), &folder), 0);
	/* At rest by then, so that a name that was found is believed. */
	now_ms = folder.ctime_ms + 1000;
	is_used_up = true;
	CHECK_EQUAL_INT(log_path_look(&path, now_ms), -ENOMEM);
	is_used_up = false;
	CHECK_EQUAL_TEXT(sse_slice(look(&path, now_ms)), SLICE("app-2001.log"));
	end(&path, names);
}

TEST(a_birth_is_of_the_newest_or_a_newer_one)
{
	struct log_path path;
	struct log_names *names = begin(&path, "app-%Y-%m-%d.log");

	CHECK(log_path_is_born(&path, "app-2026-11-25.log", NOW_MS));
	make("app-2026-11-26.log");
	CHECK_EQUAL_TEXT(
	    sse_slice(look(&path, NOW_MS)), SLICE("app-2026-11-26.log"));
	CHECK(!log_path_is_born(&path, "app-2026-11-25.log", NOW_MS));
	CHECK(log_path_is_born(&path, "app-2026-11-26.log", NOW_MS));
	CHECK(log_path_is_born(&path, "app-2026-11-27.log", NOW_MS));
	CHECK(!log_path_is_born(&path, "app-2026-11-29.log", NOW_MS));
	CHECK(!log_path_is_born(&path, "app-2026-11-27.log.gz", NOW_MS));
	CHECK(!log_path_is_born(&path, "other", NOW_MS));
	end(&path, names);
}

TEST(a_folder_that_may_not_be_read_is_an_error)
{
	struct log_path path;
	struct log_names *names = begin(&path, "app-%Y-%m-%d.log");

	make("app-2026-11-26.log");
	if (geteuid() == 0) {
		CHECK(chown(test_directory(), 65534, 65534) == 0);
		CHECK(setgid(65534) == 0 && setuid(65534) == 0);
	}
	CHECK(chmod(test_directory(), 0311) == 0);
	CHECK_EQUAL_INT(log_path_look(&path, NOW_MS), -EACCES);
	CHECK(chmod(test_directory(), 0711) == 0);
	CHECK_EQUAL_TEXT(
	    sse_slice(look(&path, NOW_MS)), SLICE("app-2026-11-26.log"));
	end(&path, names);
}

/* Its clock was put back after it had been written to. */
TEST(a_file_that_was_modified_later_than_now_is_not_of_the_future)
{
	const struct timespec later[2] = {
	    {NOW_MS / 1000 + 2 * 86400, 0}, {NOW_MS / 1000 + 2 * 86400, 0}};
	struct log_path path;
	struct log_names *names = begin(&path, "app-%Y-%m-%d.log");

	make("app-2026-11-27.log");
	make("app-2026-11-29.log");
	CHECK_EQUAL_TEXT(
	    sse_slice(look(&path, NOW_MS)), SLICE("app-2026-11-27.log"));
	CHECK(utimensat(AT_FDCWD, test_path("app-2026-11-29.log"), later, 0) ==
	      0);
	path.listed_ms = 0;
	CHECK_EQUAL_TEXT(
	    sse_slice(look(&path, NOW_MS)), SLICE("app-2026-11-29.log"));
	end(&path, names);
}
