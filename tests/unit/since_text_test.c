#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf/since_text.h"

/* 2026-11-20T10:00:00.250Z */
#define NOW_MS INT64_C(1795168800250)
#define HOUR_MS INT64_C(3600000)

struct row {
	const char *text;
	int64_t ms;
};

static const struct row right[] = {
    /* RFC 3339 */
    {"1970-01-01T00:00:00Z", 0},
    {"2026-11-20T10:00:00Z", 1795168800000},
    {"2026-11-20t10:00:00z", 1795168800000},
    {"2026-11-20 10:00:00Z", 1795168800000},
    {"2026-11-20T10:00:00+00:00", 1795168800000},
    {"2026-11-20T10:00:00-00:00", 1795168800000},
    {"2026-11-20T11:30:00+01:30", 1795168800000},
    {"2026-11-20T11:30:00 01:30", 1795168800000},
    {"2026-11-20T05:00:00-05:00", 1795168800000},
    {"2026-11-20T10:00:00.5Z", 1795168800500},
    {"2026-11-20T10:00:00.123456789Z", 1795168800123},
    {"2026-11-20T10:00:00.0009+00:00", 1795168800000},
    {"2024-02-29T00:00:00Z", 1709164800000},
    {"2016-12-31T23:59:60Z", 1483228800000},
    {"1969-12-31T23:59:59Z", -1000},
    /* as date(1), Python and people write it */
    {"2026-11-20T11:00:00+0100", 1795168800000},
    {"2026-11-20T11:00:00 0100", 1795168800000},
    {"2026-11-20T10:00:00,5Z", 1795168800500},
    {"2026-11-20T10:00Z", 1795168800000},
    {"2026-11-20 11:00+01:00", 1795168800000},
    /* local: an hour before Greenwich */
    {"2026-11-20T11:00:00", 1795168800000},
    {"2026-11-20 11:00:00", 1795168800000},
    {"2026-11-20 11:00:00.25", 1795168800250},
    {"2026-11-20 11:00", 1795168800000},
    {"2026-11-20T11:00", 1795168800000},
    {"2026-11-20", 1795168800000 - 11 * HOUR_MS},
    {"2026-07-20 12:00", 1784541600000},
    {"2026-10-25 02:30", 1792888200000}, /* the first of two */
    {"2026-03-29 02:30", 1774744200000}, /* never was: early */
    /* since 1970 */
    {"0", 0},
    {"100000000", INT64_C(100000000000)},
    {"1795168800", 1795168800000},
    {"1795168800.5", 1795168800500},
    {"1795168800.000123", 1795168800000},
    {"1795168800042", 1795168800042},
    {"1795168800042.5", 1795168800042},
    {"99999999999", INT64_C(99999999999000)},
    {"100000000000", INT64_C(100000000000)},
    {"99999999999999", INT64_C(99999999999999)},
    /* ago */
    {"-30m", NOW_MS - HOUR_MS / 2},
    {"30m", NOW_MS - HOUR_MS / 2},
    {"1h", NOW_MS - HOUR_MS},
    {"-1h", NOW_MS - HOUR_MS},
    {"1800s", NOW_MS - HOUR_MS / 2},
    {"2d", NOW_MS - 48 * HOUR_MS},
    {"1w", NOW_MS - 168 * HOUR_MS},
    {"1h30m", NOW_MS - HOUR_MS * 3 / 2},
    {"-1d12h", NOW_MS - 36 * HOUR_MS},
    {"0s", NOW_MS},
    {"999999999s", NOW_MS - INT64_C(999999999000)},
};

static const char *const wrong[] = {"", " ", "now", "yesterday", "today",
    "noon", "1 hour ago", "-", "+", ".", "T", "Z", "m", "-m", "30 m", "-30",
    "30M", "+30m", " 30m", "30m ", "--30m", "-30m-1h", "1h30", "1.5h", "30x",
    "30ms", "1000000000s", "99999999999999999999w", "-99999999999999999999",
    "-1795168800", "+1795168800", "1795168800.", "1795168800.x", "1795168800s5",
    "100000000000000", "18446744073709551616", "1e9", "0x10", "1795168800 ",
    "2026", "30", "1", "99999999", "0x", "2026-11", "2026-11-2", "2026-1-02",
    "20261120", "2026/11/20", "2026-11-20Z", "2026-11-20T", "2026-11-20 ",
    "2026-11-20T1", "2026-11-20T10", "2026-11-20T10Z", "2026-11-20T10:0",
    "2026-11-20T10:00:0", "2026-11-20T10:00:", "2026-11-20T10:00:00.",
    "2026-11-20T10:00:00.Z", "2026-11-20T10:00:00Zx", "2026-11-20T24:00:00Z",
    "2026-11-20T10:60:00Z", "2026-11-20T10:00:61Z", "2026-13-20T10:00:00Z",
    "2026-00-20T10:00:00Z", "2026-11-31T10:00:00Z", "2026-11-00T10:00:00Z",
    "2025-02-29T00:00:00Z", "2026-02-31", "2026-02-30 10:00",
    "2026-04-31T10:00", "2026-11-20T10:00:00+24:00",
    "2026-11-20T10:00:00+01:60", "2026-11-20T10:00:00+2400",
    "2026-11-20T10:00:00+01", "26-11-20T10:00:00Z", " 2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00+", "2026-11-20T10:00:00+01:", "2026-11-20T10:00:00 ",
    "2026-11-20T10:00:00x", "2026_11_20T10:00:00Z", "-026-11-20T10:00:00Z",
    "2026-11-20T10:00:00ZZ",
    "2026-11-20T10:00:00.0000000000000000000000000000000000000000000000000Z",
    "\xd9\xa2\xd9\xa0", "\xff", "$(date)", "../../etc/passwd"};

static void
set_zone(const char *zone)
{
	CHECK(setenv("TZ", zone, 1) == 0);
	tzset();
}

TEST(reads_what_people_write)
{
	set_zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		int64_t ms = 1;

		if (since_text_read(sse_slice(right[i].text), NOW_MS, &ms) !=
			0 ||
		    ms != right[i].ms)
			test_fail(__FILE__, __LINE__, "%s: %lld", right[i].text,
			    (long long)ms);
	}
}

TEST(refuses_what_is_none)
{
	set_zone("Europe/Berlin");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t ms = 1;

		if (since_text_read(sse_slice(wrong[i]), NOW_MS, &ms) !=
			-EBADMSG ||
		    ms != 1)
			test_fail(__FILE__, __LINE__, "%s", wrong[i]);
	}
}

TEST(a_text_has_so_many_bytes)
{
	char text[SSE_SINCE_SIZE_MAX + 1] = "2026-11-20T10:00:00.25";
	size_t size = strlen(text);
	int64_t ms;

	memset(text + size, '0', sizeof(text) - size);
	text[SSE_SINCE_SIZE_MAX - 1] = 'Z';
	CHECK_EQUAL_INT(
	    since_text_read(
		(struct sse_slice){text, SSE_SINCE_SIZE_MAX}, NOW_MS, &ms),
	    0);
	CHECK_EQUAL_INT(ms, NOW_MS);
	text[SSE_SINCE_SIZE_MAX - 1] = '0';
	text[SSE_SINCE_SIZE_MAX] = 'Z';
	CHECK_EQUAL_INT(
	    since_text_read(
		(struct sse_slice){text, SSE_SINCE_SIZE_MAX + 1}, NOW_MS, &ms),
	    -EBADMSG);
}

TEST(a_nul_is_no_end)
{
	int64_t ms;

	CHECK_EQUAL_INT(since_text_read(SLICE("30m\0"), NOW_MS, &ms), -EBADMSG);
	CHECK_EQUAL_INT(since_text_read(SLICE("\0"), NOW_MS, &ms), -EBADMSG);
	CHECK_EQUAL_INT(
	    since_text_read(SLICE("2026-11-20\0"), NOW_MS, &ms), -EBADMSG);
	CHECK_EQUAL_INT(
	    since_text_read(SLICE("2026-11-20T10:00:00\0"), NOW_MS, &ms),
	    -EBADMSG);
}

TEST(reads_nothing_behind_the_text)
{
	set_zone("UTC");
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct sse_slice text = sse_slice(right[i].text);

		for (size_t size = 0; size <= text.size; size++) {
			const char *bytes = test_guarded(text.data, size);
			int64_t ms;
			int error = since_text_read(
			    (struct sse_slice){bytes, size}, NOW_MS, &ms);

			CHECK(size < text.size || error == 0);
		}
	}
}
