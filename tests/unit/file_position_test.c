/*
 * file_position_test.c - comparing positions of a log.
 */
#include "config.h"

#include "test.h"

#include "source/file_position.h"

static struct source_position
at(uint64_t stamp_ms, uint64_t file, uint64_t offset, uint64_t check)
{
	return sse_position_pack(&(struct sse_position){.stamp_ms = stamp_ms,
	    .file = file,
	    .offset = offset,
	    .check = check});
}

TEST(positions_are_compared_without_a_look_into_them)
{
	const struct source_position none = {{0}};
	const struct source_position here = at(5, 1, 7, 9);
	const struct source_position copy = at(0, 2, 7, 9);
	const struct source_position filled = at(0, 1, 7, 8);
	const struct source_position later = at(6, 1, 8, 9);

	CHECK(!file_position_has_before(&none));
	CHECK(file_position_has_before(&here));
	CHECK(file_position_same_run(&here, &later));
	CHECK(!file_position_same_run(&here, &copy));
	CHECK(file_position_same_place(&here, &filled));
	CHECK(!file_position_same_place(&here, &later));
	CHECK(!file_position_same_place(&here, &copy));
	CHECK(file_position_goes_on(&here, &copy));
	CHECK(!file_position_goes_on(&here, &filled));
	CHECK(!file_position_goes_on(&here, &later));
}

TEST(only_the_stamp_is_renewed_and_only_in_the_same_file)
{
	const struct source_position copy = at(9, 2, 7, 9);
	const struct source_position later = at(6, 1, 8, 9);
	struct source_position position = at(5, 1, 7, 9);
	struct sse_position renewed;

	file_position_renew(&position, &copy);
	CHECK_EQUAL_INT(sse_position_unpack(&position).stamp_ms, 5);
	file_position_renew(&position, &later);
	renewed = sse_position_unpack(&position);
	CHECK_EQUAL_INT(renewed.stamp_ms, 6);
	CHECK_EQUAL_INT(renewed.offset, 7);
}
