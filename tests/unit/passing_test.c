/*
 * passing_test.c - records that are not sent, until it is the turn of others.
 */
#include "config.h"

#include "test.h"

#include "hand_clock.h"
#include "stream/passing.h"

/* Each of so many bytes: how many it takes. */
static size_t
count(size_t size)
{
	struct passing passing = {.size = 0};
	size_t records = 0;

	for (; !passing.is_over; records++)
		passing_add(&passing, &hand_clock, size, true);
	return records;
}

TEST(so_many_bytes_are_passed_over)
{
	CHECK_EQUAL_INT(count(PASSING_SIZE_MAX), 1);
	CHECK_EQUAL_INT(count(PASSING_SIZE_MAX / 2), 2);
	CHECK_EQUAL_INT(
	    count(1024 - PASSING_RECORD_SIZE), PASSING_SIZE_MAX / 1024);
	/* A short one counts as more than it is. */
	CHECK_EQUAL_INT(count(0), PASSING_SIZE_MAX / PASSING_RECORD_SIZE);
}

TEST(so_long_at_most)
{
	struct passing passing = {.size = 0};

	passing_add(&passing, &hand_clock, 1, true);
	CHECK(!passing.is_over);
	now_ms += PASSING_MS - 1;
	passing_add(&passing, &hand_clock, 1, true);
	CHECK(!passing.is_over);
	now_ms++;
	passing_add(&passing, &hand_clock, 1, true);
	CHECK(passing.is_over);
}

TEST(the_time_counts_from_the_first_record_on)
{
	struct passing passing = {.size = 0};

	now_ms += 10 * PASSING_MS;
	passing_add(&passing, &hand_clock, 1, true);
	passing_add(&passing, &hand_clock, 1, true);
	CHECK(!passing.is_over);
}

/* The clock stood still for others, and is read late. */
TEST(quick_searches_share_a_look_at_the_clock)
{
	const size_t size = 1 + PASSING_RECORD_SIZE;
	struct passing passing = {.size = 0};
	size_t records = 1;

	passing_add(&passing, &hand_clock, 1, false);
	now_ms += PASSING_MS;
	for (; !passing.is_over; records++)
		passing_add(&passing, &hand_clock, 1, false);
	CHECK_EQUAL_INT(records, (PASSING_LOOK_SIZE + size - 1) / size);
}

TEST(a_slow_search_is_looked_at_behind_quick_ones)
{
	struct passing passing = {.size = 0};

	passing_add(&passing, &hand_clock, 1, false);
	passing_add(&passing, &hand_clock, 1, false);
	now_ms += PASSING_MS;
	passing_add(&passing, &hand_clock, 1, false);
	CHECK(!passing.is_over);
	passing_add(&passing, &hand_clock, 1, true);
	CHECK(passing.is_over);
}
