#include "test.h"

#include <errno.h>
#include <string.h>

#include "buf.h"

TEST(grows_and_keeps_what_it_has)
{
	struct sse_buf buf;

	sse_buf_init(&buf, 100000);
	for (int i = 0; i < 10000; i++)
		CHECK_EQUAL_INT(sse_buf_add(&buf, "0123456789", 10), 0);
	CHECK_EQUAL_INT(buf.size, 100000);
	for (size_t i = 0; i < buf.size; i++)
		CHECK(buf.data[i] == (char)('0' + i % 10));
	sse_buf_done(&buf);
	CHECK(buf.data == NULL);
}

TEST(has_exactly_what_is_needed_where_it_has_nothing)
{
	struct sse_buf buf;

	sse_buf_init(&buf, 100000);
	CHECK_EQUAL_INT(sse_buf_reserve_exactly(&buf, 100001), -ENOBUFS);
	CHECK_EQUAL_INT(sse_buf_reserve_exactly(&buf, 5000), 0);
	CHECK_EQUAL_INT(buf.capacity, 5000);
	buf.size = 5000;
	CHECK_EQUAL_INT(sse_buf_reserve_exactly(&buf, 1), 0);
	CHECK_EQUAL_INT(buf.capacity, 10000);
	sse_buf_done(&buf);
}

TEST(grows_in_few_steps_also_near_its_limit)
{
	struct sse_buf buf;
	size_t capacity = 0;
	int steps = 0;

	sse_buf_init(&buf, 100000);
	for (int i = 0; i < 100000; i++) {
		CHECK_EQUAL_INT(sse_buf_add(&buf, "x", 1), 0);
		steps += buf.capacity != capacity;
		capacity = buf.capacity;
	}
	CHECK(steps <= 10);
	sse_buf_done(&buf);
}

TEST(refuses_more_than_its_limit_and_stays_as_it_was)
{
	struct sse_buf buf;

	sse_buf_init(&buf, 5);
	CHECK_EQUAL_INT(sse_buf_add(&buf, "abc", 3), 0);
	CHECK_EQUAL_INT(sse_buf_add(&buf, "def", 3), -ENOBUFS);
	CHECK_EQUAL_INT(sse_buf_reserve(&buf, SIZE_MAX), -ENOBUFS);
	CHECK_EQUAL_TEXT(sse_buf_slice(&buf), SLICE("abc"));
	CHECK_EQUAL_INT(sse_buf_add(&buf, "de", 2), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&buf), SLICE("abcde"));
	sse_buf_done(&buf);
}

TEST(drops_from_the_front)
{
	struct sse_buf buf;

	sse_buf_init(&buf, 100);
	CHECK_EQUAL_INT(sse_buf_add(&buf, "abcdef", 6), 0);
	sse_buf_drop(&buf, 2);
	CHECK_EQUAL_TEXT(sse_buf_slice(&buf), SLICE("cdef"));
	sse_buf_drop(&buf, 4);
	CHECK_EQUAL_TEXT(sse_buf_slice(&buf), SLICE(""));
	sse_buf_done(&buf);
}

TEST(an_empty_buffer_is_no_absent_slice)
{
	struct sse_buf buf;

	sse_buf_init(&buf, 1);
	CHECK_EQUAL_INT(sse_buf_add(&buf, NULL, 0), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&buf), SLICE(""));
	sse_buf_done(&buf);
}
