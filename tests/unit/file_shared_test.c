/*
 * What the sources of one log share.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "source/file_shared.h"

TEST(the_listing_is_the_one_that_was_made)
{
	struct inotify *folders = inotify_new();
	struct source_shared shared = {.ops = NULL};

	CHECK_EQUAL_INT(
	    file_sharing.new(test_path("log"), "", folders, &shared.context),
	    0);
	CHECK(shared.context != NULL);
	CHECK(file_shared_listing(&shared) == shared.context);
	file_sharing.rest(shared.context);
	file_sharing.free(shared.context);
	inotify_free(folders);
}

TEST(without_a_watch_there_is_one_too)
{
	struct source_shared shared = {.ops = NULL};

	CHECK_EQUAL_INT(
	    file_sharing.new(test_path("log"), "", NULL, &shared.context), 0);
	CHECK(file_shared_listing(&shared) == shared.context);
	file_sharing.free(shared.context);
}

TEST(who_shares_nothing_has_no_listing)
{
	CHECK(file_shared_listing(NULL) == NULL);
	file_sharing.free(NULL);
}

TEST(what_is_no_pattern_has_none)
{
	void *context = NULL;

	CHECK_EQUAL_INT(
	    file_sharing.new(test_path("log"), "../log.%i", NULL, &context),
	    -EINVAL);
	CHECK(context == NULL);
}
