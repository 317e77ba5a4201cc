/*
 * Whether a reader has caught up with another one: in every file of theirs.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "fake_chain.h"
#include "source/catch_up.h"

/* Both have read 5 bytes of each file, which were last modified at 10. */
static void
set(struct fake_set *fake, const char *open)
{
	fake_chain_init(fake, open, "");
	for (size_t i = 0; i < fake->set.count; i++) {
		fake->files[i].offset = 5;
		fake->files[i].mtime_ms = 10;
	}
	fake->set.stamp_ms = fake->set.came_ms = 10;
}

TEST(both_must_have_the_same_lead_and_the_same_files_behind_it)
{
	static const struct {
		const char *reader, *leader;
		bool want;
	} table[] = {
	    {"A", "A", true},
	    {"aB", "aB", true},
	    {"A", "B", false},
	    {"aB", "Ab", false},
	    /* behind, the leader's alone, and not newer than the stamp */
	    {"B", "aB", true},
	    /* behind, the reader's alone: the leader has read it before */
	    {"aB", "B", true},
	    /* newer ones are read later by both */
	    {"Ab", "A", true},
	    {"", "", true},
	    {"", "A", false},
	    {"A", "", false},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct fake_set reader, leader;

		printf("# case %zu\n", i);
		set(&reader, table[i].reader);
		set(&leader, table[i].leader);
		CHECK_EQUAL_INT(
		    catch_up_try(&reader.set, &leader.set), table[i].want);
		CHECK_EQUAL_INT(reader.set.gaps.count, 0);
	}
}

/* What one of two readers of "ab" has, and the other has not. */
enum difference {
	LEAD_OFFSET,
	LEAD_CHECK,
	BEHIND_OFFSET,
	OUR_GAP,
	THEIR_GAP,
	OWED_GAP,
	OUR_DOUBT,
	THEIR_DOUBT
};

static void
differ(struct fake_set *reader, struct fake_set *leader,
    enum difference difference)
{
	switch (difference) {
	case LEAD_OFFSET:
		reader->files[1].offset--;
		break;
	case LEAD_CHECK:
		reader->files[1].check++;
		break;
	case BEHIND_OFFSET:
		reader->files[0].offset--;
		break;
	case OUR_GAP:
		log_set_add_gap(&reader->set, GAP_LATE);
		break;
	case THEIR_GAP:
		log_set_add_gap(&leader->set, GAP_LATE);
		break;
	case OWED_GAP:
		reader->files[1].gap = GAP_ROTATED;
		break;
	case OUR_DOUBT:
		reader->files[1].unsure = true;
		break;
	case THEIR_DOUBT:
		leader->files[1].unsure = true;
		break;
	}
}

TEST(any_difference_keeps_them_apart)
{
	for (int i = LEAD_OFFSET; i <= THEIR_DOUBT; i++) {
		struct fake_set reader, leader;

		printf("# difference %d\n", i);
		set(&reader, "aB");
		set(&leader, "aB");
		CHECK(catch_up_try(&reader.set, &leader.set));
		differ(&reader, &leader, (enum difference)i);
		CHECK(!catch_up_try(&reader.set, &leader.set));
	}
}

TEST(a_gap_that_both_owe_is_no_difference)
{
	struct fake_set reader, leader;

	set(&reader, "Ab");
	set(&leader, "Ab");
	reader.files[1].gap = leader.files[1].gap = GAP_ROTATED;
	CHECK(catch_up_try(&reader.set, &leader.set));
}

TEST(what_grew_in_a_file_of_the_leader_alone_is_told_once)
{
	struct fake_set reader, leader;
	struct gap gap;

	set(&reader, "B");
	set(&leader, "aB");
	leader.files[0].mtime_ms = 12;
	CHECK(!catch_up_try(&reader.set, &leader.set));
	CHECK_EQUAL_INT(reader.set.stamp_ms, 12);
	CHECK(gap_queue_take(&reader.set.gaps, &gap));
	CHECK_EQUAL_INT(gap.reason, GAP_LATE);
	CHECK(catch_up_try(&reader.set, &leader.set));
}

/* The stamp has risen since the reader came, with a file that it never met. */
TEST(a_file_that_came_and_went_is_told_unless_it_was_met)
{
	struct fake_set reader, leader;

	set(&reader, "B");
	set(&leader, "aB");
	reader.set.came_ms = 9;
	CHECK(!catch_up_try(&reader.set, &leader.set));
	CHECK_EQUAL_INT(reader.set.gaps.count, 1);

	set(&reader, "B");
	reader.set.came_ms = 9;
	search_remember(
	    &reader.set.known, fingerprint_file(&leader.files[0].stat));
	CHECK(catch_up_try(&reader.set, &leader.set));
}

/*
 * Nothing was read of the lead: only who has looked at one state of it knows.
 */
TEST(at_the_beginning_of_a_file_both_must_have_seen_the_same_of_it)
{
	struct fake_set reader, leader;

	set(&reader, "A");
	set(&leader, "A");
	reader.files[0].offset = leader.files[0].offset = 0;
	CHECK(catch_up_try(&reader.set, &leader.set));
	leader.files[0].size_seen = 3;
	CHECK(!catch_up_try(&reader.set, &leader.set));
	reader.files[0].size_seen = 3;
	CHECK(catch_up_try(&reader.set, &leader.set));
	reader.set.copy = 99;
	CHECK(!catch_up_try(&reader.set, &leader.set));
	search_remember(&leader.set.known, 99);
	CHECK(catch_up_try(&reader.set, &leader.set));
}
