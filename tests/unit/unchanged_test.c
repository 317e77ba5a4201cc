/*
 * Whether a file is after a rest what it was before.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "source/unchanged.h"

static void
write_at(int fd, off_t offset, const char *text)
{
	CHECK(pwrite(fd, text, strlen(text), offset) == (ssize_t)strlen(text));
}

/* What is at the place of "one\ntwo\n" after the rest; it was searched so far.
 */
static const struct {
	const char *what;
	uint64_t end;
	off_t size;
	const char *now;
	int want;
} rests[] = {
    {"nothing happened", 8, 8, "", 0},
    {"it has grown", 8, 8, "one\ntwo\nthree\n", 0},
    {"truncated", 8, 0, "", RESULT_CHANGED},
    {"cut by a byte", 8, 7, "", RESULT_CHANGED},
    {"filled anew", 8, 0, "six\nten\nand more\n", RESULT_CHANGED},
    {"filled with the same", 8, 0, "one\ntwo\nthree\n", 0},
    {"another byte at the beginning", 8, 8, "O", RESULT_CHANGED},
    {"behind what was searched", 4, 4, "six\n", RESULT_CHANGED},
    {"and that is all that is another", 4, 4, "one\nsix\n", 0},
    {"nothing was searched", 0, 0, "six\n", 0},
};

TEST(what_was_searched_must_still_be_there)
{
	for (size_t i = 0; i < sizeof(rests) / sizeof(rests[0]); i++) {
		struct unchanged unchanged = {.has_rested = false};
		int fd =
		    open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

		CHECK(fd >= 0);
		write_at(fd, 0, "one\ntwo\n");
		CHECK_EQUAL_INT(
		    unchanged_rest(&unchanged, fd, rests[i].end), 0);
		CHECK(ftruncate(fd, rests[i].size) == 0);
		write_at(fd, 0, rests[i].now);
		/* A second rest does not forget the first one. */
		CHECK_EQUAL_INT(unchanged_rest(&unchanged, fd, 0), 0);
		CHECK_EQUAL_INT(unchanged_check(&unchanged, fd), rests[i].want);
		close(fd);
	}
}

TEST(who_has_not_rested_knows_nothing_else)
{
	struct unchanged unchanged = {.has_rested = false};
	int fd = open(test_path("log"), O_RDWR | O_CREAT, 0600);

	CHECK_EQUAL_INT(unchanged_check(&unchanged, -1), 0);
	/* There is no such end to rest at. */
	CHECK_EQUAL_INT(unchanged_rest(&unchanged, fd, 1), RESULT_CHANGED);
	CHECK_EQUAL_INT(unchanged_check(&unchanged, -1), 0);
	write_at(fd, 0, "a");
	CHECK_EQUAL_INT(unchanged_rest(&unchanged, fd, 1), 0);
	CHECK_EQUAL_INT(unchanged_check(&unchanged, -1), -EBADF);
	close(fd);
}
