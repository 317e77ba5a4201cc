#include "test.h"

#include <stdint.h>

#include "descriptors.h"

TEST(a_limit_is_enough_or_says_what_would_be)
{
	static const struct {
		struct descriptors_wanted wanted;
		size_t needed;
	} cases[] = {
	    /* kept: 16, what is open, and 23; and an eighth of the limit */
	    {{10, 23, 64, 0}, 58},
	    {{10, 23, 1, 1}, 58},
	    {{21, 23, 64, 0}, 70},
	    {{12, 23, 64, 0}, 60},
	    {{10, 23, 64, 64}, 130},
	    {{10, 23, 64, 174}, 255},
	    /* ..., or 32 */
	    {{10, 23, 64, 175}, 257},
	    {{10, 23, 64, 10000}, 10082},
	    {{1099, 23, 1024, 10000}, 11171},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct descriptors_wanted *wanted = &cases[i].wanted;
		struct descriptors_share share = {0, 0, 0};

		CHECK_EQUAL_INT(descriptors_needed(wanted), cases[i].needed);
		CHECK(!descriptors_share(cases[i].needed - 1, wanted, &share));
		CHECK_EQUAL_INT(share.readers, 0);
		CHECK(descriptors_share(cases[i].needed, wanted, &share));
		CHECK_EQUAL_INT(share.readers, 1);
		CHECK_EQUAL_INT(
		    share.clients, wanted->clients > 0 ? wanted->clients : 1);
	}
}

TEST(a_limit_is_shared_out)
{
	static const struct {
		size_t limit;
		struct descriptors_wanted wanted;
		struct descriptors_share share;
	} cases[] = {
	    /* Few: fewer clients, and fewer readers at once. */
	    {64, {10, 23, 64, 0}, {6, 8, 1}},
	    {128, {10, 23, 64, 0}, {62, 16, 1}},
	    {128, {10, 23, 1, 0}, {62, 16, 1}},
	    {128, {10, 23, 64, 12}, {12, 16, 26}},
	    {128, {10, 23, 64, 59}, {59, 16, 2}},
	    {160, {10, 23, 64, 0}, {84, 20, 4}},
	    {256, {10, 23, 64, 0}, {147, 32, 14}},
	    {1024, {10, 23, 64, 0}, {816, 32, 64}},
	    {1024, {10, 23, 64, 937}, {937, 32, 3}},
	    {1024, {549, 23, 64, 0}, {319, 32, 43}},
	    /* Many: what was said, and what is usual. */
	    {16384, {10, 23, 64, 0}, {10000, 32, 64}},
	    {16384, {10, 23, 1024, 0}, {10000, 32, 1024}},
	    {16384, {5499, 23, 64, 0}, {10000, 32, 64}},
	    {65536, {10, 23, 64, 20000}, {20000, 32, 64}},
	    {SIZE_MAX, {10, 23, 64, 0}, {10000, 32, 64}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct descriptors_share share = {0, 0, 0};

		CHECK(descriptors_share(
		    cases[i].limit, &cases[i].wanted, &share));
		CHECK_EQUAL_INT(share.clients, cases[i].share.clients);
		CHECK_EQUAL_INT(share.spare, cases[i].share.spare);
		CHECK_EQUAL_INT(share.readers, cases[i].share.readers);
	}
}

/* Each source is open, and one of them at once searches. */
TEST(sources_are_added_up_and_one_search_is_kept)
{
	struct descriptors_wanted wanted = {.readers = 1};

	descriptors_want(&wanted, (struct source_descriptors){11, 23});
	descriptors_want(&wanted, (struct source_descriptors){1, 0});
	descriptors_want(&wanted, (struct source_descriptors){13, 20});
	CHECK_EQUAL_INT(wanted.open, 25);
	CHECK_EQUAL_INT(wanted.search, 23);
}

TEST(nothing_is_promised_twice)
{
	for (size_t limit = 1; limit < 3000; limit++)
		for (size_t open = 12; open < 480; open += 156) {
			const struct descriptors_wanted wanted = {
			    open, 23, 64, 0};
			struct descriptors_share share;

			if (!descriptors_share(limit, &wanted, &share))
				continue;
			CHECK(share.clients > 0);
			CHECK(DESCRIPTORS_FIXED + open + 23 + share.clients +
				  share.spare +
				  (share.readers - 1) * DESCRIPTORS_READER <=
			      limit);
		}
}
