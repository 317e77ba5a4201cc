/*
 * Which folders a program has to be let into.
 */
#include "config.h"

#include "test.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "source/reach.h"
#include "source/source.h"

static char base[PATH_MAX];

static void
make_file(const char *name)
{
	FILE *file = fopen(test_path(name), "w");

	CHECK(file != NULL);
	(void)fclose(file);
}

static void
make_folder(const char *name)
{
	CHECK(mkdir(test_path(name), 0700) == 0);
}

/* A log, one of a release that a link leads to, one of a container, a FIFO. */
static void
make_all(void)
{
	CHECK(realpath(test_directory(), base) != NULL);
	make_folder("app");
	make_folder("app/archive");
	make_file("app/log");
	make_folder("r");
	make_folder("r/1");
	make_folder("r/1/log");
	make_file("r/1/log/log");
	CHECK(symlink("r/1", test_path("current")) == 0);
	make_folder("pods");
	make_file("pods/0.log");
	CHECK(symlink("../pods/0.log", test_path("app/pod")) == 0);
	CHECK(symlink("pod", test_path("app/twice")) == 0);
	CHECK(symlink("turns", test_path("app/turns")) == 0);
	CHECK(symlink(test_path("r"), test_path("app/elsewhere")) == 0);
	CHECK(mkfifo(test_path("pods/fifo"), 0600) == 0);
}

/* "r/1 read anew; r read" */
static void
print(const struct reaches *reaches, char *text, size_t size)
{
	size_t used = 0, skipped = strlen(base) + 1;

	text[0] = '\0';
	for (size_t i = 0; i < reaches->count; i++) {
		const struct reach *reach = &reaches->list[i];
		const char *path = reach->path;

		CHECK(strncmp(path, base, strlen(base)) == 0);
		used += (size_t)snprintf(text + used, size - used,
		    "%s%s %s%s%s", i > 0 ? "; " : "",
		    strlen(path) < skipped ? "." : path + skipped,
		    (reach->rights & REACH_READ) != 0 ? "read" : "",
		    (reach->rights & REACH_HOLD) != 0 ? "hold" : "",
		    reach->may_be_anew ? " anew" : "");
	}
	if (reaches->local)
		(void)snprintf(text + used, size - used, "local");
}

static void
check_reach(const char *path, const char *generations, const char *want)
{
	const struct source_reach source = {generations, ""};
	struct reaches reaches = {0};
	char text[PATH_MAX];

	source_reach(test_path(path), &source, &reaches);
	CHECK_EQUAL_INT(reaches_error(&reaches), 0);
	print(&reaches, text, sizeof(text));
	printf("# %s: %s\n", path, text);
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
	reaches_done(&reaches);
}

TEST(a_log_has_the_folders_of_its_names_and_of_what_links_lead_to)
{
	make_all();
	check_reach("app/log", "", "app read anew");
	check_reach("app/none", "", "app read anew");
	check_reach("app/log-%Y", "", "app read anew");
	check_reach("app/log", "archive/log.%i",
	    "app read anew; app/archive read anew");
	check_reach("none/sub/log", "", ". read");
	check_reach("app/log/x", "", "app read");
	check_reach("current/log/log", "", "r/1/log read anew; r read");
	check_reach("app/pod", "", "app read anew; pods read anew");
	check_reach("app/twice", "", "app read anew; pods read anew");
	check_reach("app/turns", "", "app read anew");
	check_reach("app/elsewhere/1/log/log", "", "r/1/log read anew; . read");
	check_reach("pods/fifo", "", "pods read anew; pods readhold");
}

/* A link to a log, by a way with so many more names. */
static void
make_way(const char *name, int names)
{
	char path[PATH_MAX] = "";

	for (int i = 0; i < names; i++)
		strcat(path, "./");
	strcat(path, "../pods/0.log");
	CHECK(symlink(path, test_path(name)) == 0);
}

/* Who may write in the folder of a log can make its way as long as he likes. */
TEST(a_way_that_is_too_long_is_not_gone)
{
	make_all();
	make_way("app/short", REACH_NAMES_MAX - 100);
	check_reach("app/short", "", "app read anew; pods read anew");
	make_way("app/long", REACH_NAMES_MAX);
	check_reach("app/long", "", "app read anew");
}

static double
cpu_s(void)
{
	struct timespec now;

	CHECK(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* "w5", which leads far down to a link to "w4", and so on, to "app". */
static void
make_deep(void)
{
	enum {
		DEPTH = 1000
	};
	char down[2 * DEPTH + 8] = "", far[sizeof(down) + 8], up[PATH_MAX + 8];
	char name[] = "w0";

	CHECK(chdir(base) == 0);
	for (int i = 0; i < DEPTH; i++)
		strcat(down, "n/");
	for (int i = 0; i < 6; i++, name[1]++) {
		(void)snprintf(far, sizeof(far), "%s%s", down, name);
		CHECK(symlink(far, name) == 0);
	}
	for (int i = 0; i < DEPTH; i++)
		CHECK(mkdir("n", 0700) == 0 && chdir("n") == 0);
	(void)snprintf(up, sizeof(up), "%s/app", base);
	for (name[1] = '0'; name[1] < '6'; name[1]++) {
		CHECK(symlink(up, name) == 0);
		(void)snprintf(up, sizeof(up), "%s/%s", base, name);
	}
	CHECK(chdir(base) == 0);
}

TEST(where_a_long_way_leads_is_found_at_once)
{
	char found[PATH_MAX], real[PATH_MAX];
	double began_s, found_s, real_s;

	make_all();
	make_deep();
	began_s = cpu_s();
	CHECK(reach_find("w5", found));
	found_s = cpu_s() - began_s;
	began_s = cpu_s();
	CHECK(realpath("w5", real) != NULL);
	real_s = cpu_s() - began_s;
	printf("# %.4f s, and by realpath() %.4f s\n", found_s, real_s);
	CHECK(strcmp(found, real) == 0);
	CHECK(strcmp(real + strlen(base), "/app") == 0);
	CHECK(found_s < real_s / 4);
	CHECK(!reach_find("w6", found) && !reach_find("app/log/x", found));
}

/* All there is, is never let in. */
TEST(the_root_is_no_folder)
{
	struct reaches reaches = {0};

	reaches_add_folder(&reaches, "/", REACH_READ);
	reaches_add_folder(&reaches, "/none-of-this-name", REACH_READ);
	reaches_add_way(&reaches, "/none-of-this-name", REACH_READ);
	reaches_add(&reaches, "/none-of-this-name", REACH_READ);
	CHECK_EQUAL_INT(reaches_error(&reaches), 0);
	CHECK(reaches.count == 0);
	reaches_done(&reaches);
}

TEST(a_relative_path_is_one_from_here)
{
	struct reaches reaches = {0};

	make_all();
	CHECK(chdir(test_path("app")) == 0);
	reaches_add_way(&reaches, "log", REACH_READ);
	reaches_add_way(&reaches, "pod", REACH_READ);
	CHECK(reaches.count == 2);
	CHECK(strcmp(reaches.list[0].path + strlen(base), "/app") == 0);
	CHECK(strcmp(reaches.list[1].path + strlen(base), "/pods") == 0);
	reaches_done(&reaches);
}

/* Each is told once, though many streams have it. */
TEST(many_of_one_folder_are_one)
{
	struct reaches reaches = {0};

	make_all();
	for (int i = 0; i < 100; i++) {
		reaches_add_way(&reaches, test_path("app/log"), REACH_READ);
		reaches_add_way(&reaches, test_path("pods/x"), REACH_READ);
	}
	CHECK(reaches.count == 2);
	reaches_done(&reaches);
}

TEST(what_is_no_path)
{
	static const struct source_reach source = {"", ""};
	struct reaches reaches = {0};

	source_reach("-", &source, &reaches);
	CHECK(reaches.count == 0 && reaches.port_count == 0);
#ifdef WITH_REDIS
	source_reach("redis:tcp:127.0.0.1:6379#k", &source, &reaches);
	source_reach("redis:tcp:[::1]:6380#k", &source, &reaches);
	CHECK(reaches.port_count == 2 && !reaches.local);
	CHECK(reaches.ports[0] == 6379 && reaches.ports[1] == 6380);
	source_reach("redis:unix:/run/redis.sock#k", &source, &reaches);
	CHECK(reaches.local && reaches.count == 0);
#endif
	reaches_done(&reaches);
}
