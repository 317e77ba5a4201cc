#include "test.h"

#include <errno.h>
#include <string.h>

#include "source/position.h"
#include "random.h"

static void
check_both_ways(const struct sse_position *position, const char *want)
{
	char text[SSE_POSITION_SIZE_MAX];
	size_t size = sse_position_format(position, text);
	struct sse_slice slice = {text, size};
	struct sse_position got;

	if (want != NULL)
		CHECK_EQUAL_TEXT(slice, sse_slice(want));
	slice.data = test_guarded(text, size);
	CHECK_EQUAL_INT(sse_position_parse(slice, &got), 0);
	CHECK(got.stamp_ms == position->stamp_ms);
	CHECK(got.file == position->file);
	CHECK(got.offset == position->offset);
	CHECK(got.check == position->check);
	CHECK(got.epoch == position->epoch);
}

TEST(written_and_read)
{
	const struct sse_position zero = {0};
	const struct sse_position some = {
	    1763683200000, 0x123456789abc, 4096, 0x0edcba9876543210, 0};
	const struct sse_position most = {
	    INT64_MAX, (1ULL << 48) - 1, INT64_MAX, (1ULL << 60) - 1, 0};

	check_both_ways(&zero, "0.AAAAAAAA-0-AAAAAAAAAA");
	check_both_ways(&some, "mi83fuo0.EjRWeJq8-4096-7cuph2VDIQ");
	check_both_ways(
	    &most, "1y2p0ij32e8e7.________-9223372036854775807-__________");
}

TEST(dashes_inside_a_part_are_digits)
{
	const struct sse_position position = {
	    35, 0xfbefbefbefbe, 9, 0x0fbefbefbefbefbe, 0};

	check_both_ways(&position, "z.---------9-----------");
}

TEST(random_positions)
{
	struct random random = {7};

	for (int i = 0; i < 2000; i++) {
		struct sse_position position = {
		    random_next(&random) >> (1 + random_below(&random, 63)),
		    random_next(&random) >> (16 + random_below(&random, 48)),
		    random_next(&random) >> (1 + random_below(&random, 63)),
		    random_next(&random) >> (4 + random_below(&random, 60)), 0};

		check_both_ways(&position, NULL);
	}
}

static void
check_text(struct sse_position_text *kept, const struct sse_position *position)
{
	char want[SSE_POSITION_SIZE_MAX];
	size_t size = sse_position_format(position, want);

	CHECK_EQUAL_TEXT(sse_position_text(kept, position),
	    ((struct sse_slice){want, size}));
}

/* Whatever was kept from the id before, and whatever has changed since. */
TEST(a_kept_text_is_what_is_written_anew)
{
	static const uint64_t offsets[] = {0, 1, 9, 99, 999, 9999, 10000, 10001,
	    19999, 20000, 10099, 12345, 99999, 100000, 999999, 1000000, 9999,
	    4294967295, 4294967296, INT64_MAX - 1, INT64_MAX, 10000};
	struct sse_position_text kept = {.front_size = 0};
	struct sse_position position = {0};

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		/* Like the volatile one in all but what makes it so. */
		check_text(&kept, &(struct sse_position){.offset = offsets[i]});
		check_text(&kept,
		    &(struct sse_position){.epoch = 7, .offset = offsets[i]});
		position.offset = offsets[i];
		check_text(&kept, &position);
		position.check = offsets[i] * 31 & 0xfffff;
		check_text(&kept, &position);
		position.file++;
		check_text(&kept, &position);
		position.stamp_ms += 1000;
		check_text(&kept, &position);
		check_text(&kept,
		    &(struct sse_position){.epoch = 7, .offset = offsets[i]});
		check_text(&kept, &position);
	}
}

TEST(a_kept_text_follows_a_walk)
{
	struct sse_position_text kept = {.front_size = 0};
	struct random random = {11};
	struct sse_position position = {.file = 5};

	for (int i = 0; i < 20000; i++) {
		position.offset += random_below(&random, 300);
		position.check = random_next(&random) >> 4;
		if (random_below(&random, 1000) == 0)
			position.stamp_ms = random_next(&random) >> 20;
		if (random_below(&random, 1000) == 0)
			position.offset = random_next(&random) >> 20;
		check_text(&kept, &position);
	}
}

static int
parse(const char *text)
{
	struct sse_position position = {1, 2, 3, 4, 0};
	size_t size = strlen(text);
	struct sse_slice slice = {test_guarded(text, size), size};
	int error = sse_position_parse(slice, &position);

	if (error != 0)
		CHECK(position.stamp_ms == 1 && position.file == 2 &&
		      position.offset == 3 && position.check == 4);
	return error;
}

TEST(everything_else_is_refused)
{
	static const char *const bad[] = {
	    "",
	    "0",
	    "0.",
	    ".AAAAAAAA-0-AAAAAAAAAA",
	    "0.AAAAAAA-0-AAAAAAAAAA",
	    "0.AAAAAAAAA-0-AAAAAAAAAA",
	    "0.AAAAAAAA--AAAAAAAAAA",
	    "0.AAAAAAAA-0-AAAAAAAAA",
	    "0.AAAAAAAA-0-AAAAAAAAAAA",
	    "0.AAAAAAAA-0-AAAAAAAAA=",
	    "0.AAAAAAAA-0-AAAAAAAAA+",
	    "0.AAAAAAAA-0-AAAAAAAAA/",
	    "0.AAAAAAAA-0AAAAAAAAAA",
	    "00.AAAAAAAA-0-AAAAAAAAAA",
	    "0a.AAAAAAAA-0-AAAAAAAAAA",
	    "A.AAAAAAAA-0-AAAAAAAAAA",
	    "-1.AAAAAAAA-0-AAAAAAAAAA",
	    "+1.AAAAAAAA-0-AAAAAAAAAA",
	    " 0.AAAAAAAA-0-AAAAAAAAAA",
	    "0.AAAAAAAA-0-AAAAAAAAAA ",
	    "0.AAAAAAAA-0-AAAAAAAAAA\n",
	    "0.AAAAAAAA-00-AAAAAAAAAA",
	    "0.AAAAAAAA-01-AAAAAAAAAA",
	    "0.AAAAAAAA-1a-AAAAAAAAAA",
	    "0.AAAAAAAA-0x1-AAAAAAAAAA",
	    "0.AAAAAAAA-9223372036854775808-AAAAAAAAAA",
	    "0.AAAAAAAA-99999999999999999999999-AAAAAAAAAA",
	    "0.AAAAAAAA-18446744073709551616-AAAAAAAAAA",
	    "1y2p0ij32e8e8.AAAAAAAA-0-AAAAAAAAAA",
	    "zzzzzzzzzzzzzzzzzzzzzzz.AAAAAAAA-0-AAAAAAAAAA",
	    "0.AAA\xc3\xa9zAA-0-AAAAAAAAAA",
	    "../../../../etc/passwd",
	    "end",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (parse(bad[i]) != -EBADMSG)
			test_fail(__FILE__, __LINE__, "read: %s", bad[i]);
	CHECK_EQUAL_INT(parse("0.AAAAAAAA-0-AAAAAAAAAA"), 0);
	CHECK_EQUAL_INT(sse_position_parse(SLICE("0.AAAAAAAA-0-AAAAAAAAAA\0"),
			    &(struct sse_position){0}),
	    -EBADMSG);
	CHECK_EQUAL_INT(
	    sse_position_parse(sse_slice(NULL), &(struct sse_position){0}),
	    -EBADMSG);
}

/* What is read is written back the same, so there is one form of each. */
TEST(each_changed_byte_is_refused_or_another_position)
{
	const char *text = "mi83fuo0.EjRWeJq8-4096-7cuph2VDIQ";
	char changed[SSE_POSITION_SIZE_MAX], back[SSE_POSITION_SIZE_MAX];
	struct sse_position position;
	size_t size = strlen(text);

	for (size_t at = 0; at < size; at++)
		for (int byte = 0; byte < 256; byte++) {
			struct sse_slice slice = {changed, size};

			memcpy(changed, text, size);
			changed[at] = (char)byte;
			if (sse_position_parse(slice, &position) != 0)
				continue;
			CHECK_EQUAL_INT(
			    sse_position_format(&position, back), size);
			CHECK(memcmp(back, changed, size) == 0);
		}
}

TEST(a_volatile_position_has_an_epoch_and_a_number)
{
	const struct sse_position first = {.epoch = 1};
	const struct sse_position last = {.epoch = (UINT64_C(1) << 60) - 1,
	    .offset = SSE_POSITION_OFFSET_MAX};

	check_both_ways(&first, "AAAAAAAAAB-0");
	check_both_ways(&last, "__________-9223372036854775807");
}

TEST(what_is_no_volatile_position_is_refused)
{
	static const char *const texts[] = {"AAAAAAAAAA-0", "AAAAAAAAAB-",
	    "AAAAAAAAAB", "AAAAAAAAAB-00", "AAAAAAAAAB-+1", "AAAAAAAAAB--1",
	    "AAAAAAAAB-0", "AAAAAAAAAAB-0", "AAAAAAAA+B-0", "AAAAAAAAAB-0 ",
	    "AAAAAAAAAB-9223372036854775808", "end"};
	struct sse_position position;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (sse_position_parse(sse_slice(texts[i]), &position) == 0)
			test_fail(__FILE__, __LINE__, "%s", texts[i]);
}
