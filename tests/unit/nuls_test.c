/*
 * nuls_test.c - runs of NUL bytes.
 */
#include "config.h"

#include "record/nuls.h"

#include "test.h"

TEST(runs_at_both_ends)
{
	const struct {
		struct sse_slice text;
		size_t before, behind;
	} cases[] = {
	    {SLICE(""), 0, 0},
	    {SLICE("a"), 0, 0},
	    {SLICE("\0"), 1, 1},
	    {SLICE("\0\0\0"), 3, 3},
	    {SLICE("\0a"), 1, 0},
	    {SLICE("a\0"), 0, 1},
	    {SLICE("\0\0a\0b\0\0\0"), 2, 3},
	    {SLICE("aa\0aa"), 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_EQUAL_INT(nuls_before(cases[i].text), cases[i].before);
		CHECK_EQUAL_INT(nuls_behind(cases[i].text), cases[i].behind);
	}
}
