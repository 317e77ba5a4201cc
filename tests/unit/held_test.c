/*
 * held_test.c - a record without memory: held for a while, and then given up.
 */
#include "config.h"

#include "test.h"

#include "hand_clock.h"
#include "stream/held.h"

static const struct source_item record = {
    .kind = SOURCE_RECORD, .record = {.end = 7}};

TEST(a_record_is_held_until_its_time_is_over)
{
	struct held held = {.clock = &hand_clock};

	CHECK(held_keep(&held, &record));
	CHECK(held.is_set);
	CHECK_EQUAL_INT(held.item.record.end, 7);
	now_ms += HELD_WAIT_MS - 1;
	CHECK(held_keep(&held, &held.item));
	now_ms++;
	CHECK(!held_keep(&held, &held.item));
	CHECK(!held.is_set);
}

TEST(the_next_one_has_a_time_of_its_own)
{
	struct held held = {.clock = &hand_clock};

	CHECK(held_keep(&held, &record));
	now_ms += HELD_WAIT_MS - 1;
	held.is_set = false;
	CHECK(held_keep(&held, &record));
	now_ms++;
	CHECK(held_keep(&held, &held.item));
}
