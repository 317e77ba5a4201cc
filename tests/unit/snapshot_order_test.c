/*
 * snapshot_order_test.c - the order of a log's generations.
 */
#include "config.h"

#include "test.h"

#include "fake_search.h"
#include "source/snapshot_order.h"

/* Told in the order of their numbers, the greatest first; the order in text. */
static void
order(const char *told, char *text)
{
	struct fake_search fake;

	fake_search_init(&fake, told);
	for (size_t i = 0; i < fake.search.snapshot.count; i++)
		fake.candidates[i].stat.mode = 0100644;
	snapshot_order(&fake.search.snapshot);
	for (size_t i = 0; i < fake.search.snapshot.count; i++)
		*text++ = (char)fake.candidates[i].stat.inode;
	*text = '\0';
	fake_search_done(&fake);
}

#define CHECK_ORDER(told, want)                                \
	do {                                                   \
		char got[FAKE_CANDIDATES_MAX + 1];             \
                                                               \
		order(told, got);                              \
		CHECK_EQUAL_TEXT(sse_slice(got), SLICE(want)); \
	} while (0)

TEST(a_greater_number_is_older)
{
	CHECK_ORDER("a1000:2000 b3000:4000 C5000:6000", "abc");
	CHECK_ORDER("a1000:2000 B5000:6000", "ab");
	/* A writer that is stuck on the oldest, or a copy of it. */
	CHECK_ORDER("a1000:9000 b3000:4000 C5000:6000", "abc");
	CHECK_ORDER("a4500:2000 b3000:4000 C5000:6000", "abc");
	CHECK_ORDER("a7500:9500 b1000:2000 C7000:8000", "abc");
	/* They were made at once, or the log before them. */
	CHECK_ORDER("a3000:3999 b1000:2000 C5000:6000", "abc");
	CHECK_ORDER("a3000:4000 b1000:1999 C5000:6000", "abc");
	CHECK_ORDER("a3000:4000 b1000:2000 C500:6000", "abc");
	/* Nobody knows when they were born. */
	CHECK_ORDER("a-:4000 b-:2000 C-:6000", "abc");
}

TEST(but_not_where_all_came_in_the_order_of_their_numbers)
{
	CHECK_ORDER("a3000:4000 b1000:2000 C5000:6000", "bac");
	CHECK_ORDER("a3000:4000 b1000:2000", "ba");
	CHECK_ORDER("a5000:6000 b3000:4000 c1000:2000 D7000:8000", "cbad");
	CHECK_ORDER("a5000:6000 b1000:4000 c3000:4000 D7000:8000", "abcd");
	CHECK_ORDER("a5000:6000 b9500:4000z c1000:2000 D7000:8000", "cbad");
	CHECK_ORDER("a9500:4000z b1000:2000 C7000:8000", "abc");
}
