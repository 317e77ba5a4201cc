#include "test.h"

#include <string.h>

#include "base/escape.h"

static void
check_escaped(struct sse_slice text, size_t size, const char *want)
{
	/* A guard page stands behind it, so that no byte more is written. */
	char *buffer = (char *)(uintptr_t)test_guarded("", 1);
	size_t used;

	buffer -= size - 1;
	used = escape_text(text, buffer, size);
	CHECK_EQUAL_TEXT(sse_slice(buffer), sse_slice(want));
	CHECK_EQUAL_INT(used, strlen(want));
}

TEST(printable_ascii_stays)
{
	check_escaped(SLICE(" az\\\"~"), 100, " az\\\"~");
	check_escaped(SLICE(""), 100, "");
}

TEST(all_else_is_hexadecimal)
{
	check_escaped(SLICE("a\nb\r\0\x1b[1m\x7f\xc3\xa4\xff"), 100,
	    "a\\x0ab\\x0d\\x00\\x1b[1m\\x7f\\xc3\\xa4\\xff");
}

TEST(what_does_not_fit_is_cut_with_dots)
{
	check_escaped(SLICE("12345678"), 9, "12345678");
	check_escaped(SLICE("123456789"), 9, "12345...");
	check_escaped(SLICE("1\n\n"), 10, "1\\x0a\\x0a");
	check_escaped(SLICE("1\n\n"), 9, "1\\x0a...");
	check_escaped(SLICE("12\n\n"), 9, "12...");
	check_escaped(SLICE("12345"), 4, "...");
	check_escaped(SLICE("123"), 4, "123");
	check_escaped(SLICE("\n"), 4, "...");
}
