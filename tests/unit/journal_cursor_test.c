/*
 * journal_cursor_test.c - the place of an entry, as text and as an id.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "source/journal_cursor.h"

#define S "s=0123456789abcdeffedcba9876543210"
#define B ";b=00000000000000000000000000000001"
#define GOOD S ";i=1f" B ";m=2;t=653;x=abcdef0123456789"

TEST(a_cursor_is_read)
{
	struct journal_cursor cursor;
	char text[JOURNAL_CURSOR_SIZE_MAX];

	CHECK_EQUAL_INT(journal_cursor_read(GOOD, &cursor), 0);
	CHECK(cursor.sequence[0] == 0x0123456789abcdef);
	CHECK(cursor.sequence[1] == 0xfedcba9876543210);
	CHECK_EQUAL_INT(cursor.number, 31);
	CHECK_EQUAL_INT(cursor.monotonic_us, 2);
	CHECK_EQUAL_INT(cursor.time_us, 0x653);
	CHECK(cursor.hash == 0xabcdef0123456789);
	journal_cursor_print(&cursor, text);
	CHECK_EQUAL_TEXT(sse_slice(text), SLICE(S ";i=1f;t=653"));
}

TEST(what_is_another_form_is_none)
{
	static const char *const texts[] = {"", "s=", S, GOOD ";", GOOD " ",
	    " " GOOD, "x" GOOD, S ";i=" B ";m=2;t=653;x=1",
	    S ";i=0" B ";m=2;t=653;x=1",
	    S ";i=1" B ";m=2;t=653;x=", S "0;i=1" B ";m=2;t=653;x=1",
	    S ";i=1;m=2;t=653;x=1", S ";i=1" B ";m=2;t=g;x=1",
	    S ";i=1" B ";m=2;t=653;x=1;y=2", S ";i=1A" B ";m=2;t=653;x=1",
	    S ";i=8000000000000000" B ";m=2;t=1;x=1",
	    S ";i=1" B ";m=2;t=8000000000000000;x=1",
	    S ";i=10000000000000000" B ";m=2;t=1;x=1"};
	struct journal_cursor cursor = {.number = 5};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_EQUAL_INT(
		    journal_cursor_read(texts[i], &cursor), -EBADMSG);
		CHECK_EQUAL_INT(cursor.number, 5);
	}
}

/* Whatever an entry says, its position can be written. */
TEST(a_position_is_in_range)
{
	struct journal_cursor cursor, before;
	struct sse_position position, again;
	char text[SSE_POSITION_SIZE_MAX];
	size_t size;

	CHECK_EQUAL_INT(
	    journal_cursor_read("s=ffffffffffffffff0000000000000000"
				";i=7fffffffffffffff" B
				";m=ffffffffffffffff;t=7fffffffffffffff"
				";x=ffffffffffffffff",
		&cursor),
	    0);
	position = journal_cursor_position(&cursor);
	size = sse_position_format(&position, text);
	CHECK_EQUAL_INT(
	    sse_position_parse((struct sse_slice){text, size}, &again), 0);
	CHECK(journal_cursor_proves(&cursor, &again));
	CHECK(journal_cursor_has_file(&cursor, &again));
	before = journal_cursor_before(&cursor);
	CHECK(journal_cursor_is_after(&cursor, &before));
	CHECK(!journal_cursor_equal(&cursor, &before));
	before.number = 0;
	CHECK_EQUAL_INT(journal_cursor_before(&before).number, 0);
}

TEST(an_entry_is_proven_by_time_and_hash)
{
	struct journal_cursor cursor, other;
	struct sse_position position;

	CHECK_EQUAL_INT(journal_cursor_read(GOOD, &cursor), 0);
	position = journal_cursor_position(&cursor);
	other = cursor;
	other.time_us++;
	CHECK(!journal_cursor_proves(&other, &position));
	other = cursor;
	other.hash ^= UINT64_C(1) << 40;
	CHECK(!journal_cursor_proves(&other, &position));
	/* On another machine. */
	other = cursor;
	other.sequence[0]++;
	other.number = 1;
	CHECK(journal_cursor_proves(&other, &position));
}

TEST(order_is_by_number_and_else_by_time)
{
	struct journal_cursor a, b;

	CHECK_EQUAL_INT(journal_cursor_read(GOOD, &a), 0);
	b = a;
	b.number++;
	b.time_us = 1;
	CHECK(journal_cursor_is_after(&b, &a));
	CHECK(!journal_cursor_is_after(&a, &b));
	CHECK(!journal_cursor_is_after(&a, &a));
	b.sequence[1]++;
	CHECK(journal_cursor_is_after(&a, &b));
}
