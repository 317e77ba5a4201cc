/*
 * How far one may read that will join another reader.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "fake_chain.h"
#include "source/leader.h"

#define ALL UINT64_MAX

/* The files of both, the upper-case letter leads; and which one is read. */
struct limit_case {
	const char *leader, *leader_due;
	const char *reader, *reader_due;
	size_t at;
	uint64_t want; /* the leader is at 7 in each file */
	bool current;  /* the path leads to it */
	bool left;     /* the leader reads a newer one */
};

static const struct limit_case cases[] = {
    /* the same file: as far as the leader */
    {"A", "", "A", "", 0, 7, true, false},
    {"aB", "", "Ab", "", 0, 7, false, true},
    {"aB", "", "aB", "", 1, 7, true, false},
    /* the leader has it no more, and has a newer one: to its end */
    {"B", "", "Ab", "", 0, ALL, false, true},
    {"B", "", "A", "b", 0, ALL, false, true},
    /* it has not come to it */
    {"A", "b", "aB", "", 1, 0, true, false},
    {"A", "", "aB", "", 1, 0, true, false},
    /* it knows neither that one nor a newer one */
    {"", "", "A", "", 0, 0, true, false},
    {"", "", "A", "", 0, ALL, false, false},
    {"X", "", "A", "", 0, ALL, false, false},
    /* open, but not read yet: it has not left the older one */
    {"Ab", "", "Ab", "", 0, 7, false, false},
};

TEST(nobody_reads_what_the_leader_has_not)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct limit_case *one = &cases[i];
		struct fake_set leader, reader;

		printf("# case %zu\n", i);
		fake_chain_init(&leader, one->leader, one->leader_due);
		fake_chain_init(&reader, one->reader, one->reader_due);
		for (size_t j = 0; j < leader.set.count; j++)
			leader.files[j].offset = 7;
		reader.files[one->at].current = one->current;
		CHECK(leader_limit(&leader.set, &reader.set, one->at) ==
		      one->want);
		CHECK_EQUAL_INT(
		    leader_has_left(&leader.set, &reader.set, one->at),
		    one->left);
	}
}

TEST(without_a_leader_there_is_no_limit)
{
	struct fake_set reader;

	fake_chain_init(&reader, "A", "");
	CHECK(leader_limit(NULL, &reader.set, 0) == ALL);
}

/* Its position is the file's beginning until the line has an end. */
TEST(inside_a_line_the_limit_is_what_the_leader_has_read)
{
	struct fake_set leader, reader;

	fake_chain_init(&leader, "A", "");
	fake_chain_init(&reader, "A", "");
	leader.files[0].inside = true;
	leader.files[0].fingerprint.offset = 9;
	CHECK_EQUAL_INT(leader_limit(&leader.set, &reader.set, 0), 9);
}
