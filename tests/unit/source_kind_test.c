/*
 * source_kind_test.c - what is known of a source by its text.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/source_kind.h"
#include "source/file.h"
#include "source/pipe.h"
#include "base/result.h"

static void
make_file(const char *name)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT, 0600);

	CHECK(fd >= 0);
	close(fd);
}

static void
make_log(void)
{
	make_file("log");
}

TEST(a_path_is_what_is_there)
{
	CHECK(source_kind(test_path("log")) == &file_ops);
	make_log();
	CHECK(source_kind(test_path("log")) == &file_ops);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK(source_kind(test_path("fifo")) == &pipe_ops);
	CHECK(source_kind("-") == &pipe_ops);
	CHECK(source_is_stdin("-") && !source_is_stdin("-/log"));
	CHECK(source_is_path("-") && source_is_path("log"));
	CHECK(!source_has_times("log"));
}

TEST(a_stream_is_called_as_the_last_part_of_its_source)
{
	static const char *const cases[][2] = {
	    {"/var/log/app.log", "app.log"},
	    {"app.log", "app.log"},
	    {"/var/log/", ""},
	    {"-", "stdin"},
	    {"journal:", "journal"},
	    {"journal:web", "web"},
	    {"journal:/var/log/journal/remote", "remote"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_EQUAL_TEXT(sse_slice(source_default_name(cases[i][0])),
		    sse_slice(cases[i][1]));
}

TEST(who_waits_for_a_journal_is_told_who_may_read_it)
{
	CHECK(strstr(source_denied_text("journal:"), "systemd-journal"));
	CHECK(strstr(source_denied_text("log"), "systemd-journal") == NULL);
	CHECK(strstr(source_denied_text("log"), "Permission denied"));
}

/* Whatever is there: it may be another one when it is opened. */
TEST(a_folder_more_needs_a_descriptor_more)
{
	struct source_descriptors one = source_descriptors("log", "");
	struct source_descriptors two =
	    source_descriptors("log", "log.%i old/log.%i");
	struct source_descriptors wrong = source_descriptors("%Q", "");

	CHECK(one.open > 1 && one.search > 0);
	CHECK_EQUAL_INT(two.open, one.open + 1);
	CHECK_EQUAL_INT(two.search, one.search);
	CHECK_EQUAL_INT(wrong.open, one.open);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK_EQUAL_INT(
	    source_descriptors(test_path("fifo"), "").open, one.open);
}

/* libsystemd reads those that were not closed as they should be, too. */
TEST(each_file_of_a_journal_needs_a_descriptor)
{
	static const char *const names[] = {
	    "system.journal", "system@0-0.journal~", "user@0-0.journal~"};
	char text[4200];
	size_t open;

	(void)snprintf(text, sizeof(text), "journal:%s", test_directory());
	open = source_descriptors(text, "").open;
	make_file("system.journal.bak");
	CHECK_EQUAL_INT(source_peek(text, "", NULL), -ENODATA);
	for (size_t i = 3; i-- > 0;) {
		make_file(names[i]);
		CHECK_EQUAL_INT(source_peek(text, "", NULL), RESULT_NONE);
		CHECK_EQUAL_INT(source_descriptors(text, "").open, ++open);
	}
}

TEST(what_sources_share_is_of_their_kind)
{
	struct source_hints *hints = source_hints_new();
	struct source_shared *shared;
	int fd;

	CHECK(hints != NULL);
	make_log();
	CHECK_EQUAL_INT(
	    source_shared_new(test_path("log"), "", hints, &shared), 0);
	CHECK(shared != NULL && shared->ops == &file_ops);
	source_shared_rest(shared);
	fd = source_peek(test_path("log"), "", shared);
	CHECK(fd >= 0);
	close(fd);
	/* A FIFO took its name: it knows nothing of that. */
	CHECK(unlink(test_path("log")) == 0);
	CHECK(mkfifo(test_path("log"), 0600) == 0);
	CHECK_EQUAL_INT(source_peek(test_path("log"), "", shared), RESULT_NONE);
	source_shared_free(shared);
	source_hints_free(hints);
}

/* It cannot be started, which is told then. */
TEST(a_text_that_is_wrong_shares_nothing)
{
	struct source_shared *shared;

	CHECK_EQUAL_INT(source_shared_new("%Q", "", NULL, &shared), 0);
	CHECK(shared == NULL);
	source_shared_rest(shared);
	source_shared_free(shared);
	source_hints_free(NULL);
}
