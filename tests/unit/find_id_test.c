/*
 * Resuming at the id of a record, as a client sees it: through a stream.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fdio.h"
#include "record/reverse_reader.h"
#include "random.h"
#include "source/watch.h"
#include "stream/stream.h"

#ifdef WITH_JSON

#define DEADLINE_MS 5000

static struct stream_conf conf = {
    .name = "log",
    .follow = true,
    .from = CONF_FROM_RECORDS,
    .from_records = 1,
    .replay_size = 100000000,
    .format = CONF_FORMAT_JSON,
    .record_size_max = 1024,
    .backlog_size = 4 << 20,
    .event = "",
    .ids = CONF_IDS_RECORD,
    .retry_ms = 2000,
    .heartbeat_ms = 15000,
};

static void
add_to(const char *name, struct sse_slice text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text.data, text.size) == (ssize_t)text.size);
	close(fd);
}

static void
add(const char *text)
{
	add_to("log", sse_slice(text));
}

/* {"id":"N","data":"dN"} */
static void
add_records(const char *name, unsigned first, unsigned end)
{
	static char text[1 << 20];
	size_t size = 0;

	for (unsigned i = first; i < end; i++) {
		size += (size_t)snprintf(text + size, sizeof(text) - size,
		    "{\"id\":\"%u\",\"data\":\"d%u\"}\n", i, i);
		CHECK(size < sizeof(text));
	}
	add_to(name, (struct sse_slice){text, size});
}

static struct stream *
start(const char *last_event_id)
{
	struct stream *stream;
	struct sse_event first;

	conf.source = test_path("log");
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream,
			    &(struct stream_start){
				.last_event_id = sse_slice(last_event_id),
				.since_ms = STREAM_SINCE_NONE}),
	    0);
	stream_first(stream, 0, &first);
	CHECK(first.id.data == NULL);
	return stream;
}

/* As stream_next(), of which only the event is looked at. */
static int
take(struct stream *stream, struct sse_event *event)
{
	struct stream_item item;
	int got = stream_next(stream, &item);

	if (got == 1)
		*event = item.event;
	return got;
}

/* Its client is told that it waits. */
static void
check_wait(struct stream *stream, const char *text)
{
	int64_t end_ms =
	    sse_clock_monotonic_ms(sse_clock_system()) + DEADLINE_MS;
	struct sse_event event = {0};
	int got = take(stream, &event);

	/* A turn that is over may be one more, on a busy machine. */
	while (got == 0 && sse_clock_monotonic_ms(sse_clock_system()) < end_ms)
		got = take(stream, &event);
	CHECK_EQUAL_INT(got, 1);
	CHECK(event.data.data == NULL && event.id.data == NULL);
	CHECK_EQUAL_TEXT(event.comment, sse_slice(text));
}

/* The next event that is not a mark. */
static struct sse_event
next(struct stream *stream)
{
	int64_t end_ms =
	    sse_clock_monotonic_ms(sse_clock_system()) + DEADLINE_MS;
	struct sse_event event = {0};

	while (sse_clock_monotonic_ms(sse_clock_system()) < end_ms) {
		struct pollfd fd = {
		    .fd = stream_poll(stream).fd, .events = POLLIN};
		int got = take(stream, &event);

		CHECK(got >= 0);
		if (got == 1 && sse_encode_size(&event) > 1) {
			CHECK_EQUAL_INT(sse_event_check(&event), 0);
			return event;
		}
		if (got == 0)
			poll(&fd, 1, (int)stream_poll(stream).timeout_ms);
	}
	test_fail(__FILE__, __LINE__, "no event");
}

static void
check_next(struct stream *stream, const char *id, const char *data)
{
	struct sse_event event = next(stream);

	CHECK_EQUAL_TEXT(event.data, sse_slice(data));
	CHECK_EQUAL_TEXT(event.id, sse_slice(id));
	CHECK(event.type.data == NULL);
}

static void
check_gap(struct stream *stream, const char *reason)
{
	struct sse_event event = next(stream);

	CHECK_EQUAL_TEXT(event.type, SLICE("gap"));
	CHECK(memmem(event.data.data, event.data.size, reason,
		  strlen(reason)) != NULL);
	CHECK(event.id.data == NULL);
}

/* A client with that id gets that event first. */
static void
check_resume(const char *last_event_id, const char *id, const char *data)
{
	struct stream *stream = start(last_event_id);

	check_next(stream, id, data);
	stream_free(stream);
}

TEST(a_client_goes_on_behind_its_record)
{
	struct stream *stream;
	char id[20], wanted[20], data[20];

	add_records("log", 0, 5000);
	for (unsigned i = 0; i < 4999; i += 333) {
		snprintf(id, sizeof(id), "%u", i);
		stream = start(id);
		for (unsigned j = i + 1; j < 5000 && j < i + 3; j++) {
			snprintf(wanted, sizeof(wanted), "%u", j);
			snprintf(data, sizeof(data), "d%u", j);
			check_next(stream, wanted, data);
		}
		stream_free(stream);
	}
	/* At the end there is nothing more, until there is. */
	stream = start("4999");
	add_records("log", 5000, 5001);
	check_next(stream, "5000", "d5000");
	stream_free(stream);
}

TEST(the_only_record_is_found)
{
	struct stream *stream;

	add_records("log", 1, 2);
	stream = start("1");
	add_records("log", 2, 3);
	check_next(stream, "2", "d2");
	stream_free(stream);
}

TEST(the_last_record_with_an_id_stats)
{
	add("{\"id\":\"a\",\"data\":1}\n{\"id\":\"b\",\"data\":2}\n"
	    "{\"id\":\"a\",\"data\":3}\n{\"id\":\"c\",\"data\":4}\n");
	check_resume("a", "c", "4");
	check_resume("b", "a", "3");
}

/* Where nothing is followed that is a record, and was sent. */
TEST(a_last_record_without_an_end_is_found_where_nothing_is_followed)
{
	struct stream *stream;

	conf.follow = false;
	add("{\"id\":\"a\",\"data\":1}\n{\"id\":\"b\",\"data\":2}");
	check_resume("a", "b", "2");
	stream = start("b");
	while (stream_is_starting(stream))
		CHECK(stream_go_on_starting(stream) >= 0);
	CHECK(stream_is_done(stream));
	stream_free(stream);
	conf.follow = true;
}

TEST(an_id_is_what_the_client_got_however_it_was_written)
{
	add("{\"id\":\"a\\/b\",\"data\":1}\n{\"id\":\"\\u0061c\",\"data\":2}\n"
	    "{\"id\":17,\"data\":3}\n{\"id\":\"\xff\",\"data\":4}\n"
	    "{\"id\":\"\\\"q\\\\\",\"data\":5}\n{\"data\":\"a/b 17\"}\n");
	check_resume("a/b", "ac", "2");
	check_resume("ac", "17", "3");
	check_resume("17", "\xef\xbf\xbd", "4");
	check_resume("\xef\xbf\xbd", "\"q\\", "5");
	check_resume("\"q\\", NULL, "a/b 17");
	add("{\"id\":\"\\u00e9\\u007e\",\"data\":6}\n"
	    "{\"data\":\"\\u00e97\",\"id\":\"\\u002D-\"}\n"
	    "{\"id\":\"-\\u002D-\",\"data\":\"\\u00e9\"}\n{\"data\":9}\n");
	check_resume("\xc3\xa9~", "--",
	    "\xc3\xa9"
	    "7");
	check_resume("--", "---", "\xc3\xa9");
	check_resume("---", NULL, "9");
	/* Sequences of terminals, and controls, have gone. */
	add("{\"id\":\"e\x1b[1mf\",\"data\":10}\n"
	    "{\"id\":\"g\bh\",\"data\":11}\n{\"data\":12}\n");
	check_resume("ef", "gh", "11");
	check_resume("gh", NULL, "12");
}

TEST(an_id_that_is_not_there_is_a_gap)
{
	static const char *const ids[] = {"5", "d1", "1\n", "01", " 1", "\"1\"",
	    "-", "\xff\xfe", "1-AAAAAAAA-24-AAAAAAAAAA"};
	struct stream *stream;

	add_records("log", 1, 5);
	/* It is not whole, whatever it looks like. */
	add("{\"id\":\"5\",\"data\":\"d5\"}");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		stream = start(ids[i]);
		check_gap(stream, "unknown");
		check_next(stream, "4", "d4");
		stream_free(stream);
	}
}

TEST(an_id_that_is_too_long_is_not_looked_for)
{
	static char id[5000];
	struct stream *stream;

	memset(id, 'x', sizeof(id) - 1);
	add_records("log", 1, 2);
	stream = start(id);
	check_gap(stream, "unknown");
	stream_free(stream);
}

TEST(only_so_much_as_replay_says_is_searched)
{
	struct stream *stream;

	add_records("log", 1000, 1010);
	conf.replay_size = 5 * sizeof("{\"id\":\"1000\",\"data\":\"d1000\"}");
	check_resume("1005", "1006", "d1006");
	conf.replay_size -= 1;
	stream = start("1005");
	check_gap(stream, "unknown");
	check_next(stream, "1009", "d1009");
	stream_free(stream);
	conf.replay_size = 0;
	stream = start("1009");
	check_gap(stream, "unknown");
	stream_free(stream);
}

TEST(records_without_an_id_or_that_were_cut_are_not_found)
{
	static char text[3000];
	struct stream *stream;

	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, "{\"id\":\"a\",\"data\":1}", 19);
	add(text);
	add("\n{\"data\":\"a\"}\n{\"id\":[\"a\"],\"data\":1}\n");
	stream = start("a");
	check_gap(stream, "unknown");
	stream_free(stream);
}

TEST(older_generations_are_searched_too)
{
	struct stream *stream;

	add_records("log.2", 1, 4);
	add_to("log.2", SLICE("{\"id\":\"4\",\"data\":\"d4\"}"));
	add_records("log.1", 5, 7);
	add_records("log", 7, 9);
	conf.rotate_wait_ms = 10;
	stream = start("3");
	check_next(stream, "4", "d4");
	check_next(stream, "5", "d5");
	check_next(stream, "6", "d6");
	check_next(stream, "7", "d7");
	check_next(stream, "8", "d8");
	stream_free(stream);
	check_resume("4", "5", "d5");
	check_resume("6", "7", "d7");
	/* As long as replay reaches. */
	conf.replay_size = 4 * sizeof("{\"id\":\"1\",\"data\":\"d1\"}");
	check_resume("5", "6", "d6");
	conf.replay_size -= 1;
	stream = start("5");
	check_gap(stream, "unknown");
	stream_free(stream);
}

TEST(a_generation_that_is_compressed_ends_the_search)
{
	struct stream *stream;

	add_records("log.3", 1, 3);
	add_records("log.2.gz", 3, 5);
	add_records("log.1", 5, 7);
	add_records("log", 7, 9);
	check_resume("5", "6", "d6");
	stream = start("1");
	check_gap(stream, "unknown");
	stream_free(stream);
}

/* A copy has to be born later, in the ticks of the file system's clock. */
static void
wait_for_a_tick(void)
{
	struct sse_file_stat log, other;

	CHECK_EQUAL_INT(sse_path_stat(test_path("log"), &log), 0);
	do {
		unlink(test_path("other"));
		add_to("other", SLICE(""));
		CHECK_EQUAL_INT(sse_path_stat(test_path("other"), &other), 0);
	} while (other.birth_ns == log.birth_ns && log.birth_ns >= 0);
}

TEST(a_log_that_was_copied_and_truncated_is_told)
{
	struct stream *stream;

	add_records("log", 1, 4);
	wait_for_a_tick();
	add_records("log.1", 1, 4);
	CHECK_EQUAL_INT(truncate(test_path("log"), 0), 0);
	add_records("log", 4, 6);
	stream = start("2");
	check_next(stream, "3", "d3");
	check_gap(stream, "truncated");
	check_next(stream, "4", "d4");
	stream_free(stream);
}

/* One read a call, and nothing to poll meanwhile. */
TEST(the_search_can_be_interrupted)
{
	struct stream *stream;
	struct sse_event event;
	int calls = 0;

	for (unsigned i = 0; i < 40; i++)
		add_records("log", i * 1000, i * 1000 + 1000);
	stream = start("1");
	while (stream_poll(stream).fd < 0) {
		CHECK_EQUAL_INT(stream_poll(stream).timeout_ms, 0);
		CHECK_EQUAL_INT(stream_poll(stream).error, 0);
		CHECK_EQUAL_INT(take(stream, &event), 0);
		calls++;
	}
	CHECK(calls >= 40000 * 24 / REVERSE_READER_READ_SIZE);
	/* What was found is there to be taken, not only to be waited for. */
	CHECK_EQUAL_INT(stream_poll(stream).timeout_ms, 0);
	check_next(stream, "2", "d2");
	stream_free(stream);
}

TEST(a_log_that_is_truncated_meanwhile_is_searched_anew)
{
	struct stream *stream;
	struct sse_event event;

	for (unsigned i = 0; i < 20; i++)
		add_records("log", i * 1000, i * 1000 + 1000);
	stream = start("7");
	CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK_EQUAL_INT(truncate(test_path("log"), 0), 0);
	add_records("log", 5, 10);
	check_next(stream, "8", "d8");
	stream_free(stream);
}

/* No descriptor is free for the search that begins anew: it goes on later. */
TEST(a_log_that_changes_in_a_shortage_is_searched_when_it_is_over)
{
	struct rlimit before, none;
	struct stream *stream;
	struct sse_event event;

	for (unsigned i = 0; i < 20; i++)
		add_records("log", i * 1000, i * 1000 + 1000);
	stream = start("7");
	CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK_EQUAL_INT(truncate(test_path("log"), 0), 0);
	add_records("log", 5, 10);
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none = before;
	none.rlim_cur = 3;
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	for (int i = 0; i < 4; i++)
		(void)take(stream, &event);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	check_next(stream, "8", "d8");
	stream_free(stream);
}

TEST(a_log_that_is_rotated_meanwhile_is_followed)
{
	struct stream *stream;
	struct sse_event event;

	for (unsigned i = 0; i < 20; i++)
		add_records("log", i * 1000, i * 1000 + 1000);
	stream = start("19998");
	while (stream_poll(stream).fd < 0)
		CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK_EQUAL_INT(rename(test_path("log"), test_path("log.1")), 0);
	add_records("log", 20000, 20001);
	check_next(stream, "19999", "d19999");
	check_next(stream, "20000", "d20000");
	stream_free(stream);
	/* Between two steps of the search, too. */
	conf.replay_size = 1000000000;
	stream = start("3");
	CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK_EQUAL_INT(rename(test_path("log.1"), test_path("log.2")), 0);
	CHECK_EQUAL_INT(rename(test_path("log"), test_path("log.1")), 0);
	add_records("log", 20001, 20002);
	check_next(stream, "4", "d4");
	stream_free(stream);
}

TEST(a_log_that_cannot_be_opened_after_the_search_is_tried_again)
{
	struct stream *stream;
	struct sse_event event;

	add_records("log", 1, 4);
	stream = start("2");
	CHECK_EQUAL_INT(rename(test_path("log"), test_path("away")), 0);
	CHECK_EQUAL_INT(mkdir(test_path("log"), 0700), 0);
	CHECK_EQUAL_INT(take(stream, &event), 0);
	check_wait(stream, "waiting for the log: it cannot be read");
	for (int i = 0; i < 5; i++)
		CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK_EQUAL_INT(stream_poll(stream).error, RESULT_WRONG_KIND);
	CHECK(stream_poll(stream).timeout_ms > 0);
	CHECK_EQUAL_INT(stream_poll(stream).fd, -1);
	CHECK_EQUAL_INT(rmdir(test_path("log")), 0);
	CHECK_EQUAL_INT(rename(test_path("away"), test_path("log")), 0);
	check_next(stream, "3", "d3");
	CHECK_EQUAL_INT(stream_poll(stream).error, 0);
	stream_free(stream);
}

TEST(what_cannot_be_served_is_told_at_once)
{
	struct stream *stream;

	CHECK_EQUAL_INT(mkdir(test_path("log"), 0700), 0);
	conf.source = test_path("log");
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream,
			    &(struct stream_start){.last_event_id = SLICE("a"),
				.since_ms = STREAM_SINCE_NONE}),
	    RESULT_WRONG_KIND);
	stream_free(stream);
}

static struct stream *
start_without_log(const char *last_event_id)
{
	struct stream *stream;
	struct stream_start start = {.last_event_id = sse_slice(last_event_id),
	    .since_ms = STREAM_SINCE_NONE};
	struct sse_event first;

	conf.source = test_path("log");
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream, &start), -ENOENT);
	CHECK(stream_may_wait(&conf, &start, -ENOENT));
	stream_first(stream, 0, &first);
	CHECK(first.id.data == NULL);
	CHECK(strstr(first.comment.data, "it does not exist yet") != NULL);
	return stream;
}

/* The id is looked for in what comes; else the client begins at "from". */
TEST(a_log_that_is_not_there_yet_is_waited_for)
{
	struct stream *stream = start_without_log("1");
	struct sse_event event;

	for (int i = 0; i < 3; i++)
		CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK_EQUAL_INT(stream_poll(stream).timeout_ms, WATCH_POLL_MS);
	add_records("log", 1, 3);
	check_next(stream, "2", "d2");
	stream_free(stream);
	CHECK_EQUAL_INT(unlink(test_path("log")), 0);
	stream = start_without_log("9");
	add_records("log", 1, 3);
	check_gap(stream, "unknown");
	check_next(stream, "2", "d2");
	stream_free(stream);
}

TEST(a_fifo_cannot_be_searched)
{
	struct stream *stream;
	int fd;

	CHECK_EQUAL_INT(mkfifo(test_path("log"), 0600), 0);
	stream = start("1");
	fd = open(test_path("log"), O_WRONLY | O_NONBLOCK);
	CHECK(fd >= 0);
	CHECK(write(fd, "{\"id\":\"1\"}\n{\"data\":2}\n", 22) == 22);
	check_gap(stream, "unknown");
	CHECK_EQUAL_TEXT(next(stream).id, SLICE("1"));
	check_next(stream, NULL, "2");
	close(fd);
	stream_free(stream);
}

/* ------------------------------------------------------------- at random -- */

/* Moves log.1 to log.2, log to log.1. */
static void
rotate(void)
{
	(void)rename(test_path("log.1"), test_path("log.2"));
	(void)rename(test_path("log"), test_path("log.1"));
}

static void
check_random_log(struct random *random)
{
	unsigned count = 0, gone = 0, oldest[3] = {0, 0, 0};
	struct stream *stream;
	char id[20], data[20];
	unsigned from;

	for (size_t i = 0, parts = 1 + random_below(random, 4); i < parts;
	     i++) {
		unsigned more = 1 + (unsigned)random_below(random, 300);

		if (i > 0) {
			rotate();
			oldest[2] = oldest[1];
			oldest[1] = oldest[0];
			oldest[0] = count;
		}
		add_records("log", count, count + more);
		count += more;
	}
	gone = oldest[2];
	from = gone + (unsigned)random_below(random, count - gone);
	snprintf(id, sizeof(id), "%u", from);
	stream = start(id);
	add_records("log", count, count + 1);
	for (unsigned i = from + 1; i <= count; i++) {
		snprintf(id, sizeof(id), "%u", i);
		snprintf(data, sizeof(data), "d%u", i);
		check_next(stream, id, data);
	}
	stream_free(stream);
	unlink(test_path("log"));
	unlink(test_path("log.1"));
	unlink(test_path("log.2"));
}

TEST(nothing_is_lost_and_nothing_repeated)
{
	struct random random = {3};

	conf.rotate_wait_ms = 0;
	for (int i = 0; i < 40; i++)
		check_random_log(&random);
}

#else

TEST(without_json_there_is_nothing_to_find)
{
	CHECK(!sse_name_valid(SLICE("")));
}

#endif
