/*
 * What the name of a file says: dates that there are, and their order.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "source/name_values.h"

static const struct {
	size_t count;
	uint64_t fields[NAME_FIELDS];
	uint64_t want; /* 0: there is no such date */
} dates[] = {
    {6, {2026, 11, 29, 20, 7, 5}, 20261129200705},
    {3, {2026, 11, 29}, 20261129000000},
    {2, {2026, 11}, 20261100000000},
    {1, {2026}, 20260000000000},
    /* What is not said is not looked at. */
    {1, {2026, 99, 99, 99, 99, 99}, 20260000000000},
    {1, {1970}, 19700000000000},
    {1, {1969}, 0},
    {1, {0}, 0},
    {2, {2026, 0}, 0},
    {2, {2026, 13}, 0},
    {3, {2026, 1, 0}, 0},
    {3, {2026, 1, 32}, 0},
    {3, {2026, 4, 30}, 20260430000000},
    {3, {2026, 4, 31}, 0},
    {3, {2026, 2, 29}, 0},
    {3, {2024, 2, 29}, 20240229000000},
    {3, {2024, 2, 30}, 0},
    {3, {2100, 2, 29}, 0},
    {3, {2000, 2, 29}, 20000229000000},
    {4, {2026, 1, 1, 23}, 20260101230000},
    {4, {2026, 1, 1, 24}, 0},
    {5, {2026, 1, 1, 0, 60}, 0},
    {6, {2026, 1, 1, 0, 0, 60}, 20260101000060},
    {6, {2026, 1, 1, 0, 0, 61}, 0},
    {3, {2026, 1, UINT64_MAX}, 0},
};

TEST(a_date_is_one_that_there_is)
{
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		uint64_t got = 0;

		printf("# case %zu\n", i);
		CHECK_EQUAL_INT(
		    name_values_date(dates[i].fields, dates[i].count, &got),
		    dates[i].want != 0);
		CHECK_EQUAL_INT(got, dates[i].want);
	}
}

TEST(a_time_is_a_date_of_the_time_zone)
{
	CHECK(setenv("TZ", "UTC0", 1) == 0);
	tzset();
	CHECK_EQUAL_INT(name_values_date_at(0), 19700101000000);
	CHECK_EQUAL_INT(
	    name_values_date_at(INT64_C(1795773600999)), 20261127100000);
	CHECK(setenv("TZ", "XXX-2", 1) == 0);
	tzset();
	CHECK_EQUAL_INT(
	    name_values_date_at(INT64_C(1795773600000)), 20261127120000);
}

/* Each is older than all after it, by a number that grows, or does not. */
TEST(a_date_is_compared_before_a_fraction_and_a_number)
{
	static const struct name_values grows[] = {
	    {0, 0, 0}, {0, 0, 1}, {0, 1, 0}, {1, 0, 0}, {1, 0, 5}, {1, 2, 3}};
	static const struct name_values falls[] = {
	    {0, 0, 1}, {0, 0, 0}, {0, 1, 0}, {1, 0, 5}, {1, 0, 0}, {1, 2, 3}};
	const size_t count = sizeof(grows) / sizeof(grows[0]);

	for (size_t i = 0; i < count * count; i++) {
		size_t a = i / count, b = i % count;
		int order = a < b ? -1 : a > b;

		CHECK_EQUAL_INT(
		    name_values_compare(&grows[a], &grows[b], true), order);
		CHECK_EQUAL_INT(
		    name_values_compare(&falls[a], &falls[b], false), order);
	}
}
