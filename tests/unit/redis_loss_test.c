/*
 * redis_loss_test.c - whether anything was lost, by the table of the rule.
 */
#include "config.h"

#include "test.h"

#include "source/redis_loss.h"

#define NULL_COUNT SOURCE_SKIPPED_UNKNOWN

struct look_case {
	struct redis_position position;
	struct redis_look look;
	enum gap_reason reason;
	uint64_t skipped;
	struct redis_position next;
};

/* A place behind the entry 5-0, whose check is 77. */
#define AT(n)                             \
	{                                 \
		{5, 0}, n, 77, true, true \
	}
#define BARE                               \
	{                                  \
		{5, 0}, 0, 0, false, false \
	}
#define BEGIN(n)                          \
	{                                 \
		{0, 0}, n, 0, true, false \
	}
/* The beginning of one that is to come, behind a loss. */
#define APART                                                      \
	{                                                          \
		.has_ordinal = true, .has_check = true, .check = 1 \
	}
#define AT_ID(ms)                           \
	{                                   \
		{ms, 0}, 0, 0, false, false \
	}

/* {exists, has_added, added, length, last, is_present, check} */
#define ABSENT(added, length, last)                            \
	{                                                      \
		true, true, added, length, {last, 0}, false, 0 \
	}
#define PRESENT(added, length, last, check)                       \
	{                                                         \
		true, true, added, length, {last, 0}, true, check \
	}
#define OLD_ABSENT(length, last)                            \
	{                                                   \
		true, false, 0, length, {last, 0}, false, 0 \
	}
#define OLD_PRESENT(length, last, check)                       \
	{                                                      \
		true, false, 0, length, {last, 0}, true, check \
	}
#define MISSING                                      \
	{                                            \
		false, false, 0, 0, {0, 0}, false, 0 \
	}

static const struct look_case cases[] = {
    /* It is there, and has the same content. */
    {AT(3), PRESENT(9, 8, 9, 77), GAP_NONE, 0, AT(3)},
    {BARE, PRESENT(9, 8, 9, 77), GAP_NONE, 0, BARE},
    {AT(3), OLD_PRESENT(8, 9, 77), GAP_NONE, 0, AT(3)},
    /* It was the last one that was deleted. */
    {AT(3), ABSENT(9, 6, 9), GAP_NONE, 0, AT(3)},
    {AT(9), ABSENT(9, 0, 5), GAP_NONE, 0, AT(9)},
    {BEGIN(0), ABSENT(4, 4, 9), GAP_NONE, 0, BEGIN(0)},
    {BEGIN(6), ABSENT(9, 3, 9), GAP_NONE, 0, BEGIN(6)},
    /* So many behind it were deleted. */
    {AT(3), ABSENT(9, 5, 9), GAP_ROTATED, 1, AT(4)},
    {AT(3), ABSENT(9, 0, 9), GAP_ROTATED, 6, AT(9)},
    {BEGIN(0), ABSENT(9, 5, 9), GAP_ROTATED, 4, BEGIN(4)},
    /* It should be there. */
    {AT(3), ABSENT(9, 9, 9), GAP_TRUNCATED, NULL_COUNT, AT_ID(5)},
    {AT(3), ABSENT(2, 2, 4), GAP_TRUNCATED, NULL_COUNT, AT_ID(4)},
    {AT(3), ABSENT(2, 2, 5), GAP_TRUNCATED, NULL_COUNT, AT_ID(5)},
    {BEGIN(6), ABSENT(9, 8, 9), GAP_TRUNCATED, NULL_COUNT, AT_ID(0)},
    /* It is another one. */
    {AT(3), PRESENT(9, 8, 9, 78), GAP_TRUNCATED, NULL_COUNT, AT_ID(5)},
    {AT(3), PRESENT(9, 8, 5, 78), GAP_TRUNCATED, NULL_COUNT, AT_ID(5)},
    /* There is no stream; or there was none, and that is no loss. */
    {AT(3), MISSING, GAP_TRUNCATED, NULL_COUNT, APART},
    {BARE, MISSING, GAP_TRUNCATED, NULL_COUNT, APART},
    {BEGIN(0), MISSING, GAP_NONE, 0, BEGIN(0)},
    {BEGIN(6), MISSING, GAP_NONE, 0, BEGIN(0)},
    /* Its number is not known, or how many were deleted is not. */
    {BARE, ABSENT(9, 8, 9), GAP_ROTATED, NULL_COUNT, AT_ID(5)},
    {BARE, ABSENT(9, 8, 4), GAP_TRUNCATED, NULL_COUNT, AT_ID(4)},
    {BARE, ABSENT(9, 8, 5), GAP_NONE, 0, BARE},
    {AT(3), OLD_ABSENT(8, 9), GAP_ROTATED, NULL_COUNT, AT_ID(5)},
    {AT(3), OLD_ABSENT(8, 4), GAP_TRUNCATED, NULL_COUNT, AT_ID(4)},
    {AT(3), OLD_ABSENT(0, 5), GAP_NONE, 0, AT(3)},
    {BEGIN(0), OLD_ABSENT(8, 9), GAP_NONE, 0, BEGIN(0)},
};

TEST(what_was_lost_follows_from_how_many_were_deleted)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct look_case *at = &cases[i];
		struct redis_loss loss =
		    redis_loss_judge(&at->position, &at->look);
		const struct redis_position *next = &loss.position;

		if (loss.reason != at->reason || loss.skipped != at->skipped)
			test_fail(__FILE__, __LINE__, "case %zu: %s", i,
			    gap_reason_text(loss.reason));
		if (redis_id_compare(&next->id, &at->next.id) != 0 ||
		    next->has_ordinal != at->next.has_ordinal ||
		    next->ordinal != at->next.ordinal ||
		    next->has_check != at->next.has_check ||
		    next->check != at->next.check)
			test_fail(__FILE__, __LINE__,
			    "case %zu: it goes on elsewhere", i);
	}
}

/* Who goes on where it was told to is not told again. */
TEST(a_loss_is_told_once)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct redis_loss loss =
		    redis_loss_judge(&cases[i].position, &cases[i].look);

		if (!loss.position.has_ordinal)
			continue;
		loss = redis_loss_judge(&loss.position, &cases[i].look);
		CHECK_EQUAL_INT(loss.reason, GAP_NONE);
	}
}
