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

static struct stream_conf conf = {
    .name = "log",
    .generations = "",
    .follow = true,
    .from = CONF_FROM_END,
    .replay_size = 1000000,
    .record_size_max = 1024,
    .event = "",
    .ids = CONF_IDS_POSITION,
    .retry_ms = 2000,
    .heartbeat_ms = 15000,
    .record_start = "",
    .time_format = "",
};

static void
write_log(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	conf.source = test_path("log");
}

static void
check(enum shape start, enum shape time)
{
	char text[SHAPE_TEXT_SIZE_MAX];

	CHECK_EQUAL_INT(shape_of_start(&conf, NULL, text), start);
	CHECK_EQUAL_INT(shape_of_time(&conf, NULL, text), time);
}

TEST(where_nothing_is_said_all_fits)
{
	write_log("a\n");
	check(SHAPE_FITS, SHAPE_FITS);
}

TEST(one_line_of_the_last_is_enough)
{
	conf.record_start = "^=";
	conf.time_format = "%Y-%m-%dT%H:%M:%S%z";
	write_log("=2026-11-20T10:00:00Z a\n b\n c\n");
	check(SHAPE_FITS, SHAPE_DIFFERS);
	write_log("2026-11-20T10:00:00Z a\n");
	check(SHAPE_FITS, SHAPE_FITS);
}

TEST(what_differs_is_told_with_the_last_line)
{
	char text[SHAPE_TEXT_SIZE_MAX];

	conf.record_start = "^=";
	write_log("first\n\nlast \r\nunfinished=");
	CHECK_EQUAL_INT(shape_of_start(&conf, NULL, text), SHAPE_DIFFERS);
	CHECK_EQUAL_TEXT(sse_slice(text),
	    SLICE("record-start: none of the last 2 lines matches \"^=\"; the"
		  " last is \"last \""));
}

TEST(without_a_whole_line_nobody_knows)
{
	conf.record_start = "^=";
	conf.source = test_path("log");
	check(SHAPE_UNKNOWN, SHAPE_FITS);
	write_log("unfinished");
	check(SHAPE_UNKNOWN, SHAPE_FITS);
	write_log("\n\n");
	check(SHAPE_DIFFERS, SHAPE_FITS);
	conf.source = "-";
	check(SHAPE_UNKNOWN, SHAPE_FITS);
}

TEST(only_the_last_lines_are_looked_at)
{
	conf.record_start = "^=";
	write_log("=\n");
	for (int i = 0; i < SHAPE_LINES_MAX - 1; i++)
		write_log("a\n");
	check(SHAPE_FITS, SHAPE_FITS);
	write_log("a\n");
	check(SHAPE_DIFFERS, SHAPE_FITS);
}
