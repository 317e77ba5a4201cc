/*
 * Structs of programs that were compiled with an older release, or a newer one.
 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "sized.h"

#define OWN_SIZE 8 /* bytes of the struct, as this release has it */
#define MOST_SIZE 16

static const char given[MOST_SIZE] = "abcdefgh";

/* Guarded: not one byte more than the program has given is looked at. */
TEST(what_an_older_program_lacks_is_zero)
{
	for (size_t size = 0; size < OWN_SIZE; size++) {
		const char *old = test_guarded(given, size);
		char own[OWN_SIZE], want[OWN_SIZE] = "";

		memset(own, 'x', sizeof(own));
		memcpy(want, given, size);
		CHECK(sse_sized_get(old, size, own, sizeof(own)) == own);
		CHECK(memcmp(own, want, sizeof(want)) == 0);
	}
}

TEST(what_fits_is_taken_where_it_is)
{
	const char *same = test_guarded(given, OWN_SIZE);
	char own[OWN_SIZE] = "unused";

	CHECK(sse_sized_get(same, OWN_SIZE, own, sizeof(own)) == same);
	CHECK(sse_sized_copy(same, OWN_SIZE, own, sizeof(own)) == same);
	CHECK(strcmp(own, "unused") == 0);
}

TEST(a_newer_program_may_leave_zero_what_is_not_known_here)
{
	for (size_t size = OWN_SIZE; size <= MOST_SIZE; size++) {
		const char *newer = test_guarded(given, size);
		char own[OWN_SIZE];

		CHECK(sse_sized_get(newer, size, own, sizeof(own)) == newer);
	}
}

TEST(a_newer_program_may_not_want_what_is_not_known_here)
{
	for (size_t at = OWN_SIZE; at < MOST_SIZE; at++) {
		char newer[MOST_SIZE], own[OWN_SIZE];
		const void *got;

		memcpy(newer, given, sizeof(newer));
		newer[at] = 1;
		got = sse_sized_get(newer, sizeof(newer), own, sizeof(own));
		CHECK(got == NULL);
		CHECK_EQUAL_INT(sse_sized_error(newer), -E2BIG);
	}
}

TEST(nothing_given_is_an_error_whatever_its_size_is)
{
	for (size_t size = 0; size <= MOST_SIZE; size++) {
		char own[OWN_SIZE];

		CHECK(sse_sized_get(NULL, size, own, sizeof(own)) == NULL);
	}
	CHECK_EQUAL_INT(sse_sized_error(NULL), -EINVAL);
}

/* Not a byte more is written than the program has. */
TEST(a_program_gets_what_it_has_room_for)
{
	for (size_t size = 0; size <= MOST_SIZE; size++) {
		char room[MOST_SIZE + 1], want[MOST_SIZE + 1] = "";

		memset(room, 'x', sizeof(room));
		memcpy(want, given, OWN_SIZE);
		memset(want + size, 'x', sizeof(want) - size);
		sse_sized_put(room, size, given, OWN_SIZE);
		CHECK(memcmp(room, want, sizeof(want)) == 0);
	}
}

TEST(a_program_may_want_nothing)
{
	sse_sized_put(NULL, MOST_SIZE, given, OWN_SIZE);
}
