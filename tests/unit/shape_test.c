/*
 * shape_test.c - whether a log's last lines are as its configuration says.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream/shape.h"
#include "stream_confs.h"

static struct stream_conf conf = {
    STREAM_CONF_OF_TESTS,
    .name = "log",
    .from = CONF_FROM_END,
    .record_start = "",
    .time_format = "",
};

static void
add(const char *text)
{
	write_log(text);
	conf.source = test_path("log");
}

static void
check(enum shape start, enum shape time)
{
	char text[SHAPE_TEXT_SIZE_MAX];

	CHECK_EQUAL_INT(shape_of_start(&conf, NULL, NULL, text), start);
	CHECK_EQUAL_INT(shape_of_time(&conf, NULL, NULL, text), time);
}

TEST(where_nothing_is_said_all_fits)
{
	add("a\n");
	check(SHAPE_FITS, SHAPE_FITS);
}

TEST(one_line_of_the_last_is_enough)
{
	conf.record_start = "^=";
	conf.time_format = "%Y-%m-%dT%H:%M:%S%z";
	add("=2026-11-20T10:00:00Z a\n b\n c\n");
	check(SHAPE_FITS, SHAPE_DIFFERS);
	add("2026-11-20T10:00:00Z a\n");
	check(SHAPE_FITS, SHAPE_FITS);
}

TEST(what_differs_is_told_with_the_last_line)
{
	char text[SHAPE_TEXT_SIZE_MAX];

	conf.record_start = "^=";
	add("first\n\nlast \r\nunfinished=");
	CHECK_EQUAL_INT(shape_of_start(&conf, NULL, NULL, text), SHAPE_DIFFERS);
	CHECK_EQUAL_TEXT(sse_slice(text),
	    SLICE("record-start: none of the last 2 lines matches \"^=\"; the"
		  " last is \"last \""));
}

static int64_t looks;

/* A millisecond at each look. */
static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return looks++;
}

/* Each line that does not fit takes a millisecond. */
TEST(when_time_is_up_nobody_knows)
{
	static const struct sse_clock hand = {.monotonic_ms = monotonic_ms};
	char text[SHAPE_TEXT_SIZE_MAX];

	conf.record_start = "^=";
	add("=\n");
	for (int i = 0; i < SHAPE_TURN_MS + 2; i++)
		add("a\n");
	CHECK_EQUAL_INT(
	    shape_of_start(&conf, NULL, &hand, text), SHAPE_UNKNOWN);
	CHECK(looks > SHAPE_TURN_MS && looks <= SHAPE_TURN_MS + 2);
	CHECK_EQUAL_INT(shape_of_start(&conf, NULL, NULL, text), SHAPE_FITS);
}

TEST(without_a_whole_line_nobody_knows)
{
	conf.record_start = "^=";
	conf.source = test_path("log");
	check(SHAPE_UNKNOWN, SHAPE_FITS);
	add("unfinished");
	check(SHAPE_UNKNOWN, SHAPE_FITS);
	add("\n\n");
	check(SHAPE_DIFFERS, SHAPE_FITS);
	conf.source = "-";
	check(SHAPE_UNKNOWN, SHAPE_FITS);
}

TEST(only_the_last_lines_are_looked_at)
{
	conf.record_start = "^=";
	add("=\n");
	for (int i = 0; i < SHAPE_LINES_MAX - 1; i++)
		add("a\n");
	check(SHAPE_FITS, SHAPE_FITS);
	add("a\n");
	check(SHAPE_DIFFERS, SHAPE_FITS);
}
