#include "test.h"

#include "hand_clock.h"
#include "stream/unsent.h"

static const struct source_position position = {{7}};

TEST(there_is_nothing_to_tell_at_first)
{
	struct unsent unsent;

	unsent_init(&unsent, &hand_clock, 1000);
	now_ms += 5000;
	CHECK_EQUAL_INT(unsent_left_ms(&unsent), INT64_MAX);
}

TEST(a_position_is_told_a_while_after_the_last_event)
{
	struct unsent unsent;

	unsent_init(&unsent, &hand_clock, 1000);
	now_ms += 300;
	unsent_move(&unsent, &position);
	CHECK_EQUAL_INT(unsent_left_ms(&unsent), 700);
	/* An event without an id does not know of it. */
	unsent_tell(&unsent, false);
	CHECK_EQUAL_INT(unsent_left_ms(&unsent), 1000);
	now_ms += 1000;
	CHECK_EQUAL_INT(unsent_left_ms(&unsent), 0);
	CHECK_EQUAL_INT(unsent.position.words[0], 7);
	unsent_tell(&unsent, true);
	CHECK_EQUAL_INT(unsent_left_ms(&unsent), INT64_MAX);
}

TEST(it_can_be_hurried)
{
	struct unsent unsent;

	unsent_init(&unsent, &hand_clock, 1000);
	unsent_move(&unsent, &position);
	unsent_hurry(&unsent);
	CHECK_EQUAL_INT(unsent_left_ms(&unsent), 0);
}
