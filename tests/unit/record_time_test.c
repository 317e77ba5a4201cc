#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/record_time.h"

/* 2026-11-20T10:00:00Z */
#define NOW_MS INT64_C(1795168800000)
#define DAY_MS INT64_C(86400000)

struct row {
	const char *format;
	const char *record;
	int64_t ms; /* -1: it has none */
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
    {"%F", "2026-11-20", NOW_MS - 10 * 3600 * 1000},
    /* without a year: the latest that is not in the future */
    {"%b %e %H:%M:%S", "Nov 20 10:00:00 host a", NOW_MS},
    {"%b %e %H:%M:%S", "Nov 20 09:59:59 host a", NOW_MS - 1000},
    {"%b %e %H:%M:%S", "Nov 20 10:04:00 host a", NOW_MS + 240000},
    {"%b %e %H:%M:%S", "Nov 20 19:00:00 host a", NOW_MS + 9 * 3600000},
    {"%b %e %H:%M:%S", "Nov 21 10:00:00 host a", NOW_MS + DAY_MS},
    {"%b %e %H:%M:%S", "Nov 21 10:00:01 host a", NOW_MS + 1000 - 364 * DAY_MS},
    {"%b %e %H:%M:%S", "Dec 31 23:59:59 host a",
	INT64_C(1767225599000)}, /* 2025 */
    {"%b %e %H:%M:%S", "Feb 29 00:00:00 host a", INT64_C(1709164800000)},
    {"%b %e %H:%M:%S", "Feb 30 00:00:00 host a", -1},
    /* without a day */
    {"%H:%M:%S", "09:00:00 a", NOW_MS - 3600000},
    {"%H:%M:%S", "10:04:00 a", NOW_MS + 240000},
    {"%H:%M:%S", "11:00:00 a", NOW_MS + 3600000 - DAY_MS},
    /* without a month */
    {"%d %H:%M", "20 10:00 a", NOW_MS},
    {"%d %H:%M", "31 10:00 a", NOW_MS - 20 * DAY_MS},
    /* half a day */
    {"%m/%d/%Y %I:%M:%S %p", "11/20/2026 10:00:00 AM a", NOW_MS},
    {"%m/%d/%Y %I:%M:%S %p", "11/20/2026 10:00:00 PM a", NOW_MS + DAY_MS / 2},
    {"%m/%d/%Y %I:%M:%S%f %p", "11/20/2026 10:00:00.5 PM a",
	NOW_MS + DAY_MS / 2 + 500},
    {"%p %I:%M:%S%f %F", "am 12:00:00 2026-11-20", NOW_MS - 10 * 3600 * 1000},
    {"%F %I:%M%p", "2026-11-20 12:00pm", NOW_MS + 2 * 3600 * 1000},
    {"%F %I:%M%p", "2026-11-20 10:00xm", -1},
    /* since 1970 */
    {"%s", "1795168800 a", NOW_MS},
    {"%s", "1795168800", NOW_MS},
    {"%s%f", "1795168800.042 a", NOW_MS + 42},
    {"%s", "1795168800042 a", NOW_MS + 42},
    {"%s%f", "1795168800042.9 a", NOW_MS + 42},
    {"%s", "1795168800042123 a", NOW_MS + 42},
    {"%s", "1795168800042123456 a", NOW_MS + 42},
    {"%s", "9223372036854775807", -1},
    {"%s", "9999999999999999999", -1},
    {"%s", "9999999999", -1}, /* 2286 */
    {"%s", "1 a", -1},
    {"%s", "[   12.345678] a", -1},
    {"%s", "179516880 a", -1},
    {"%s", "17951688001 a", -1},
    {"%s", "99999999999999999999999999", -1},
    {"%s", "1.795168800042e+09", -1},
    {"%s", "1795168800f", -1},
    {"@%s", "@400000006b0f0aaa2d1b3c4d a", -1},
    /* TAI64N */
    {"@%t", "@400000006b001a2a00000000 a", NOW_MS},
    {"@%t", "@400000006B001A2A1DCD6500 a", NOW_MS + 500},
    {"@%t%n", "@400000006b001a2a00000000 a", NOW_MS},
    {"%*@%t", "x @400000006b001a2a00000000 a", NOW_MS},
    {"@%t", "@400000006b001a2a3b9aca00 a", -1},  /* 1e9 nanoseconds */
    {"@%t", "@400000006b001a2a0000000 a", -1},   /* one digit short */
    {"@%t", "@400000006b001a2a000000000 a", -1}, /* one too many */
    {"@%t", "@3000000000000000000000000 a", -1},
    {"@%t", "@ffffffffffffffff00000000 a", -1},
    {"@%t", "400000006b001a2a00000000 a", -1},
    {"@%t", "@", -1},
    {"%F%t%T", "2026-11-20\t10:00:00", NOW_MS}, /* a blank, as ever */
    /* Greenwich in words; the zone is an hour ahead of it */
    /* what stands before it */
    {"%*[%d/%b/%Y:%H:%M:%S %z]",
	"192.0.2.1 - - [20/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 1",
	NOW_MS},
    {"%*[%d/%b/%Y:%H:%M:%S %z]",
	"www:443 2001:db8::1 - [user] [20/Nov/2026:10:00:00 +0000] \"GET /\"",
	NOW_MS},
    {"%*\"time\":\"%FT%T%f%z\"",
	"{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":"
	"\"2026-11-20T10:00:00.042123456Z\"}",
	NOW_MS + 42},
    {"%*\"ts\":%s%f",
	"{\"level\":\"info\",\"ts\":1795168800.0421,\"msg\":\"\"}",
	NOW_MS + 42},
    {"%*\"time\":%s", "{\"level\":30,\"time\":1795168800042,\"pid\":1}",
	NOW_MS + 42},
    {"%*%m%d %H:%M:%S%f", "I1120 10:00:00.042123 1 a.go:1] a", NOW_MS + 42},
    {"%*%m%d %H:%M:%S%f", "E1120 10:00:00.042123 1 a.go:1] a", NOW_MS + 42},
    {"%*\"date\":\"%F\"%*\"time\":\"%T\"",
	"{\"date\":\"2026-11-20\",\"level\":\"a\",\"time\":\"10:00:00\"}",
	NOW_MS},
    {"%F%*%T", "2026-11-20 host a 10:00:00 b", NOW_MS},
    {"%*%F %T", "2026-11-20 10:00:00", NOW_MS},
    {"%* %F %T", "a 2026-11-20 10:00:00", NOW_MS},
    {"%*%s", "192.0.2.17 port 8080 id 12345678901 1795168800", NOW_MS},
    {"%*%T", "110:00:00 x 10:00:00", NOW_MS}, /* in no other number */
    {"%*%b %d %T", "xNov 20 09:00:00 Nov 20 10:00:00", NOW_MS},
    {"%*%z %F %T", "a +0000 2026-11-20 10:00:00", NOW_MS},
    {"%*%p %I:%M %F", "a AM 10:00 2026-11-20", NOW_MS},
    {"%*[%F", "[[[[[[[2026-11-[2026-11-20", NOW_MS - 10 * 3600 * 1000},
    {"%*[%T", "[", -1},
    {"%*[%T", "no time at all", -1},
    {"%*a%*b%T", "b10:00:00 a", -1},
    /* days of the year */
    {"%Y-%j", "2024-366", INT64_C(1735603200000)},
    {"%Y-%j", "2025-365", INT64_C(1767139200000)},
    {"%Y-%j", "2025-366", -1},
    {"%j %Y", "060 2024", INT64_C(1709164800000)},
    {"%Y%f%j", "2024.5060", -1},
    {"%Y%f %j", "2024.5 060", INT64_C(1709164800500)},
    {"%j %H:%M", "060 10:00", INT64_C(1772359200000)},
    {"%j %H:%M", "366 10:00", INT64_C(1735639200000)},
    {"%j %H:%M", "365 10:00", INT64_C(1767175200000)},
    {"%H:%M%f [%j]", "10:00.042 [ 60]", INT64_C(1772359200042)},
    {"%*%j %T", "x060 060 10:00:00", INT64_C(1772359200000)},
    {"%F %j", "2026-11-20 001", NOW_MS - 10 * 3600 * 1000},
    {"%Y-%j", "2024-000", -1},
    {"%Y-%j", "2024-367", -1},
    {"%Y-%j", "2024-", -1},
    /* a second that is inserted is one of its day, if there is such a day */
    {"%F %T", "2016-12-31 23:59:60", INT64_C(1483228800000)},
    {"%F %T", "2016-02-31 23:59:60", -1},
    /* none */
    {"%b %e %H:%M:%S", "", -1},
    {"%b %e %H:%M:%S", "\tat Main.java", -1},
    {"%b %e %H:%M:%S", "Nov 20", -1},
    {"%F", "x2026-11-20", -1},
    {"%F", "2026-02-31", -1},
    {"%F", "2026-13-45", -1},
    {"%F", "1969-12-31", -1},
    {"%F", "1970-01-01", 0},
    {"%F", "2200-01-01", -1},
    {"%F", "0001-01-01", -1},
    {"%F %T", "2199-12-31 23:59:59", INT64_C(7258118399000)},
};

static void
set_zone(const char *zone)
{
	CHECK(setenv("TZ", zone, 1) == 0);
	tzset();
}

static bool
read_by(
    const char *text, struct sse_slice line, int64_t now_ms, int64_t *ret_ms)
{
	struct time_format format;

	CHECK_EQUAL_INT(time_format_read(text, &format), 0);
	return record_time_read(&format, line, now_ms, ret_ms);
}

TEST(reads_the_forms_of_logs)
{
	set_zone("UTC");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		int64_t ms = -1;
		bool got =
		    read_by(row->format, sse_slice(row->record), NOW_MS, &ms);

		if (got != (row->ms != -1) || (got && ms != row->ms))
			test_fail(__FILE__, __LINE__, "%s: %s: %lld",
			    row->format, row->record, (long long)ms);
	}
}

/* How well-known programs begin their lines at NOW_MS; see the manual. */
static const struct row writers[] = {
    {"%Y-%m-%dT%H:%M:%S%f%z", "2026-11-20T10:00:00.000000+00:00 host a: b",
	NOW_MS}, /* rsyslog, ISO */
    {"%b %e %H:%M:%S", "Nov 20 10:00:00 host a[1]: b", NOW_MS},
    {"<14>%b %e %H:%M:%S", "<14>Nov 20 10:00:00 host a[1]: b", NOW_MS},
    {"%Y/%m/%d %H:%M:%S", "2026/11/20 10:00:00 [error] 7#7: *1 a", NOW_MS},
    {"[%a %b %d %H:%M:%S%f %Y]",
	"[Fri Nov 20 10:00:00.000000 2026] [core:error] a", NOW_MS},
    {"time=\"%Y-%m-%dT%H:%M:%S%f%z\"",
	"time=\"2026-11-20T10:00:00Z\" level=info msg=a", NOW_MS}, /* logfmt */
    {"[%Y-%m-%d %H:%M:%S]", "[2026-11-20 10:00:00] production.ERROR: a",
	NOW_MS}, /* Laravel */
    {"%*[%d/%b/%Y:%H:%M:%S %z]",
	"h:80 192.0.2.1 - - [20/Nov/2026:10:00:00 +0000] \"GET / HTTP/1.1\"",
	NOW_MS}, /* Common, Combined, vhost_combined */
    {"%*\"time\":\"%Y-%m-%dT%H:%M:%S%f%z\"",
	"{\"log\":\"a\",\"time\":\"2026-11-20T10:00:00.000000001Z\"}",
	NOW_MS}, /* Docker's json-file */
    {"%*\"ts\":%s%f", "{\"level\":\"info\",\"ts\":1795168800.0001}",
	NOW_MS}, /* zap */
    {"%*\"time\":%s", "{\"level\":30,\"time\":1795168800000}",
	NOW_MS}, /* pino */
    {"%*%m%d %H:%M:%S%f", "W1120 10:00:00.000000       1 a.go:1] a",
	NOW_MS},                                    /* klog */
    {"@%t", "@400000006b001a2a00000000 a", NOW_MS}, /* svlogd */
    {"%Y-%m-%dT%H:%M:%S%f%z", "2026-11-20T10:00:00.000000001+00:00 stdout F a",
	NOW_MS}, /* CRI */
    {"%Y-%m-%d %H:%M:%S%f UTC", "2026-11-20 10:00:00.000 UTC [1] LOG:  a",
	NOW_MS}, /* PostgreSQL */
    {"%Y-%m-%d %H:%M:%S%f", "2026-11-20 11:00:00,000 INFO  main - a",
	NOW_MS}, /* logback, in the local zone */
};

TEST(reads_what_programs_write)
{
	int64_t ms = -1;

	set_zone("UTC");
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		const struct row *row = &writers[i];

		if (i == sizeof(writers) / sizeof(writers[0]) - 1)
			set_zone("Europe/Vienna");
		if (!read_by(
			row->format, sse_slice(row->record), NOW_MS, &ms) ||
		    ms != row->ms)
			test_fail(__FILE__, __LINE__, "%s: %s: %lld",
			    row->format, row->record, (long long)ms);
	}
}

TEST(without_a_zone_it_is_local)
{
	int64_t ms;

	set_zone("Europe/Vienna");
	CHECK(read_by("%F %T", SLICE("2026-11-20 11:00:00"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(read_by("%F %T", SLICE("2026-07-20 12:00:00"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, INT64_C(1784541600000)); /* summer: 10:00 UTC */
	CHECK(read_by("%b %e %T", SLICE("Nov 20 11:00:00"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(read_by(
	    "%F %T %z", SLICE("2026-11-20 10:00:00 +0000"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(read_by("%FT%TZ", SLICE("2026-11-20T10:00:00Z"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(read_by(
	    "%F %T UTC", SLICE("2026-11-20 10:00:00 UTC"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(read_by("%s", SLICE("1795168800"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
}

/* As PostgreSQL, date(1) and others write them. */
TEST(a_zone_that_is_named_counts)
{
	static const char format[] = "%F %T%f %Z";
	const struct sse_slice none[] = {SLICE("2026-11-20 10:00:00 EST"),
	    SLICE("2026-11-20 10:00:00 CEST"), SLICE("2026-11-20 10:00:00 CE"),
	    SLICE("2026-11-20 10:00:00 CETX"), SLICE("2026-11-20 10:00:00 "),
	    SLICE("2026-11-20 10:00:00 [7]"), SLICE("2026-11-20 10:00:00 +x"),
	    SLICE("2026-11-20 10:00:00 ABCDEFGHIJ")};
	int64_t ms;

	set_zone("Europe/Berlin");
	CHECK(read_by(format, SLICE("2026-11-20 10:00:00 UTC"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(
	    read_by(format, SLICE("2026-11-20 10:00:00.5 GMT a"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS + 500);
	CHECK(
	    read_by(format, SLICE("2026-11-20 11:00:00 CET [7]"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(read_by(format, SLICE("2026-11-20 07:00:00 -03"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	CHECK(read_by(format, SLICE("2026-10-25 02:30:00 CET"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, INT64_C(1792891800000));
	CHECK(read_by(format, SLICE("2026-10-25 02:30:00 CEST"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, INT64_C(1792888200000));
	CHECK(
	    read_by("%b %e %T %Z", SLICE("Jul 20 12:00:00 CEST"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, INT64_C(1784541600000));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (read_by(format, none[i], NOW_MS, &ms))
			test_fail(__FILE__, __LINE__, "%s", none[i].data);
}

/* It is the last that may be meant: so that none is taken for too early. */
TEST(a_time_that_comes_twice_is_the_second_but_not_in_the_future)
{
	static const int64_t first_ms = INT64_C(1792888200000);
	const struct sse_slice line = SLICE("2026-10-25 02:30:00 a");
	const struct sse_slice short_line = SLICE("Oct 25 02:30:00 a");
	int64_t ms;

	set_zone("Europe/Berlin");
	CHECK(read_by("%F %T", line, NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, first_ms + 3600000);
	CHECK(read_by("%F %T", line, first_ms, &ms));
	CHECK_EQUAL_INT(ms, first_ms);
	CHECK(read_by("%b %d %T", short_line, NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, first_ms + 3600000);
	set_zone("Australia/Lord_Howe");
	CHECK(read_by("%F %T", SLICE("2026-04-05 01:45:00"), NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, INT64_C(1775315700000));
}

/* Docker's pieces of 16 KiB have their time at the end. */
TEST(a_time_may_be_behind_so_many_bytes)
{
	static char line[RECORD_TIME_SKIP_MAX + 2 * RECORD_TIME_SIZE_MAX];
	const char time[] = "\"time\":\"2026-11-20T10:00:00Z\"}";
	int64_t ms;

	set_zone("UTC");
	memset(line, 'x', sizeof(line));
	memcpy(line + RECORD_TIME_SKIP_MAX, time, sizeof(time) - 1);
	CHECK(read_by("%*\"time\":\"%FT%TZ",
	    (struct sse_slice){line, sizeof(line)}, NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	memset(line, 'x', sizeof(line));
	memcpy(line + RECORD_TIME_SKIP_MAX + RECORD_TIME_SIZE_MAX - 10, time,
	    sizeof(time) - 1);
	CHECK(!read_by("%*\"time\":\"%FT%TZ",
	    (struct sse_slice){line, sizeof(line)}, NOW_MS, &ms));
}

/* Each "[" may begin one. */
TEST(so_many_places_may_look_like_a_time)
{
	static char line[RECORD_TIME_PLACES_MAX + 100];
	const char time[] = "[2026-11-20T10:00:00Z]";
	struct sse_slice all = {line, RECORD_TIME_PLACES_MAX + sizeof(time)};
	int64_t ms;

	set_zone("UTC");
	memset(line, '[', sizeof(line));
	memcpy(line + RECORD_TIME_PLACES_MAX - 1, time, sizeof(time) - 1);
	CHECK(read_by("%*[%FT%TZ", all, NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	memset(line, '[', sizeof(line));
	memcpy(line + RECORD_TIME_PLACES_MAX, time, sizeof(time) - 1);
	CHECK(!read_by("%*[%FT%TZ", all, NOW_MS, &ms));
}

/* What a log has is not the format's author's. */
TEST(any_bytes_will_do)
{
	static const char *const formats[] = {"%s%f", "%Y-%j%f%z %c", "%*%s",
	    "%*[%d/%b/%Y:%H:%M:%S %z]", "@%t", "%*%p %I:%M", "%*%b %e %T"};
	static char bytes[1000];
	int64_t ms;

	for (unsigned seed = 0; seed < 2000; seed++) {
		unsigned random = seed;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			random = random * 1103515245 + 12345;
			bytes[i] =
			    (char)(seed % 2 == 0 ? random >> 16
						 : '0' + (random >> 16) % 11);
		}
		bytes[0] = (char)('0' + seed % 10);
		for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]);
		     i++)
			(void)read_by(formats[i],
			    (struct sse_slice){bytes, seed % 1000}, NOW_MS,
			    &ms);
	}
	CHECK(!read_by("%T",
	    SLICE("\0"
		  "10:00:00"),
	    NOW_MS, &ms));
}

/* 64 KiB that nearly match everywhere: no more than some passes over them. */
TEST(the_work_is_linear_in_the_line)
{
	static const char *const formats[] = {"%*[%d/%b/%Y:%H:%M:%S %z]",
	    "%*%F %T", "%*%b %e %T", "%*%s", "%*\"time\":\"%FT%T", "%*@%t"};
	static const char *const texts[] = {"[", "1 ", "Nov ", "1795168800a ",
	    "\"time\":\"", "@4000", "2026-11-20 ", "\0", "[01/Nov/2026:"};
	static char line[65536];
	clock_t began = clock();
	int64_t ms;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t size = strlen(texts[i]) + (texts[i][0] == '\0');

		for (size_t at = 0; at < sizeof(line); at++)
			line[at] = texts[i][at % size];
		for (size_t j = 0; j < sizeof(formats) / sizeof(formats[0]);
		     j++)
			(void)read_by(formats[j],
			    (struct sse_slice){line, sizeof(line)}, NOW_MS,
			    &ms);
	}
	CHECK((clock() - began) / CLOCKS_PER_SEC < 5);
}
