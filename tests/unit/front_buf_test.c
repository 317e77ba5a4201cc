#include "config.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "record/front_buf.h"

static void
put_before(struct front_buf *buf, const char *text)
{
	size_t size = strlen(text);

	CHECK_EQUAL_INT(front_buf_reserve(buf, size), 0);
	memcpy(front_buf_room(buf, size), text, size);
	front_buf_grow(buf, size);
}

TEST(what_comes_stands_before_what_was_there)
{
	struct front_buf buf = {.block = NULL};

	CHECK_EQUAL_INT(front_buf_slice(&buf).size, 0);
	put_before(&buf, "third");
	put_before(&buf, "second ");
	put_before(&buf, "");
	put_before(&buf, "first ");
	CHECK_EQUAL_TEXT(front_buf_slice(&buf), SLICE("first second third"));
	front_buf_done(&buf);
	CHECK_EQUAL_INT(front_buf_slice(&buf).size, 0);
}

TEST(the_end_can_be_cut)
{
	struct front_buf buf = {.block = NULL};

	put_before(&buf, "abc");
	front_buf_cut(&buf, 2);
	CHECK_EQUAL_TEXT(front_buf_slice(&buf), SLICE("ab"));
	front_buf_cut(&buf, 0);
	CHECK_EQUAL_TEXT(front_buf_slice(&buf), SLICE(""));
	put_before(&buf, "x");
	CHECK_EQUAL_TEXT(front_buf_slice(&buf), SLICE("x"));
	front_buf_done(&buf);
}

/* Room that is not used is none of the bytes. */
TEST(room_is_made_in_any_sizes)
{
	struct front_buf buf = {.block = NULL};
	char want[5000];
	size_t size = 0;

	for (size_t i = 1; size < sizeof(want) - 100; i++) {
		char piece[100];
		size_t more = i * 7 % 90;

		memset(piece, (char)('a' + i % 26), sizeof(piece));
		memmove(want + more, want, size);
		memcpy(want, piece, more);
		size += more;
		CHECK_EQUAL_INT(front_buf_reserve(&buf, more + i % 3), 0);
		memcpy(front_buf_room(&buf, more), piece, more);
		front_buf_grow(&buf, more);
		CHECK_EQUAL_TEXT(
		    front_buf_slice(&buf), ((struct sse_slice){want, size}));
	}
	CHECK(buf.capacity <= 4 * sizeof(want));
	front_buf_done(&buf);
}

/* What is cut off makes room for what comes before: no more memory is taken. */
TEST(what_is_given_makes_room)
{
	struct front_buf buf = {.block = NULL};

	for (int i = 0; i < 1000; i++) {
		put_before(&buf, "0123456789");
		front_buf_cut(&buf, 5);
	}
	CHECK(buf.capacity <= 10000);
	front_buf_cut(&buf, 0);
	for (int i = 0; i < 1000; i++) {
		size_t capacity = buf.capacity;

		put_before(&buf, "0123456789");
		front_buf_cut(&buf, 0);
		CHECK_EQUAL_INT(buf.capacity, capacity);
	}
	front_buf_done(&buf);
}
