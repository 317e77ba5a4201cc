/*
 * beginning_test.c - a client's wish into a start of the source.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream/beginning.h"
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

static struct beginning
make(void)
{
	const struct source_options options = {.clock = sse_clock_system(),
	    .record_size_max = 1024,
	    .replay_size = 1000000,
	    .follow = conf.follow,
	    .random = 7};
	struct beginning beginning = {.conf = &conf};

	CHECK_EQUAL_INT(
	    source_new(conf.source, &options, &beginning.source), 0);
	return beginning;
}

/* Takes all steps: what the last one said. */
static int
go_on(struct beginning *beginning)
{
	int got;

	while ((got = beginning_go_on(beginning)) == 0)
		;
	return got;
}

/* The first item that is there; a record: its text, else "<gap>", "". */
static const char *
first(const struct beginning *beginning)
{
	static char text[64];
	struct source_item item;
	int got;

	do
		got = source_next(beginning->source, &item);
	while (got == RESULT_PARTIAL || (got == 1 && item.kind == SOURCE_MARK));
	text[0] = '\0';
	if (got == 1 && item.kind == SOURCE_RECORD)
		(void)snprintf(text, sizeof(text), "%.*s",
		    (int)item.record.text.size, item.record.text.data);
	else if (got == 1 && item.kind == SOURCE_GAP)
		(void)snprintf(text, sizeof(text), "<gap> %s",
		    item.comment != NULL ? item.comment : "");
	return text;
}

static void
check(const struct stream_start *start, const char *text)
{
	struct beginning beginning = make();

	CHECK_EQUAL_INT(beginning_at_start(&beginning, start), 0);
	CHECK_EQUAL_INT(go_on(&beginning), 1);
	CHECK(beginning.started && !beginning.done);
	CHECK(!beginning_goes_on(&beginning));
	CHECK_EQUAL_TEXT(sse_slice(first(&beginning)), sse_slice(text));
	source_free(beginning.source);
}

TEST(a_wish_decides_before_the_configuration)
{
	static const struct stream_start none = {.since_ms = STREAM_SINCE_NONE};
	struct stream_start start = none;

	add("a\nb\nc\n");
	check(&none, "");
	conf.from = CONF_FROM_START;
	check(&none, "a");
	conf.from = CONF_FROM_RECORDS;
	conf.from_records = 2;
	check(&none, "b");
	start.has_last = true;
	start.last = 1;
	check(&start, "c");
	start.last = STREAM_LAST_MAX;
	check(&start, "a");
	start.fault = "not so";
	check(&start, "<gap> not so");
	start.last_event_id = sse_slice("another's");
	check(&start, "<gap> ");
}

TEST(a_time_is_wished_only_without_an_id)
{
	struct stream_start start = {.since_ms = 5};

	CHECK(stream_start_is_time(&start));
	start.last_event_id = sse_slice("x");
	CHECK(!stream_start_is_time(&start));
	start = (struct stream_start){.since_ms = STREAM_SINCE_NONE};
	CHECK(!stream_start_is_time(&start));
}

TEST(who_has_seen_the_end_is_done_where_there_is_one)
{
	const struct stream_start start = {
	    .last_event_id = sse_slice(STREAM_END_ID),
	    .since_ms = STREAM_SINCE_NONE};
	struct beginning beginning;

	add("a\n");
	check(&start, "<gap> ");
	conf.follow = false;
	beginning = make();
	CHECK_EQUAL_INT(beginning_at_start(&beginning, &start), 0);
	CHECK(beginning.done && !beginning.started);
	CHECK_EQUAL_INT(beginning_go_on(&beginning), 1);
	source_free(beginning.source);
}

TEST(what_cannot_be_started_is_tried_again)
{
	struct beginning beginning;

	CHECK_EQUAL_INT(mkdir(test_path("log"), 0700), 0);
	conf.source = test_path("log");
	beginning = make();
	CHECK_EQUAL_INT(beginning_at_newest(&beginning, 1), RESULT_WRONG_KIND);
	CHECK(!beginning.started && !beginning_goes_on(&beginning));
	CHECK_EQUAL_INT(beginning_poll(&beginning).error, RESULT_WRONG_KIND);
	CHECK(beginning_poll(&beginning).timeout_ms > 0);
	CHECK(beginning_poll(&beginning).awaited);
	CHECK_EQUAL_INT(rmdir(test_path("log")), 0);
	add("a\nb\n");
	CHECK_EQUAL_INT(go_on(&beginning), 1);
	CHECK_EQUAL_TEXT(sse_slice(first(&beginning)), SLICE("b"));
	source_free(beginning.source);
}

TEST(a_position_of_the_stream_is_gone_on_from)
{
	struct source_position position;
	struct beginning beginning;

	add("a\n");
	beginning = make();
	CHECK_EQUAL_INT(beginning_at_newest(&beginning, 0), 0);
	CHECK_EQUAL_INT(go_on(&beginning), 1);
	position = source_position(beginning.source);
	source_free(beginning.source);
	add("b\n");
	beginning = make();
	CHECK_EQUAL_INT(beginning_at_position(&beginning, &position), 0);
	CHECK_EQUAL_INT(go_on(&beginning), 1);
	CHECK_EQUAL_TEXT(sse_slice(first(&beginning)), SLICE("b"));
	source_free(beginning.source);
}
