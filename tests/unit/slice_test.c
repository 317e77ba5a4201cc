#include "test.h"

TEST(a_string_without_its_nul)
{
	struct sse_slice slice = sse_slice("abc");

	CHECK_EQUAL_INT(slice.size, 3);
	CHECK_EQUAL_TEXT(slice, SLICE("abc"));
}

TEST(absent_is_not_empty)
{
	CHECK(sse_slice(NULL).data == NULL);
	CHECK(sse_slice("").data != NULL);
	CHECK(!sse_slice_equal(sse_slice(NULL), sse_slice("")));
	CHECK(!sse_slice_equal(sse_slice(""), sse_slice(NULL)));
	CHECK(sse_slice_equal(sse_slice(NULL), sse_slice(NULL)));
	CHECK(sse_slice_equal(sse_slice(""), sse_slice("")));
}

TEST(compared_by_bytes_not_by_c_strings)
{
	CHECK(!sse_slice_equal(SLICE("a\0b"), SLICE("a\0c")));
	CHECK(!sse_slice_equal(SLICE("a"), SLICE("ab")));
	CHECK(sse_slice_equal(SLICE("a\0b"), SLICE("a\0b")));
}
