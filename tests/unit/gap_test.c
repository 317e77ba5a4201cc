/*
 * Gaps that wait to be told, and what is said of them.
 */
#include "config.h"

#include "test.h"

#include "source/gap.h"

TEST(gaps_are_told_in_their_order_and_each_reason_once)
{
	struct gap_queue queue = {0};
	struct gap gap;

	gap_queue_add(&queue, GAP_LATE, 7);
	gap_queue_add(&queue, GAP_NONE, 1);
	gap_queue_add(&queue, GAP_ROTATED, SOURCE_SKIPPED_UNKNOWN);
	gap_queue_add(&queue, GAP_LATE, 8);
	CHECK(gap_queue_take(&queue, &gap));
	CHECK_EQUAL_INT(gap.reason, GAP_LATE);
	CHECK_EQUAL_INT(gap.skipped, 7);
	CHECK(gap_queue_take(&queue, &gap));
	CHECK_EQUAL_INT(gap.reason, GAP_ROTATED);
	CHECK(!gap_queue_take(&queue, &gap));
}

TEST(what_was_told_may_be_told_again)
{
	struct gap_queue queue = {0};
	struct gap gap;

	for (uint64_t i = 0; i < 3; i++) {
		gap_queue_add(&queue, GAP_LATE, i);
		CHECK(gap_queue_take(&queue, &gap));
		CHECK_EQUAL_INT(gap.skipped, i);
	}
}

TEST(all_reasons_have_a_place)
{
	struct gap_queue queue = {0};
	struct gap gap;

	for (int again = 0; again < 2; again++)
		for (int reason = 0; reason < GAP_REASONS; reason++)
			gap_queue_add(&queue, (enum gap_reason)reason, 0);
	for (int reason = GAP_NONE + 1; reason < GAP_REASONS; reason++) {
		CHECK(gap_queue_take(&queue, &gap));
		CHECK_EQUAL_INT(gap.reason, reason);
	}
	CHECK(!gap_queue_take(&queue, &gap));
	gap_queue_add(&queue, GAP_LIMIT, 0);
	gap_queue_clear(&queue);
	CHECK(!gap_queue_take(&queue, &gap));
}

TEST(a_comment_is_on_the_first_gap_and_on_no_other)
{
	struct gap_queue queue = {.comment = "why"};
	struct gap gap;

	CHECK(!gap_queue_take(&queue, &gap));
	gap_queue_add(&queue, GAP_LIMIT, 0);
	gap_queue_clear(&queue);
	gap_queue_add(&queue, GAP_LATE, 1);
	gap_queue_add(&queue, GAP_ROTATED, 2);
	CHECK(gap_queue_take(&queue, &gap));
	CHECK_EQUAL_TEXT(sse_slice(gap.comment), SLICE("why"));
	CHECK(gap_queue_take(&queue, &gap));
	CHECK(gap.comment == NULL);
}

TEST(what_is_moved_waits_behind_what_waits_already)
{
	struct gap_queue queue = {.comment = "ours"}, other = {.count = 0};
	struct gap gap;

	gap_queue_add(&queue, GAP_LATE, 1);
	gap_queue_add(&other, GAP_LATE, 2);
	gap_queue_add(&other, GAP_LIMIT, 3);
	gap_queue_move(&queue, &other);
	CHECK(gap_queue_is_empty(&other));
	CHECK_EQUAL_TEXT(sse_slice(queue.comment), SLICE("ours"));
	other.comment = "theirs";
	gap_queue_move(&queue, &other);
	CHECK(other.comment == NULL);
	CHECK(gap_queue_take(&queue, &gap));
	CHECK_EQUAL_INT(gap.skipped, 1);
	CHECK_EQUAL_TEXT(sse_slice(gap.comment), SLICE("theirs"));
	CHECK(gap_queue_take(&queue, &gap));
	CHECK_EQUAL_INT(gap.skipped, 3);
	CHECK(!gap_queue_take(&queue, &gap));
}

TEST(a_gap_is_told_with_its_reason_its_size_and_its_unit)
{
	static const struct {
		enum gap_reason reason;
		uint64_t skipped;
		const char *unit;
		const char *want;
	} table[] = {
	    {GAP_ROTATED, SOURCE_SKIPPED_UNKNOWN, "bytes",
		"{\"reason\":\"rotated\",\"skipped\":null,\"unit\":\"bytes\"}"},
	    {GAP_TRUNCATED, 0, "bytes",
		"{\"reason\":\"truncated\",\"skipped\":0,\"unit\":\"bytes\"}"},
	    {GAP_LATE, UINT64_MAX - 1, "records",
		"{\"reason\":\"late\",\"skipped\":18446744073709551614,"
		"\"unit\":\"records\"}"},
	    {GAP_LIMIT, 12, "bytes",
		"{\"reason\":\"limit\",\"skipped\":12,\"unit\":\"bytes\"}"},
	    {GAP_OVERRUN, 1, "records",
		"{\"reason\":\"overrun\",\"skipped\":1,\"unit\":\"records\"}"},
	    {GAP_UNKNOWN, 1, "bytes",
		"{\"reason\":\"unknown\",\"skipped\":1,\"unit\":\"bytes\"}"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char text[GAP_TEXT_SIZE_MAX];

		CHECK_EQUAL_TEXT(gap_data(text, table[i].reason,
				     table[i].skipped, table[i].unit),
		    sse_slice(table[i].want));
	}
}
