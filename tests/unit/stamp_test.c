/*
 * How far the stamp of ids rises: what comes later has to be newer.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>

#include "fake_chain.h"
#include "source/stamp.h"

/* Two files of these modification times were read, of a scan from 100 on. */
struct stamp_case {
	int64_t first_ms, second_ms;
	bool first_at_end, second_at_end;
	uint64_t before, want;
};

static const struct stamp_case cases[] = {
    /* to the newest that was seen as a whole */
    {10, 20, true, true, 0, 20},
    {20, 10, true, true, 0, 20},
    /* never back */
    {10, 20, true, true, 50, 50},
    /* not over the beginning of the scan */
    {10, 100, true, true, 0, 99},
    {10, 200, true, true, 0, 99},
    {99, 100, true, true, 0, 99},
    /* not over what is unread, which is not unseen as a whole */
    {10, 20, false, true, 0, 9},
    {10, 20, true, false, 0, 19},
    {20, 10, true, false, 0, 9},
    {10, 20, false, true, 15, 15},
};

TEST(the_stamp_rises_over_what_was_read_and_no_further)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct stamp_case *one = &cases[i];
		struct fake_set fake;

		printf("# case %zu\n", i);
		fake_chain_init(&fake, "aB", "");
		fake.files[0].mtime_ms = one->first_ms;
		fake.files[1].mtime_ms = one->second_ms;
		fake.files[0].at_end = one->first_at_end;
		fake.files[1].at_end = one->second_at_end;
		fake.set.stamp_ms = one->before;
		stamp_raise(&fake.set, 2, 100);
		CHECK_EQUAL_INT(fake.set.stamp_ms, one->want);
	}
}

TEST(what_a_copy_has_too_holds_nothing_back)
{
	struct fake_set fake;

	fake_chain_init(&fake, "Ab", "");
	fake.files[0].mtime_ms = 10;
	fake.files[0].continued = true;
	fake.files[1].mtime_ms = 20;
	fake.files[1].at_end = true;
	stamp_raise(&fake.set, 2, 100);
	CHECK_EQUAL_INT(fake.set.stamp_ms, 20);
}

TEST(files_that_are_passed_over_count_as_far_as_they_were_at_rest)
{
	struct fake_set fake;

	fake_chain_init(&fake, "abcD", "");
	fake.files[0].stat.mtime_ms = 30;
	fake.files[1].stat.mtime_ms = 100;
	fake.files[2].stat.mtime_ms = 20;
	fake.files[3].stat.mtime_ms = 40;
	stamp_pass_over(&fake.set, 100);
	CHECK_EQUAL_INT(fake.set.stamp_ms, 30);
}
