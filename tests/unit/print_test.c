#include "test.h"

#include <errno.h>

#include "base/print.h"

TEST(adds_to_what_is_there)
{
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	CHECK_EQUAL_INT(print_text(&out, "a%d", 7), 0);
	CHECK_EQUAL_INT(print_text(&out, "%s", ""), 0);
	CHECK_EQUAL_INT(print_text(&out, "%500s|", "b"), 0);
	CHECK_EQUAL_INT(out.size, 503);
	CHECK(out.data[0] == 'a' && out.data[1] == '7');
	CHECK(out.data[501] == 'b' && out.data[502] == '|');
	sse_buf_done(&out);
}

TEST(a_text_is_added_whole_or_not_at_all)
{
	struct sse_buf out;

	sse_buf_init(&out, 8);
	CHECK_EQUAL_INT(print_text(&out, "abc"), 0);
	CHECK_EQUAL_INT(print_text(&out, "%s", "123456"), -ENOBUFS);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out), SLICE("abc"));
	sse_buf_done(&out);
}
