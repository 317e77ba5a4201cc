/*
 * path_explain_test.c - what keeps a source that is a path from being opened.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "source/path_explain.h"
#include "source/source_kind.h"

/* The path of a name in the test's folder, with "%" for what is not one. */
static const char *
in_folder(const char *name)
{
	static char path[1024];

	(void)snprintf(path, sizeof(path), "%s/%s", test_path("d"), name);
	return path;
}

static void
check_clause(const char *text, int error, const char *before, const char *after)
{
	char clause[SOURCE_CLAUSE_SIZE_MAX], want[1200];

	(void)snprintf(
	    want, sizeof(want), "%s%s%s", before, test_path("d"), after);
	CHECK(path_explain(text, error, clause));
	CHECK_EQUAL_TEXT(sse_slice(clause), sse_slice(want));
	/* It is the kind's to say. */
	CHECK(source_explain(text, error, clause));
	CHECK_EQUAL_TEXT(sse_slice(clause), sse_slice(want));
}

/* Of names with dates the folder is what can be wrong. */
TEST(the_folder_of_dated_names_is_looked_at)
{
	char clause[SOURCE_CLAUSE_SIZE_MAX];

	CHECK(mkdir(test_path("d"), 0700) == 0);
	check_clause(in_folder("none/app-%Y.log"), -ENOENT, "the folder ",
	    "/none does not exist");
	CHECK(!path_explain(in_folder("app-%Y.log"), -ENOENT, clause));
	check_clause(in_folder("100%%/log"), -ENOENT, "the folder ",
	    "/100% does not exist");
	check_clause(in_folder(""), RESULT_WRONG_KIND, "",
	    " is a folder; write the path of a file in it");
}

/* All that are followed need no word. */
TEST(a_link_that_is_followed_is_no_obstacle)
{
	char clause[SOURCE_CLAUSE_SIZE_MAX];

	CHECK(mkdir(test_path("d"), 0700) == 0);
	CHECK(symlink("..", in_folder("up")) == 0);
	CHECK(!path_explain(in_folder("up"), RESULT_REFUSED, clause));
}

TEST(what_may_not_be_written_is_told)
{
	char reason[SOURCE_REASON_SIZE_MAX] = "";

	CHECK_EQUAL_INT(source_check("/var/log/app-%Y.log", reason), 0);
	CHECK_EQUAL_INT(source_check("/var/log/app-%Q.log", reason), -EINVAL);
	CHECK(reason[0] != '\0');
}
