#include "test.h"

#include <stdint.h>

#include "descriptors.h"

TEST(a_limit_is_enough_or_says_what_would_be)
{
	static const struct {
		struct descriptors_wanted wanted;
		size_t needed;
	} cases[] = {
	    /* kept: 16 + 23 + 10 a stream, 1 a folder; and an eighth of the
	       limit */
	    {{1, 1, 64, 0}, 58},
	    {{1, 1, 1, 1}, 58},
	    {{2, 2, 64, 0}, 70},
	    {{1, 3, 64, 0}, 60},
	    {{1, 1, 64, 64}, 130},
	    {{1, 1, 64, 174}, 255},
	    /* ..., or 32 */
	    {{1, 1, 64, 175}, 257},
	    {{1, 1, 64, 10000}, 10082},
	    {{100, 100, 1024, 10000}, 11171},
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
	    {64, {1, 1, 64, 0}, {6, 8, 1}},
	    {128, {1, 1, 64, 0}, {62, 16, 1}},
	    {128, {1, 1, 1, 0}, {62, 16, 1}},
	    {128, {1, 1, 64, 12}, {12, 16, 26}},
	    {128, {1, 1, 64, 59}, {59, 16, 2}},
	    {160, {1, 1, 64, 0}, {84, 20, 4}},
	    {256, {1, 1, 64, 0}, {147, 32, 14}},
	    {1024, {1, 1, 64, 0}, {816, 32, 64}},
	    {1024, {1, 1, 64, 937}, {937, 32, 3}},
	    {1024, {50, 50, 64, 0}, {319, 32, 43}},
	    /* Many: what was said, and what is usual. */
	    {16384, {1, 1, 64, 0}, {10000, 32, 64}},
	    {16384, {1, 1, 1024, 0}, {10000, 32, 1024}},
	    {16384, {500, 500, 64, 0}, {10000, 32, 64}},
	    {65536, {1, 1, 64, 20000}, {20000, 32, 64}},
	    {SIZE_MAX, {1, 1, 64, 0}, {10000, 32, 64}},
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

TEST(nothing_is_promised_twice)
{
	for (size_t limit = 1; limit < 3000; limit++)
		for (size_t streams = 1; streams < 40; streams += 13) {
			const struct descriptors_wanted wanted = {
			    streams, 2 * streams, 64, 0};
			struct descriptors_share share;

			if (!descriptors_share(limit, &wanted, &share))
				continue;
			CHECK(share.clients > 0);
			CHECK(DESCRIPTORS_FIXED + streams * DESCRIPTORS_STREAM +
				  2 * streams + DESCRIPTORS_SEARCH +
				  share.clients + share.spare +
				  (share.readers - 1) * DESCRIPTORS_READER <=
			      limit);
		}
}
