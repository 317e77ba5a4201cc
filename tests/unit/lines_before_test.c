#include "config.h"

#include "record/lines_before.h"

#include "test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int
file_of(const char *bytes, size_t size)
{
	int fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	return fd;
}

/* As a splitter gives them: a LF between, and none at the end. */
TEST(gives_the_text_of_the_lines_before)
{
	static const struct {
		const char *bytes, *lines;
		size_t most;
	} rows[] = {
	    {"a\nb\n", "a\nb", 99},
	    {"a\r\nb\r\r\n\r\n", "a\nb\n", 99},
	    {"a\r\r b\r\r\n", "a\r\r b", 99},
	    {"\xef\xbb\xbf"
	     "a\n",
		"a", 99},
	    {"x\n\xef\xbb\xbf"
	     "a\n",
		"x\n\xef\xbb\xbf"
		"a",
		99},
	    {"x\n\xef\xbb\xbf"
	     "a\n",
		"\xef\xbb\xbf"
		"a",
		6},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t size = strlen(rows[i].bytes);
		int fd = file_of(rows[i].bytes, size);
		struct sse_buf lines;

		sse_buf_init(&lines, rows[i].most);
		CHECK_EQUAL_INT(
		    lines_before(&(struct lines_part){fd, size}, 1, &lines), 0);
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&lines), sse_slice(rows[i].lines));
		sse_buf_done(&lines);
		close(fd);
	}
}

/* NULs that begin a line are none of it. */
TEST(leaves_out_the_nuls_that_lines_before_begin_with)
{
	static const char many[24 + 5] = {[24] = 'a', '\n', '\0', 'b', '\n'};
	const struct {
		struct sse_slice bytes;
		struct sse_slice lines;
		size_t most;
	} rows[] = {
	    {SLICE("\0\0a\n\0b\0\n"), SLICE("a\nb\0"), 99},
	    {SLICE("\0\xef\xbb\xbf"
		   "a\n"),
		SLICE("a"), 99},
	    {SLICE("a\n\0\n\0\r\nb\n"), SLICE("a\n\n\nb"), 99},
	    {SLICE("\0\n"), SLICE(""), 99},
	    {SLICE("\0\0\0\0a\n\0b\n"), SLICE("b"), 6},
	    {{many, sizeof(many)}, SLICE("a\nb"), 99},
	    {{many, sizeof(many)}, SLICE("a\nb"), 21},
	    {{many, sizeof(many)}, SLICE("b"), 20},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t size = rows[i].bytes.size;
		int fd = file_of(rows[i].bytes.data, size);
		struct sse_buf lines;

		sse_buf_init(&lines, rows[i].most);
		CHECK_EQUAL_INT(
		    lines_before(&(struct lines_part){fd, size}, 1, &lines), 0);
		CHECK_EQUAL_TEXT(sse_buf_slice(&lines), rows[i].lines);
		sse_buf_done(&lines);
		close(fd);
	}
}

/* A record goes on in the next file, and a mark begins each of them. */
TEST(the_lines_before_go_back_into_older_files)
{
	static const struct {
		const char *oldest, *older, *bytes;
		const char *lines;
		size_t most;
	} rows[] = {
	    {"a\n", "b\n", "c\n", "a\nb\nc", 99},
	    {"a", "b\r", "c\n", "a\nb\nc", 99},
	    {"a\n", "", "c\n", "a\nc", 99},
	    {"aa\nbb\n", "cc\n", "d\n", "bb\ncc\nd", 10},
	    {"aa\nbb", "cc\n", "d\n", "cc\nd", 7},
	    {"aa\n", "bb\ncc\n", "d\n", "cc\nd", 7},
	    {"aa\n", "bb\n", "dd\n", "", 2},
	    {"\xef\xbb\xbf"
	     "a\n",
		"\xef\xbb\xbf"
		"b\n",
		"\xef\xbb\xbf"
		"c\n",
		"a\nb\nc", 99},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *texts[] = {
		    rows[i].oldest, rows[i].older, rows[i].bytes};
		struct lines_part parts[3];
		struct sse_buf lines;

		for (size_t j = 0; j < 3; j++) {
			size_t size = strlen(texts[j]);

			CHECK(unlink(test_path("log")) == 0 || i + j == 0);
			parts[j] =
			    (struct lines_part){file_of(texts[j], size), size};
		}
		sse_buf_init(&lines, rows[i].most);
		CHECK_EQUAL_INT(lines_before(parts, 3, &lines), 0);
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&lines), sse_slice(rows[i].lines));
		/* What is not there any more. */
		parts[0].end += 100;
		CHECK_EQUAL_INT(lines_before(parts, 3, &lines), 0);
		sse_buf_done(&lines);
		for (size_t j = 0; j < 3; j++)
			close(parts[j].fd);
	}
}
