#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
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
			      "\"unit\":\"bytes\"}"));
	CHECK_EQUAL_INT(sse_position_parse(event.id, &position), 0);
	CHECK_EQUAL_INT(position.offset, 0);
	stream_free(stream);
	conf.replay_size = 5;
	stream = start(NULL);
	event = next(stream);
	CHECK_EQUAL_TEXT(
	    event.data, SLICE("{\"reason\":\"limit\",\"skipped\":4,"
			      "\"unit\":\"bytes\"}"));
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("bbb"));
	stream_free(stream);
}

TEST(what_a_log_may_hold_can_always_be_sent)
{
	struct stream *stream;
	int fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);

	CHECK(write(fd, "\0\n\xff\xc0\n\r\r \r\r\n\n", 12) == 12);
	close(fd);
	stream = start(NULL);
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("\0"));
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("\xef\xbf\xbd\xef\xbf\xbd"));
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("\r\r "));
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

#ifdef WITH_PCRE2

static const char *
data_of(struct stream *stream)
{
	static char text[64];
	struct sse_event event = next(stream);

	(void)snprintf(text, sizeof(text), "%.*s", (int)event.data.size,
	    event.data.size > 0 ? event.data.data : "");
	return text;
}

TEST(only_what_include_and_exclude_let_through_is_sent)
{
	struct stream *stream;

	conf.from = CONF_FROM_START;
	conf.include = "GET|POST";
	conf.exclude = "health";
	write_log("GET /a\nHEAD /a\nGET /health\nPOST \x1b[1m/b\nx\nGET /c\n");
	stream = start(NULL);
	CHECK_EQUAL_TEXT(sse_slice(data_of(stream)), SLICE("GET /a"));
	CHECK_EQUAL_TEXT(sse_slice(data_of(stream)), SLICE("POST /b"));
	CHECK_EQUAL_TEXT(sse_slice(data_of(stream)), SLICE("GET /c"));
	stream_free(stream);
}

static int64_t
monotonic_ms(void *context)
{
	return *(int64_t *)context;
}

static int64_t
file_time_ms(void *context)
{
	(void)context;
	return sse_clock_file_time_ms(sse_clock_system());
}

/* So that who comes back does not have it all read again. */
TEST(the_position_of_filtered_records_is_told_with_the_heartbeat)
{
	int64_t now_ms = 1000;
	const struct sse_clock clock = {monotonic_ms, file_time_ms, &now_ms};
	struct sse_position position;
	struct sse_event event;
	struct stream *stream;
	int got;

	conf.from = CONF_FROM_START;
	conf.include = "yes";
	write_log("yes\nno\nno\n");
	conf.source = test_path("log");
	CHECK_EQUAL_INT(stream_new(&conf, &clock, 7, &stream), 0);
	CHECK_EQUAL_INT(
	    stream_start(stream,
		&(struct stream_wish){sse_slice(NULL), STREAM_SINCE_NONE}),
	    0);
	CHECK_EQUAL_TEXT(sse_slice(data_of(stream)), SLICE("yes"));
	while ((got = stream_next(stream, &event)) == 0 &&
	       stream_timeout_ms(stream) == 0)
		;
	CHECK_EQUAL_INT(got, 0);
	CHECK(stream_timeout_ms(stream) <= conf.heartbeat_ms);
	now_ms += conf.heartbeat_ms;
	event = next(stream);
	CHECK(event.data.data == NULL && event.type.data == NULL);
	CHECK_EQUAL_INT(sse_position_parse(event.id, &position), 0);
	CHECK_EQUAL_INT(position.offset, 10);
	CHECK(!stream_gave_record(stream));
	/* Once. */
	now_ms += 10 * conf.heartbeat_ms;
	CHECK_EQUAL_INT(stream_next(stream, &event), 0);
	stream_free(stream);
}

/* A log of nothing else does not keep the caller for long. */
TEST(many_filtered_records_are_passed_over_in_parts)
{
	static char text[1 << 20];
	struct sse_event event;
	struct stream *stream;
	int calls = 0;

	conf.from = CONF_FROM_START;
	conf.include = "yes";
	conf.replay_size = 8 << 20;
	for (size_t i = 0; i + 3 <= sizeof(text) - 1; i += 3)
		memcpy(text + i, "no\n", 3);
	write_log(text);
	write_log("yes\n");
	stream = start(NULL);
	while (stream_next(stream, &event) == 0) {
		CHECK_EQUAL_INT(stream_timeout_ms(stream), 0);
		calls++;
	}
	CHECK_EQUAL_TEXT(event.data, SLICE("yes"));
	CHECK(calls >= 15);
	stream_free(stream);
}

#endif

static const struct {
	int error;
	bool follow, has_id, is_time;
	bool want;
} waits[] = {
    /* Missing, or not to be read: always, unless nobody follows. */
    {-ENOENT, true, false, false, true},
    {-EACCES, true, false, false, true},
    {-EAGAIN, true, false, false, true},
    {-EACCES, true, false, true, true},
    {-ENOENT, false, false, false, false},
    {-EACCES, false, false, false, false},
    {-EACCES, false, false, true, false},
    /* No log at all: with an id. */
    {-ENODEV, true, false, false, false},
    {-ELOOP, true, false, false, false},
    {-ENOTDIR, true, false, false, false},
    {-ENAMETOOLONG, true, false, false, false},
    {-EIO, true, false, false, false},
    {-ENODEV, true, false, true, false},
    {-ENOENT, true, true, false, true},
    {-EACCES, false, true, false, true},
    {-ENOENT, false, true, false, true},
    {-ENODEV, true, true, false, true},
    {-ENODEV, false, true, false, true},
    {-ELOOP, true, true, false, true},
    {-ENOTDIR, true, true, false, true},
    {-ENAMETOOLONG, true, true, false, true},
    {-EIO, true, true, false, true},
    /* Another's FIFO, and what we lack ourselves: they are to come back. */
    {-EBUSY, true, true, false, false},
    {-ENOMEM, true, true, false, false},
    {0, true, true, false, false},
};

TEST(who_waits_and_who_is_refused)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct stream_conf one = {.follow = waits[i].follow};
		struct stream_wish wish = {
		    sse_slice(waits[i].has_id ? "x" : NULL),
		    waits[i].is_time ? 0 : STREAM_SINCE_NONE};

		printf("# row %zu\n", i);
		CHECK_EQUAL_INT(stream_may_wait(&one, &wish, waits[i].error),
		    waits[i].want);
	}
}

static void
make_folder(void)
{
	CHECK(mkdir(test_path("log"), 0700) == 0);
}

static void
make_link_to_itself(void)
{
	CHECK(symlink("log", test_path("log")) == 0);
}

static void
make_nothing(void)
{
}

static const struct {
	void (*make)(void);
	int error;
	const char *comment;
} instead[] = {
    {make_nothing, -ENOENT, "it does not exist yet"},
    {make_folder, -ENODEV, "it cannot be read"},
    {make_link_to_itself, -ELOOP, "it cannot be read"},
};

/* The log is away when its client comes back, and then it is there again. */
static void
play_wait(struct sse_slice id, size_t i)
{
	struct stream *stream;
	struct sse_event event;

	CHECK(rename(test_path("log"), test_path("away")) == 0);
	instead[i].make();
	CHECK_EQUAL_INT(stream_new(&conf, sse_clock_system(), 7, &stream), 0);
	CHECK_EQUAL_INT(
	    stream_start(stream, &(struct stream_wish){id, STREAM_SINCE_NONE}),
	    instead[i].error);
	CHECK_EQUAL_INT(stream_start_error(stream), instead[i].error);
	stream_first(stream, 0, &event);
	CHECK(event.id.data == NULL);
	CHECK(strstr(event.comment.data, instead[i].comment) != NULL);
	for (int turn = 0; turn < 3; turn++)
		CHECK_EQUAL_INT(stream_next(stream, &event), 0);
	CHECK(stream_timeout_ms(stream) > 0);
	CHECK_EQUAL_INT(stream_fd(stream), -1);
	(void)remove(test_path("log"));
	CHECK(rename(test_path("away"), test_path("log")) == 0);
	event = next(stream);
	CHECK(event.data.data == NULL);
	CHECK_EQUAL_TEXT(event.id, id);
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("b"));
	CHECK_EQUAL_INT(stream_error(stream), 0);
	stream_free(stream);
}

TEST(a_client_that_waits_keeps_its_id_and_goes_on_there)
{
	char id[SSE_POSITION_SIZE_MAX];
	struct stream *stream;
	struct sse_event event;
	size_t size;

	write_log("a\n");
	stream = start(NULL);
	event = next(stream);
	size = event.id.size;
	memcpy(id, event.id.data, size);
	stream_free(stream);
	write_log("b\n");
	for (size_t i = 0; i < sizeof(instead) / sizeof(instead[0]); i++) {
		printf("# row %zu\n", i);
		play_wait((struct sse_slice){id, size}, i);
	}
}
