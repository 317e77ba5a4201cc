/*
 * The folders of a log's names: the log's own, and one below.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "source/open_folders.h"

#define FILES 3000 /* more names than one read has */

struct play {
	struct log_names *names;
	struct open_folders open;
	int directory;
	int given[2]; /* names of each folder, without "." and ".." */
	int fails;    /* the taker's error */
};

static int
take(void *context, const char *name, bool is_folder)
{
	struct play *play = context;

	CHECK(play->open.at < 2);
	if (name[0] != '.' && !is_folder)
		play->given[play->open.at]++;
	return play->fails;
}

static void
make_files(const char *prefix, int count)
{
	char name[64];

	for (int i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "%s%d", prefix, i);
		close(open(test_path(name), O_WRONLY | O_CREAT, 0600));
	}
}

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	CHECK_EQUAL_INT(
	    log_names_new(test_path("log"), "old/log.%i", &play->names), 0);
	CHECK_EQUAL_INT(log_names_folders(play->names), 2);
	play->directory =
	    open(test_directory(), O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK(play->directory >= 0);
}

static void
end(struct play *play)
{
	open_folders_close(&play->open);
	open_folders_close(&play->open);
	log_names_free(play->names);
	close(play->directory);
}

static int
read_some(struct play *play, int names_max)
{
	return open_folders_read(
	    &play->open, names_max, &(struct folder_taker){take, play});
}

TEST(the_names_of_all_folders_are_read)
{
	struct play play;

	CHECK(mkdir(test_path("old"), 0700) == 0);
	make_files("file", 3);
	make_files("old/file", 5);
	begin(&play);
	CHECK_EQUAL_INT(
	    open_folders_open(&play.open, play.names, play.directory), 0);
	CHECK_EQUAL_INT(play.open.count, 2);
	CHECK(S_ISDIR(play.open.stats[1].mode));
	CHECK_EQUAL_INT(read_some(&play, 1000), 0);
	CHECK_EQUAL_INT(play.given[0], 3);
	CHECK_EQUAL_INT(play.given[1], 5);
	CHECK_EQUAL_INT(read_some(&play, 1000), 0);
	CHECK_EQUAL_INT(play.given[1], 5);
	/* And once more, from the first one on. */
	CHECK_EQUAL_INT(open_folders_begin(&play.open), 0);
	CHECK_EQUAL_INT(read_some(&play, 1000), 0);
	CHECK_EQUAL_INT(play.given[0], 6);
	CHECK_EQUAL_INT(play.given[1], 10);
	end(&play);
}

TEST(a_folder_below_that_is_missing_has_no_names)
{
	struct play play;

	make_files("file", 3);
	begin(&play);
	CHECK_EQUAL_INT(
	    open_folders_open(&play.open, play.names, play.directory), 0);
	CHECK_EQUAL_INT(play.open.fds[1], -1);
	CHECK_EQUAL_INT(read_some(&play, 1000), 0);
	CHECK_EQUAL_INT(play.given[0], 3);
	CHECK_EQUAL_INT(play.given[1], 0);
	end(&play);
}

TEST(so_many_names_are_read_at_a_time)
{
	struct play play;
	int steps = 0, error;

	CHECK(mkdir(test_path("old"), 0700) == 0);
	make_files("old/", FILES);
	begin(&play);
	CHECK_EQUAL_INT(
	    open_folders_open(&play.open, play.names, play.directory), 0);
	while ((error = read_some(&play, 10)) == RESULT_PARTIAL)
		steps++;
	CHECK_EQUAL_INT(error, 0);
	CHECK(steps >= 2);
	CHECK_EQUAL_INT(play.given[1], FILES);
	end(&play);
}

TEST(what_the_taker_says_ends_it)
{
	struct play play;

	make_files("file", 3);
	begin(&play);
	CHECK_EQUAL_INT(
	    open_folders_open(&play.open, play.names, play.directory), 0);
	play.fails = -ENOMEM;
	CHECK_EQUAL_INT(read_some(&play, 1000), -ENOMEM);
	end(&play);
}

/* What opens no folder leaves none open. */
TEST(a_directory_that_is_none_cannot_be_opened)
{
	struct play play;
	int file;

	make_files("file", 1);
	begin(&play);
	file = open(test_path("file0"), O_RDONLY | O_CLOEXEC);
	CHECK_EQUAL_INT(
	    open_folders_open(&play.open, play.names, file), -ENOTDIR);
	CHECK_EQUAL_INT(play.open.count, 0);
	close(file);
	end(&play);
}
