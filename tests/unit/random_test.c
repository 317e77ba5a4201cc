#include "test.h"

/* That of lib/, and not the one beside this file. */
#include <random.h>

#define MANY 1000

/* Two of a thousand that are equal are one chance in 10^13. */
TEST(no_two_numbers_are_equal)
{
	uint64_t seen[MANY];

	for (int i = 0; i < MANY; i++) {
		seen[i] = sse_random();
		for (int j = 0; j < i; j++)
			CHECK(seen[j] != seen[i]);
	}
}

/* All 64 bits: who takes the rest of a division has as good a number. */
TEST(each_bit_is_set_in_some_and_not_in_others)
{
	uint64_t ever = 0, always = UINT64_MAX;

	for (int i = 0; i < MANY; i++) {
		uint64_t number = sse_random();

		ever |= number;
		always &= number;
	}
	CHECK(ever == UINT64_MAX);
	CHECK(always == 0);
}
