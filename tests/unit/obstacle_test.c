#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/obstacle.h"
#include "base/result.h"

static char base[256];

/* Beside the test's folder: the text has its path in place of "@". */
static const char *
with_base(const char *text)
{
	static char out[1024];
	const char *at = strchr(text, '@');

	if (at == NULL)
		return text;
	(void)snprintf(
	    out, sizeof(out), "%.*s%s%s", (int)(at - text), text, base, at + 1);
	return out;
}

static void
make_all(void)
{
	char *real = realpath(test_path("."), NULL);

	CHECK(real != NULL);
	(void)snprintf(base, sizeof(base), "%s", real);
	free(real);
	CHECK(mkdir(test_path("d"), 0755) == 0);
	CHECK(close(creat(test_path("d/log"), 0644)) == 0);
	CHECK(symlink("d/none", test_path("dangling")) == 0);
	CHECK(symlink("d", test_path("way")) == 0);
	CHECK(symlink("turns", test_path("turns")) == 0);
}

/* What is said of a path below the folder; want NULL: nothing. */
struct row {
	const char *path;
	int error;
	const char *want;
};

static const struct row rows[] = {
    {"d/log", -ENOENT, NULL},
    {"d/log", -EACCES, NULL},
    {"d/log", RESULT_WRONG_KIND, NULL},
    {"d/none", -ENOENT, NULL},
    {"d/none", -EACCES, NULL},
    {"none/log", -ENOENT, "the folder @/none does not exist"},
    {"none/a/log", -ENOENT, "the folder @/none does not exist"},
    {"way/a/log", -ENOENT, "the folder @/d/a does not exist"},
    {"way//a/log", -ENOENT, "the folder @/d//a does not exist"},
    {"way/none", -ENOENT, "a link leads to @/d/none, which does not exist"},
    {"dangling", -ENOENT, "a link leads to @/d/none, which does not exist"},
    {"d/log/x", -ENOTDIR, "@/d/log is no folder"},
    {"d", RESULT_WRONG_KIND, "@/d is a folder; write the path of a file in it"},
    {"way", RESULT_WRONG_KIND,
	"@/d is a folder; write the path of a file in it"},
    {"turns", -ELOOP, NULL},
};

TEST(the_name_that_it_is_of)
{
	char text[OBSTACLE_TEXT_SIZE_MAX];

	make_all();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		char path[1024];
		bool found;

		(void)snprintf(path, sizeof(path), "%s/%s", base, row->path);
		found = obstacle_explain(path, row->error, text);
		CHECK_EQUAL_INT(found, row->want != NULL);
		if (found)
			CHECK_EQUAL_TEXT(
			    sse_slice(text), sse_slice(with_base(row->want)));
	}
}

/* Who may write in the folder of a log can make its way as long as he likes. */
TEST(a_way_that_is_too_long_is_not_gone)
{
	char text[OBSTACLE_TEXT_SIZE_MAX];
	char path[1024];
	size_t size;

	make_all();
	size = (size_t)snprintf(path, sizeof(path), "%s", base);
	for (int i = 0; i < OBSTACLE_NAMES_MAX / 4; i++)
		size +=
		    (size_t)snprintf(path + size, sizeof(path) - size, "/d/..");
	(void)snprintf(path + size, sizeof(path) - size, "/none/log");
	CHECK(obstacle_explain(path, -ENOENT, text));
	/* From the link on it is gone once more from its beginning. */
	(void)snprintf(path + size, sizeof(path) - size, "/way/none/log");
	CHECK(!obstacle_explain(path, -ENOENT, text));
}

TEST(a_device_is_no_log)
{
	char text[OBSTACLE_TEXT_SIZE_MAX];

	CHECK(obstacle_explain("/dev/null", RESULT_WRONG_KIND, text));
	CHECK_EQUAL_TEXT(sse_slice(text),
	    SLICE("/dev/null is neither a regular file nor a FIFO"));
}

/* What the owner may not do, he allows himself; root may do anything. */
TEST(rights_of_the_owner)
{
	char text[OBSTACLE_TEXT_SIZE_MAX], path[1024];
	char want[1100];

	if (geteuid() == 0)
		return;
	make_all();
	(void)snprintf(path, sizeof(path), "%s/d/log", base);
	CHECK(chmod(path, 0) == 0);
	CHECK(obstacle_explain(path, -EACCES, text));
	(void)snprintf(want, sizeof(want), "; write: chmod u+r %s", path);
	CHECK(strstr(text, want) != NULL);
	CHECK(strstr(text, " may not read the file ") != NULL);
	CHECK(chmod(test_path("d"), 0) == 0);
	CHECK(obstacle_explain(path, -EACCES, text));
	(void)snprintf(want, sizeof(want), "; write: chmod u+x %s/d", base);
	CHECK(strstr(text, want) != NULL);
	CHECK(strstr(text, " may not enter the folder ") != NULL);
	CHECK(chmod(test_path("d"), 0700) == 0);
}
