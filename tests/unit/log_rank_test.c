/*
 * Where a name of a log has its place.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "source/log_rank.h"

static const struct {
	struct log_rank a, b;
	int want; /* -1: a is the older one */
} ranks[] = {
    {{.scheme = LOG_ROTATION, .rotation = {.lower = 2}},
	{.scheme = LOG_ROTATION, .rotation = {.lower = 1}}, -1},
    {{.scheme = LOG_ROTATION, .rotation = {.is_date = true, .lower = 20261128}},
	{.scheme = LOG_ROTATION,
	    .rotation = {.is_date = true, .lower = 20261129}},
	-1},
    {{.scheme = LOG_ROTATION, .rotation = {.is_date = true, .lower = 20261128}},
	{.scheme = LOG_ROTATION, .rotation = {.lower = 1}}, 0},
    {{.scheme = LOG_DATED, .values = {.date = 1}},
	{.scheme = LOG_DATED, .values = {.date = 2}}, -1},
    /* Whether a number grows is the pattern's to say. */
    {{.scheme = LOG_PATTERN, .grows = true, .values = {.number = 1}},
	{.scheme = LOG_PATTERN, .grows = true, .values = {.number = 2}}, -1},
    {{.scheme = LOG_PATTERN, .values = {.number = 2}},
	{.scheme = LOG_PATTERN, .values = {.number = 1}}, -1},
    {{.scheme = LOG_PATTERN, .group = 1, .values = {.date = 1}},
	{.scheme = LOG_PATTERN, .values = {.date = 2}}, 0},
    {{.scheme = LOG_DATED, .values = {.date = 1}},
	{.scheme = LOG_LINK, .values = {.date = 2}}, 0},
    {{.scheme = LOG_LINK, .values = {.date = 2}},
	{.scheme = LOG_LINK, .compressed = true, .values = {.date = 2}}, 0},
};

TEST(names_of_one_kind_have_an_order)
{
	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		int got = log_rank_compare(&ranks[i].a, &ranks[i].b);
		int back = log_rank_compare(&ranks[i].b, &ranks[i].a);

		printf("# case %zu\n", i);
		CHECK_EQUAL_INT((got > 0) - (got < 0), ranks[i].want);
		CHECK_EQUAL_INT((back > 0) - (back < 0), -ranks[i].want);
	}
}

#define NOW_MS INT64_C(1795773600000) /* 2026-11-27 10:00 UTC */

TEST(a_date_is_due_up_to_a_day_ahead_of_clock_or_file)
{
	static const struct {
		uint64_t date;
		int64_t mtime_ms;
		bool want;
	} all[] = {
	    {20261127000000, 0, true},
	    {20261128100000, 0, true},
	    {20261128100001, 0, false},
	    {20261129000000, NOW_MS + LOG_RANK_AHEAD_MS, true},
	    {20261129000000, NOW_MS - LOG_RANK_AHEAD_MS, false},
	};

	CHECK(setenv("TZ", "UTC0", 1) == 0);
	tzset();
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct log_rank rank = {
		    .scheme = LOG_DATED, .values = {.date = all[i].date}};

		CHECK_EQUAL_INT(log_rank_is_due(&rank, NOW_MS, all[i].mtime_ms),
		    all[i].want);
	}
}
