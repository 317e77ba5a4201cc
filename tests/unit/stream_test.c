#include "test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "position.h"
#include "stream.h"

static struct stream_conf conf = {
    .name = "log",
    .follow = true,
    .from = CONF_FROM_START,
    .replay_size = 1000000,
    .record_size_max = 1024,
    .backlog_size = 4 << 20,
    .event = "",
    .ids = CONF_IDS_POSITION,
    .retry_ms = 2000,
    .heartbeat_ms = 15000,
};

static void
write_log(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static struct stream *
start(const char *last_event_id)
{
	struct stream *stream;
	int got;

	conf.source = test_path("log");
	CHECK_EQUAL_INT(stream_new(&conf, sse_clock_system(), 7, &stream), 0);
	CHECK_EQUAL_INT(
	    stream_start(stream, &(struct stream_wish){sse_slice(last_event_id),
				     STREAM_SINCE_NONE}),
	    0);
	while ((got = stream_go_on_starting(stream)) == 0)
		;
	CHECK_EQUAL_INT(got, 1);
	return stream;
}

static struct sse_event
next(struct stream *stream)
{
	struct sse_event event = {0};
	int got;

	while ((got = stream_next(stream, &event)) == 0 &&
	       stream_timeout_ms(stream) == 0)
		;
	CHECK_EQUAL_INT(got, 1);
	CHECK_EQUAL_INT(sse_event_check(&event), 0);
	return event;
}

TEST(every_connection_begins_with_retry_comment_and_id)
{
	char frame[1000];
	struct sse_position position;
	struct sse_event event;
	struct stream *stream;
	ssize_t size;

	write_log("a\n");
	stream = start(NULL);
	for (uint64_t random = 0; random < 100000; random += 777) {
		stream_first(stream, random, &event);
		CHECK(event.has_retry);
		CHECK(event.retry_ms >= 2000 && event.retry_ms <= 4000);
		CHECK(event.data.data == NULL && event.type.data == NULL);
		CHECK_EQUAL_INT(sse_position_parse(event.id, &position), 0);
		CHECK_EQUAL_INT(position.offset, 0);
		size = sse_encode(&event, frame, sizeof(frame));
		CHECK(size >= 100 && size <= 400);
	}
	stream_free(stream);
}

/* Cut off before the gap, a client has to come back to before it. */
TEST(before_a_gap_there_is_no_new_id)
{
	struct sse_event event;
	struct stream *stream;

	write_log("a\n");
	stream = start("not an id of ours");
	stream_first(stream, 0, &event);
	CHECK(event.id.data == NULL);
	CHECK(event.has_retry && event.comment.size > 0);
	event = next(stream);
	CHECK_EQUAL_TEXT(event.type, sse_slice("gap"));
	CHECK(event.id.size > 0);
	stream_free(stream);
}

TEST(the_first_frame_has_its_size_at_both_ends_of_the_keys)
{
	char frame[1000];
	struct sse_event event;
	struct stream *stream;

	for (int i = 0; i < 2; i++) {
		conf.retry_ms = i == 0 ? 100 : 3600000;
		conf.heartbeat_ms = i == 0 ? 100 : 3600000;
		conf.ids = i == 0 ? CONF_IDS_NONE : CONF_IDS_POSITION;
		stream = start(NULL);
		stream_first(stream, UINT64_MAX, &event);
		CHECK(sse_encode(&event, frame, sizeof(frame)) >= 100);
		CHECK(sse_encode(&event, frame, sizeof(frame)) <= 400);
		stream_free(stream);
	}
}

TEST(records_become_events_with_ids)
{
	struct stream *stream;
	struct sse_event event;
	char id[100];

	write_log("a\nb\r\nc\n");
	conf.event = "line";
	stream = start(NULL);
	event = next(stream);
	CHECK_EQUAL_TEXT(event.data, SLICE("a"));
	CHECK_EQUAL_TEXT(event.type, SLICE("line"));
	event = next(stream);
	CHECK_EQUAL_TEXT(event.data, SLICE("b"));
	memcpy(id, event.id.data, event.id.size);
	id[event.id.size] = '\0';
	stream_free(stream);
	stream = start(id);
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("c"));
	CHECK_EQUAL_INT(stream_next(stream, &event), 0);
	CHECK(stream_fd(stream) >= 0);
	stream_free(stream);
}

TEST(without_ids_nothing_has_one)
{
	struct stream *stream;
	struct sse_event event;

	write_log("a\n");
	conf.ids = CONF_IDS_NONE;
	stream = start("hello");
	stream_first(stream, 0, &event);
	CHECK(event.id.data == NULL);
	CHECK(next(stream).id.data == NULL);
	CHECK(next(stream).id.data == NULL);
	stream_free(stream);
}

TEST(a_gap_says_why_and_has_the_id_where_it_goes_on)
{
	struct stream *stream;
	struct sse_event event;
	struct sse_position position;

	write_log("aaa\nbbb\n");
	stream = start("1-2-3");
	event = next(stream);
	CHECK_EQUAL_TEXT(event.type, SLICE("gap"));
	CHECK_EQUAL_TEXT(
	    event.data, SLICE("{\"reason\":\"unknown\",\"skipped\":null,"
			      "\"unit\":\"octets\"}"));
	CHECK_EQUAL_INT(sse_position_parse(event.id, &position), 0);
	CHECK_EQUAL_INT(position.offset, 0);
	stream_free(stream);
	conf.replay_size = 5;
	stream = start(NULL);
	event = next(stream);
	CHECK_EQUAL_TEXT(
	    event.data, SLICE("{\"reason\":\"limit\",\"skipped\":4,"
			      "\"unit\":\"octets\"}"));
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("bbb"));
	stream_free(stream);
}

TEST(what_a_log_may_hold_can_always_be_sent)
{
	struct stream *stream;
	int fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);

	CHECK(write(fd, "\0\n\xff\xc0\n\r\r\n\n", 9) == 9);
	close(fd);
	stream = start(NULL);
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("\0"));
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("\xef\xbf\xbd\xef\xbf\xbd"));
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("\r"));
	CHECK_EQUAL_TEXT(next(stream).data, SLICE(""));
	stream_free(stream);
}

/* A log that appears moves the position, and brings no event. */
TEST(a_mark_is_an_id_and_nothing_without_ids)
{
	struct sse_event event;
	struct stream *stream;

	for (int i = 0; i < 2; i++) {
		conf.ids = i == 0 ? CONF_IDS_POSITION : CONF_IDS_NONE;
		stream = start(NULL);
		CHECK_EQUAL_INT(stream_next(stream, &event), 0);
		write_log("a\n");
		event = next(stream);
		if (i == 0) {
			CHECK(event.data.data == NULL && event.id.size > 0);
			event = next(stream);
		}
		CHECK_EQUAL_TEXT(event.data, SLICE("a"));
		stream_free(stream);
		CHECK(unlink(test_path("log")) == 0);
	}
}
