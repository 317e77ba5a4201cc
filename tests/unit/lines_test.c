#include "test.h"

#include <errno.h>
#include <string.h>

#include "lines.h"

/*
 * Feeds the text in two pieces, and writes what comes: each line in brackets,
 * with "!" behind it if it is too long.
 */
static struct sse_slice
lines_of(struct sse_slice text, size_t split, size_t size_max)
{
	static char out[4096];
	size_t size = 0;
	struct sse_lines lines;
	struct sse_line line;

	sse_lines_init(&lines, size_max);
	for (int piece = 0; piece < 2; piece++) {
		size_t from = piece == 0 ? 0 : split;
		size_t to = piece == 0 ? split : text.size;

		sse_lines_feed(&lines,
		    (struct sse_slice){
			test_guarded(text.data + from, to - from), to - from});
		while (sse_lines_next(&lines, &line)) {
			bool cut = line.error == -EMSGSIZE;

			CHECK(line.error == 0 || cut);
			if (cut) /* how much is known is not the same */
				line.text.size = SSE_LINE_KNOWN_MIN;
			out[size++] = '[';
			memcpy(out + size, line.text.data, line.text.size);
			size += line.text.size;
			out[size++] = cut ? '!' : ']';
		}
	}
	sse_lines_done(&lines);
	return (struct sse_slice){out, size};
}

static void
check(struct sse_slice text, size_t size_max, struct sse_slice want)
{
	for (size_t split = 0; split <= text.size; split++)
		CHECK_EQUAL_TEXT(lines_of(text, split, size_max), want);
}

TEST(three_line_ends)
{
	check(SLICE("a\nb\rc\r\nd"), 100, SLICE("[a][b][c]"));
	check(SLICE("\n\r\n\r\r\n"), 100, SLICE("[][][][]"));
	check(SLICE("\n\r"), 100, SLICE("[][]"));
	check(SLICE("\r\r\n\n"), 100, SLICE("[][][]"));
	check(SLICE("a\0b\x0b\x0c\xc2\x85\n"), 100,
	    SLICE("[a\0b\x0b\x0c\xc2\x85]"));
	check(SLICE(""), 100, SLICE(""));
	check(SLICE("unfinished"), 100, SLICE(""));
}

TEST(one_bom_before_the_first_line)
{
	check(SLICE("\xef\xbb\xbf"
		    "a\n\xef\xbb\xbf"
		    "b\n"),
	    100,
	    SLICE("[a][\xef\xbb\xbf"
		  "b]"));
	check(
	    SLICE("\xef\xbb\xbf\xef\xbb\xbf\n"), 100, SLICE("[\xef\xbb\xbf]"));
	check(SLICE("\xef\xbb\xbf\r\na\n"), 100, SLICE("[][a]"));
	check(SLICE("\xef\xbb"
		    "a\n"),
	    100,
	    SLICE("[\xef\xbb"
		  "a]"));
	check(SLICE("\n\xef\xbb\xbf\n"), 100, SLICE("[][\xef\xbb\xbf]"));
}

TEST(a_line_over_the_limit)
{
	check(SLICE("0123456789\n0123456789a\nb\n"), 10,
	    SLICE("[0123456789][01234567![b]"));
	check(SLICE("\xef\xbb\xbf"
		    "0123456789\r\n"),
	    10, SLICE("[0123456789]"));
	check(SLICE("0123456789012345678901234567890123456789\n\n"), 10,
	    SLICE("[01234567![]"));
}

TEST(a_line_that_ends_in_cr_comes_at_once)
{
	struct sse_lines lines;
	struct sse_line line;

	sse_lines_init(&lines, 100);
	sse_lines_feed(&lines, SLICE("a\r"));
	CHECK(sse_lines_next(&lines, &line));
	CHECK_EQUAL_TEXT(line.text, SLICE("a"));
	CHECK(!sse_lines_next(&lines, &line));
	sse_lines_feed(&lines, SLICE("\n"));
	CHECK(!sse_lines_next(&lines, &line));
	sse_lines_feed(&lines, SLICE("\n"));
	CHECK(sse_lines_next(&lines, &line));
	CHECK_EQUAL_TEXT(line.text, SLICE(""));
	sse_lines_done(&lines);
}

TEST(a_whole_line_is_not_copied)
{
	struct sse_slice text = SLICE("abc\ndef");
	struct sse_lines lines;
	struct sse_line line;

	sse_lines_init(&lines, 100);
	sse_lines_feed(&lines, text);
	CHECK(sse_lines_next(&lines, &line));
	CHECK(line.fed && line.text.data == text.data);
	CHECK(!sse_lines_next(&lines, &line));
	sse_lines_feed(&lines, SLICE("\n"));
	CHECK(sse_lines_next(&lines, &line));
	CHECK(!line.fed);
	CHECK_EQUAL_TEXT(line.text, SLICE("def"));
	sse_lines_done(&lines);
}

TEST(a_restart_forgets)
{
	struct sse_lines lines;
	struct sse_line line;

	sse_lines_init(&lines, 100);
	sse_lines_feed(&lines, SLICE("x\r"));
	CHECK(sse_lines_next(&lines, &line));
	sse_lines_restart(&lines);
	sse_lines_feed(&lines, SLICE("\nhalf"));
	CHECK(sse_lines_next(&lines, &line));
	CHECK_EQUAL_TEXT(line.text, SLICE(""));
	CHECK(!sse_lines_next(&lines, &line));
	sse_lines_restart(&lines);
	sse_lines_feed(&lines, SLICE("\xef\xbb\xbf"
				     "b\n"));
	CHECK(sse_lines_next(&lines, &line));
	CHECK_EQUAL_TEXT(line.text, SLICE("b"));
	sse_lines_done(&lines);
}

/* Each CR searching anew for a LF that is far away would take minutes. */
TEST(many_cr_cost_no_more_than_their_number)
{
	const size_t size = 4 << 20;
	char *text = test_zeroed(size);
	struct sse_lines lines;
	struct sse_line line;
	size_t count = 0;

	memset(text, '\r', size);
	sse_lines_init(&lines, 100);
	sse_lines_feed(&lines, (struct sse_slice){text, size});
	while (sse_lines_next(&lines, &line))
		count++;
	CHECK_EQUAL_INT(count, size);
	sse_lines_done(&lines);
}
