#include "test.h"

#include <stdlib.h>
#include <time.h>

#include "record_time.h"

/* 2026-11-20T10:00:00Z */
#define NOW_MS INT64_C(1795168800000)
#define DAY_MS INT64_C(86400000)

struct row {
	const char *format;
	const char *record;
	int64_t ms; /* -1: it begins with none */
};

static const struct row rows[] = {
    {"%Y-%m-%dT%H:%M:%S%z", "2026-11-20T10:00:00Z a", NOW_MS},
    {"%Y-%m-%dT%H:%M:%S%z", "2026-11-20T12:00:00+02:00 a", NOW_MS},
    {"%Y-%m-%dT%H:%M:%S%f%z", "2026-11-20T10:00:00.123456+00:00 a",
	NOW_MS + 123},
    {"%Y-%m-%dT%H:%M:%S%f%z", "2026-11-20T10:00:00+00:00 a", NOW_MS},
    {"%Y-%m-%d %H:%M:%S%f", "2026-11-20 10:00:00,7 a", NOW_MS + 700},
    {"[%d/%b/%Y:%H:%M:%S %z]", "[20/Nov/2026:05:00:00 -0500] a", NOW_MS},
    {"[%a %b %d %H:%M:%S%f %Y]", "[Fri Nov 20 10:00:00.25 2026] a",
	NOW_MS + 250},
    {"{\"time\":\"%FT%TZ\"", "{\"time\":\"2026-11-20T10:00:00Z\"}", NOW_MS},
    {"%s", "1795168800 a", NOW_MS},
    {"%s%f", "1795168800.042 a", NOW_MS + 42},
    {"%F", "2026-11-20", NOW_MS - 10 * 3600 * 1000},
    /* without a year: the latest that is not in the future */
    {"%b %e %H:%M:%S", "Nov 20 10:00:00 host a", NOW_MS},
    {"%b %e %H:%M:%S", "Nov 20 09:59:59 host a", NOW_MS - 1000},
    {"%b %e %H:%M:%S", "Nov 20 10:04:00 host a", NOW_MS + 240000},
    {"%b %e %H:%M:%S", "Nov 20 10:06:00 host a",
	NOW_MS + 360000 - 365 * DAY_MS},
    {"%b %e %H:%M:%S", "Dec 31 23:59:59 host a",
	INT64_C(1767225599000)}, /* 2025 */
    {"%b %e %H:%M:%S", "Feb 29 00:00:00 host a", INT64_C(1709164800000)},
    {"%b %e %H:%M:%S", "Feb 30 00:00:00 host a", -1},
    /* without a day */
    {"%H:%M:%S", "09:00:00 a", NOW_MS - 3600000},
    {"%H:%M:%S", "11:00:00 a", NOW_MS + 3600000 - DAY_MS},
    /* without a month */
    {"%d %H:%M", "20 10:00 a", NOW_MS},
    {"%d %H:%M", "31 10:00 a", NOW_MS - 20 * DAY_MS},
    /* none */
    {"%b %e %H:%M:%S", "", -1},
    {"%b %e %H:%M:%S", "\tat Main.java", -1},
    {"%b %e %H:%M:%S", "Nov 20", -1},
    {"%F", "x2026-11-20", -1},
};

static void
set_zone(const char *zone)
{
	CHECK(setenv("TZ", zone, 1) == 0);
	tzset();
}

TEST(reads_the_forms_of_logs)
{
	set_zone("UTC");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		int64_t ms = -1;
		bool got = record_time_read(
		    row->format, sse_slice(row->record), NOW_MS, &ms);

		if (got != (row->ms != -1) || (got && ms != row->ms))
			test_fail(__FILE__, __LINE__, "%s: %s: %lld",
			    row->format, row->record, (long long)ms);
	}
}

TEST(without_a_zone_it_is_local)
{
	int64_t ms;

	set_zone("Europe/Vienna");
	CHECK(record_time_read(
	    "%F %T", SLICE("2026-11-20 11:00:00"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(record_time_read(
	    "%F %T", SLICE("2026-07-20 12:00:00"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, INT64_C(1784541600000)); /* summer: 10:00 UTC */
	CHECK(record_time_read(
	    "%b %e %T", SLICE("Nov 20 11:00:00"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(record_time_read(
	    "%F %T %z", SLICE("2026-11-20 10:00:00 +0000"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
}

TEST(knows_its_directives)
{
	static const char *const right[] = {"%F", "%s", "%b %e %T", "100%% %T",
	    "[%a %b %d %H:%M:%S%f %Y]", "%j", "%c"};
	static const char *const wrong[] = {"now", "%", "%F %", "%%", "%f",
	    "%Ey", "%Q", "%i", "%10d", "%Z", "%V"};
	char longer[RECORD_TIME_FORMAT_SIZE_MAX + 2] = "%T";

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (!record_time_is_format(right[i]))
			test_fail(__FILE__, __LINE__, "%s", right[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (record_time_is_format(wrong[i]))
			test_fail(__FILE__, __LINE__, "%s", wrong[i]);
	for (size_t i = 2; i < RECORD_TIME_FORMAT_SIZE_MAX; i++)
		longer[i] = 'x';
	CHECK(record_time_is_format(longer));
	longer[RECORD_TIME_FORMAT_SIZE_MAX] = 'x';
	CHECK(!record_time_is_format(longer));
}

/* What a log has is not the format's author's. */
TEST(any_octets_will_do)
{
	static char octets[1000];
	int64_t ms;

	for (unsigned seed = 0; seed < 2000; seed++) {
		unsigned random = seed;

		for (size_t i = 0; i < sizeof(octets); i++)
			octets[i] =
			    (char)((random = random * 1103515245 + 12345) >>
				   16);
		octets[0] = (char)('0' + seed % 10);
		(void)record_time_read("%s%f",
		    (struct sse_slice){octets, seed % 1000}, NOW_MS, &ms);
		(void)record_time_read("%Y%f%z %c",
		    (struct sse_slice){octets, seed % 1000}, NOW_MS, &ms);
	}
	CHECK(!record_time_read("%T",
	    SLICE("\0"
		  "10:00:00"),
	    NOW_MS, &ms));
	(void)record_time_read(
	    "%s", SLICE("99999999999999999999999999"), NOW_MS, &ms);
}
