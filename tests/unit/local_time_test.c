/*
 * Local times, against those of the time zone database.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "random.h"
#include "record/local_time.h"

struct row {
	const char *zone;
	const char *wall;
	int64_t first_s;
	int64_t last_s;
};

static const struct row rows[] = {
    {"UTC", "2026-11-20T10:00:00", 1795168800, 1795168800},
    {"Asia/Kolkata", "2026-11-20T15:30:00", 1795168800, 1795168800},
    {"Asia/Tokyo", "2026-11-20T19:00:00", 1795168800, 1795168800},
    /* Berlin puts its clocks back at 03:00, 2026-10-25T01:00:00Z. */
    {"Europe/Berlin", "2026-10-25T01:59:59", 1792886399, 1792886399},
    {"Europe/Berlin", "2026-10-25T02:00:00", 1792886400, 1792890000},
    {"Europe/Berlin", "2026-10-25T02:30:00", 1792888200, 1792891800},
    {"Europe/Berlin", "2026-10-25T02:59:59", 1792889999, 1792893599},
    {"Europe/Berlin", "2026-10-25T03:00:00", 1792893600, 1792893600},
    /* and forward at 02:00, 2026-03-29T01:00:00Z. */
    {"Europe/Berlin", "2026-03-29T01:59:59", 1774745999, 1774745999},
    {"Europe/Berlin", "2026-03-29T02:30:00", 1774744200, 1774747800},
    {"Europe/Berlin", "2026-03-29T03:00:00", 1774746000, 1774746000},
    {"Europe/Berlin", "2026-07-20T12:00:00", 1784541600, 1784541600},
    {"America/New_York", "2026-11-01T00:59:59", 1793509199, 1793509199},
    {"America/New_York", "2026-11-01T01:30:00", 1793511000, 1793514600},
    {"America/New_York", "2026-11-01T02:00:00", 1793516400, 1793516400},
    {"America/New_York", "2026-03-08T02:30:00", 1772951400, 1772955000},
    /* half an hour: back at 02:00 on the 5th of April, forward in October */
    {"Australia/Lord_Howe", "2026-04-05T01:29:59", 1775312999, 1775312999},
    {"Australia/Lord_Howe", "2026-04-05T01:45:00", 1775313900, 1775315700},
    {"Australia/Lord_Howe", "2026-04-05T02:00:00", 1775316600, 1775316600},
    {"Australia/Lord_Howe", "2026-10-04T02:15:00", 1791040500, 1791042300},
    /* a whole day that was not */
    {"Pacific/Apia", "2011-12-30T12:00:00", 1325196000, 1325282400},
};

static void
set_zone(const char *zone)
{
	CHECK(setenv("TZ", zone, 1) == 0);
	tzset();
}

static struct tm
fields_of(const char *wall)
{
	struct tm fields = {0};

	CHECK(strptime(wall, "%Y-%m-%dT%H:%M:%S", &fields) != NULL);
	return fields;
}

TEST(knows_the_moments_that_may_be_meant)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct tm fields = fields_of(row->wall);
		struct local_time local;

		set_zone(row->zone);
		local = local_time_of(&fields);
		if (local.first_s != row->first_s ||
		    local.last_s != row->last_s)
			test_fail(__FILE__, __LINE__, "%s %s: %lld %lld",
			    row->zone, row->wall, (long long)local.first_s,
			    (long long)local.last_s);
	}
}

/* Against the other way round, through all of two years. */
TEST(each_moment_is_one_of_those_of_its_local_time)
{
	static const char *const zones[] = {"Europe/Berlin", "America/New_York",
	    "Australia/Lord_Howe", "Asia/Tokyo", "America/Sao_Paulo",
	    "Pacific/Chatham"};

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		set_zone(zones[i]);
		for (time_t at = 1767225600; at < 1767225600 + 730 * 86400;
		     at += 900) {
			struct tm fields;
			struct local_time local;

			CHECK(localtime_r(&at, &fields) != NULL);
			local = local_time_of(&fields);
			CHECK(local.first_s == at || local.last_s == at);
			CHECK(local.last_s - local.first_s <= 3600);
		}
	}
}

/* timegm() says the same of all that is in its time_t. */
TEST(fields_in_utc_are_as_for_timegm)
{
	struct random random = {1};

	for (int i = 0; i < 100000; i++) {
		struct tm fields = {
		    .tm_year = (int)random_below(&random, 68) + 2,
		    .tm_mon = (int)random_below(&random, 40) - 20,
		    .tm_mday = (int)random_below(&random, 80) - 40,
		    .tm_hour = (int)random_below(&random, 60) - 30,
		    .tm_min = (int)random_below(&random, 200) - 100,
		    .tm_sec = (int)random_below(&random, 200) - 100,
		};
		struct tm normal = fields;
		int64_t got;

		if (sizeof(time_t) > 4)
			normal.tm_year = fields.tm_year =
			    (int)random_below(&random, 20000) - 5000;
		got = local_time_as_utc(&fields);
		CHECK_EQUAL_INT(got, timegm(&normal));
	}
}

/* Also where time_t ends in 2038. */
TEST(what_comes_late_is_read_as_well)
{
	struct tm fields = fields_of("2199-12-31T23:59:59");

	set_zone("UTC");
	CHECK_EQUAL_INT(local_time_as_utc(&fields), 7258118399);
	CHECK_EQUAL_INT(local_time_of(&fields).first_s, 7258118399);
	set_zone("Asia/Tokyo");
	CHECK_EQUAL_INT(local_time_of(&fields).first_s, 7258118399 - 9 * 3600);
}

TEST(any_fields_will_do)
{
	struct tm fields = {.tm_year = 8099, .tm_mon = 99, .tm_mday = -99};

	set_zone("Europe/Berlin");
	(void)local_time_of(&fields);
	fields.tm_year = INT32_MAX;
	(void)local_time_of(&fields);
	fields.tm_year = INT32_MIN;
	(void)local_time_of(&fields);
}
