#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/fingerprint.h"
#include "record/format.h"
#include "source/position.h"
#include "stream/held.h"
#include "stream/passing.h"
#include "stream/stream.h"
#include "stream_confs.h"

int __real_format_event(struct format *format, const struct record *record,
    struct sse_event *ret_event);
int __wrap_format_event(struct format *format, const struct record *record,
    struct sse_event *ret_event);

static bool memory_is_used_up;

int
__wrap_format_event(struct format *format, const struct record *record,
    struct sse_event *ret_event)
{
	return memory_is_used_up
		   ? -ENOMEM
		   : __real_format_event(format, record, ret_event);
}

static struct stream_conf conf = {
    STREAM_CONF_OF_TESTS,
    .name = "log",
    .from = CONF_FROM_START,
    .backlog_size = 4 << 20,
};

static struct stream *
start(const char *last_event_id)
{
	struct stream *stream;
	int got;

	conf.source = test_path("log");
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream,
			    &(struct stream_start){
				.last_event_id = sse_slice(last_event_id),
				.since_ms = STREAM_SINCE_NONE}),
	    0);
	while ((got = stream_go_on_starting(stream)) == 0)
		;
	CHECK_EQUAL_INT(got, 1);
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

static struct sse_event
next(struct stream *stream)
{
	struct sse_event event = {0};
	int got;

	while ((got = take(stream, &event)) == 0 &&
	       stream_poll(stream).timeout_ms == 0)
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

/* What no format should give: as if one did. */
TEST(an_event_that_cannot_be_sent_is_told_of_and_left_behind)
{
	struct stream_item good_id = {.event = {.id = sse_slice("7"),
					  .type = SLICE("a\0b"),
					  .data = sse_slice("x")}};
	struct stream_item bad_id = {
	    .event = {.id = SLICE("7\0"), .data = sse_slice("x")}};
	struct stream *stream;

	write_log("a\n");
	stream = start(NULL);
	stream_leave_out(stream, &good_id, sse_event_check(&good_id.event));
	CHECK_EQUAL_INT(good_id.kind, STREAM_LEFT_OUT);
	CHECK_EQUAL_INT(sse_event_check(&good_id.event), 0);
	CHECK_EQUAL_TEXT(good_id.event.id, sse_slice("7"));
	CHECK(good_id.event.data.data == NULL);
	CHECK(good_id.event.type.data == NULL);
	CHECK_EQUAL_TEXT(good_id.event.comment,
	    sse_slice(
		"an event left out: it cannot be sent (Invalid argument)"));
	stream_leave_out(stream, &bad_id, sse_event_check(&bad_id.event));
	CHECK_EQUAL_INT(sse_event_check(&bad_id.event), 0);
	CHECK(bad_id.event.id.data == NULL && bad_id.event.comment.size > 0);
	stream_free(stream);
}

/* Each event says what it was made of. */
TEST(an_event_says_what_it_is)
{
	static const struct {
		const char *text;
		enum stream_kind kind;
		bool cut;
	} want[] = {{"a", STREAM_RECORD, false}, {"0123", STREAM_RECORD, true},
	    {"b", STREAM_RECORD, false}, {"", STREAM_END, false}};
	struct stream_item item;
	struct stream *stream;

	write_log("a\n01234567\nb\n");
	conf.record_size_max = 4;
	conf.follow = false;
	stream = start("not an id of ours");
	CHECK_EQUAL_INT(stream_next(stream, &item), 1);
	CHECK_EQUAL_INT(item.kind, STREAM_GAP);
	CHECK_EQUAL_INT(item.gap, GAP_UNKNOWN);
	CHECK(!item.cut);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		CHECK(!stream_ended(stream));
		CHECK_EQUAL_INT(stream_next(stream, &item), 1);
		CHECK_EQUAL_TEXT(item.event.data, sse_slice(want[i].text));
		CHECK_EQUAL_INT(item.kind, want[i].kind);
		CHECK_EQUAL_INT(item.gap, GAP_NONE);
		CHECK_EQUAL_INT(item.cut, want[i].cut);
	}
	CHECK(stream_ended(stream));
	CHECK_EQUAL_INT(stream_next(stream, &item), 0);
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
	CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK(stream_poll(stream).fd >= 0);
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
	CHECK_EQUAL_TEXT(next(stream).data, SLICE(""));
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
		CHECK_EQUAL_INT(take(stream, &event), 0);
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

/* Whoever reads in turns knows by it what an item has cost. */
TEST(an_item_says_how_much_was_gone_through_for_it)
{
	int64_t now = 0;
	const struct sse_clock clock = {monotonic_ms, file_time_ms, &now};
	const struct stream_start first = {.since_ms = STREAM_SINCE_NONE};
	size_t sizes[2] = {0, 0};
	struct stream_item item;
	struct stream *stream;

	conf.from = CONF_FROM_START;
	conf.include = NULL;
	conf.exclude = "health";
	conf.source = test_path("log");
	write_log("one\nhealth 1\nhealth 22\ntwo\n");
	CHECK_EQUAL_INT(stream_new(&conf, &clock, 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream, &first), 0);
	for (int i = 0; i < 2;)
		if (stream_next(stream, &item) == 1 &&
		    item.kind == STREAM_RECORD)
			sizes[i++] = item.size;
	CHECK_EQUAL_INT(sizes[0], 3);
	CHECK_EQUAL_INT(sizes[1], 3 + 8 + 9 + 2 * PASSING_RECORD_SIZE);
	stream_free(stream);
}

/* So that who comes back does not have it all read again. */
TEST(the_position_of_filtered_records_is_told_with_the_heartbeat)
{
	int64_t now_ms = 1000;
	const struct sse_clock clock = {monotonic_ms, file_time_ms, &now_ms};
	struct sse_position position;
	struct stream_item item;
	struct stream *stream;
	int got;

	conf.from = CONF_FROM_START;
	conf.include = "yes";
	write_log("yes\nno\nno\n");
	conf.source = test_path("log");
	CHECK_EQUAL_INT(stream_new(&conf, &clock, 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(
	    stream_start(
		stream, &(struct stream_start){.last_event_id = sse_slice(NULL),
			    .since_ms = STREAM_SINCE_NONE}),
	    0);
	CHECK_EQUAL_TEXT(sse_slice(data_of(stream)), SLICE("yes"));
	while ((got = stream_next(stream, &item)) == 0 &&
	       stream_poll(stream).timeout_ms == 0)
		;
	CHECK_EQUAL_INT(got, 0);
	CHECK(stream_poll(stream).timeout_ms <= conf.heartbeat_ms);
	now_ms += conf.heartbeat_ms;
	CHECK_EQUAL_INT(stream_next(stream, &item), 1);
	CHECK_EQUAL_INT(item.kind, STREAM_NOTE);
	CHECK(item.event.data.data == NULL && item.event.type.data == NULL);
	CHECK_EQUAL_INT(sse_position_parse(item.event.id, &position), 0);
	CHECK_EQUAL_INT(position.offset, 10);
	/* Once. */
	now_ms += 10 * conf.heartbeat_ms;
	CHECK_EQUAL_INT(stream_next(stream, &item), 0);
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
	conf.heartbeat_ms = 3600000; /* nothing else comes, however long */
	for (size_t i = 0; i + 3 <= sizeof(text) - 1; i += 3)
		memcpy(text + i, "no\n", 3);
	write_log(text);
	write_log("yes\n");
	stream = start(NULL);
	while (take(stream, &event) == 0) {
		CHECK_EQUAL_INT(stream_poll(stream).timeout_ms, 0);
		calls++;
	}
	CHECK_EQUAL_TEXT(event.data, SLICE("yes"));
	CHECK(calls >= 15);
	stream_free(stream);
}

/* The id of an offset of the log, as anybody can make it up. */
static const char *
id_of(uint64_t offset)
{
	static char text[SSE_POSITION_SIZE_MAX + 1];
	int fd = open(test_path("log"), O_RDONLY);
	struct sse_position position = {.offset = offset};
	struct fingerprint fingerprint;
	struct sse_file_stat stat;

	CHECK_EQUAL_INT(sse_fd_stat(fd, &stat), 0);
	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, offset), 0);
	close(fd);
	position.file = fingerprint_file(&stat);
	position.check = fingerprint_check(&fingerprint);
	text[sse_position_format(&position, text)] = '\0';
	return text;
}

/* All there is now: the data with "|" behind each, "<gap>|". */
static struct sse_slice
all(struct stream *stream)
{
	static char text[256];
	size_t size = 0;
	struct stream_item item;
	int got;

	while ((got = stream_next(stream, &item)) == 1 ||
	       stream_poll(stream).timeout_ms == 0) {
		struct sse_slice data = item.event.data;

		if (got != 1 || data.data == NULL)
			continue;
		if (item.kind == STREAM_GAP)
			data = sse_slice("<gap>");
		size += (size_t)snprintf(text + size, sizeof(text) - size,
		    "%.*s|", (int)data.size, data.data);
		CHECK(size < sizeof(text));
	}
	return (struct sse_slice){text, size};
}

#ifdef WITH_JSON
/* Where the records bring the ids, the position of one is none. */
TEST(with_ids_of_records_a_position_is_no_id)
{
	struct stream *stream;

	conf.format = CONF_FORMAT_JSON;
	conf.ids = CONF_IDS_RECORD;
	write_log("{\"id\":\"1\",\"data\":\"a\"}\n"
		  "{\"id\":\"2\",\"data\":\"b\"}\n");
	stream = start("1");
	CHECK_EQUAL_TEXT(all(stream), SLICE("b|"));
	stream_free(stream);
	stream = start(id_of(22));
	CHECK_EQUAL_TEXT(all(stream), SLICE("<gap>|a|b|"));
	stream_free(stream);
}
#endif

/* A record of which a client has seen a part. */
TEST(include_and_exclude_judge_the_whole_record)
{
	static const char log[] = "=a\n secret\n b\n=c\n d\n secret\n e\n=f\n";
	static const struct {
		uint64_t offset;
		const char *without; /* with exclude = secret */
		const char *with;    /* with include = secret */
	} table[] = {
	    {0, "=f|", "=a\n secret\n b|=c\n d\n secret\n e|"},
	    {3, "=f|", " secret\n b|=c\n d\n secret\n e|"},
	    {11, "=f|", " b|=c\n d\n secret\n e|"},
	    {14, "=f|", "=c\n d\n secret\n e|"},
	    {17, "=f|", " d\n secret\n e|"},
	    {28, "=f|", " e|"},
	    {31, "=f|", ""},
	    {34, "", ""},
	    {1, "<gap>|=f|", "<gap>|=a\n secret\n b|=c\n d\n secret\n e|"},
	};
	struct stream *stream;

	conf.record_start = "^=";
	write_log(log);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		conf.include = "";
		conf.exclude = "secret";
		stream = start(id_of(table[i].offset));
		CHECK_EQUAL_TEXT(all(stream), sse_slice(table[i].without));
		stream_free(stream);
		conf.include = "secret";
		conf.exclude = "";
		stream = start(id_of(table[i].offset));
		CHECK_EQUAL_TEXT(all(stream), sse_slice(table[i].with));
		stream_free(stream);
	}
}

/* A record that was sent before all of it was there. */
TEST(what_comes_later_of_a_record_is_judged_with_it)
{
	struct stream *stream;

	conf.record_start = "^=";
	conf.exclude = "secret";
	write_log("=a\n");
	stream = start(NULL);
	CHECK_EQUAL_TEXT(all(stream), SLICE("=a|"));
	write_log(" b\n");
	CHECK_EQUAL_TEXT(all(stream), SLICE(" b|"));
	write_log(" secret\n");
	CHECK_EQUAL_TEXT(all(stream), SLICE(""));
	write_log(" c\n");
	CHECK_EQUAL_TEXT(all(stream), SLICE(""));
	write_log("=d\n e\n");
	CHECK_EQUAL_TEXT(all(stream), SLICE("=d\n e|"));
	stream_free(stream);
}

/* One that record-max has cut. */
TEST(the_parts_of_a_long_record_are_judged_together)
{
	struct stream *stream;

	conf.record_start = "^=";
	conf.include = "yes";
	conf.record_size_max = 12;
	write_log("=a yes\n 2345\n 2345678\n b\n=c\n 23456789\n yes\n=d\n");
	stream = start(NULL);
	CHECK_EQUAL_TEXT(
	    all(stream), SLICE("=a yes\n 2345| 2345678\n b| yes|"));
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
    {RESULT_UNSETTLED, true, false, false, true},
    {-EACCES, true, false, true, true},
    {-ENOENT, false, false, false, false},
    {-EACCES, false, false, false, false},
    {-EACCES, false, false, true, false},
    /* No log at all: with an id. */
    {RESULT_WRONG_KIND, true, false, false, false},
    {RESULT_REFUSED, true, false, false, false},
    {-ELOOP, true, false, false, false},
    {-ENOTDIR, true, false, false, false},
    {-ENAMETOOLONG, true, false, false, false},
    {-EIO, true, false, false, false},
    {RESULT_WRONG_KIND, true, false, true, false},
    {-ENOENT, true, true, false, true},
    {-EACCES, false, true, false, true},
    {-ENOENT, false, true, false, true},
    {RESULT_WRONG_KIND, true, true, false, true},
    {RESULT_WRONG_KIND, false, true, false, true},
    {RESULT_REFUSED, true, true, false, true},
    {RESULT_REFUSED, false, true, false, true},
    {-ELOOP, true, true, false, true},
    {-ENOTDIR, true, true, false, true},
    {-ENAMETOOLONG, true, true, false, true},
    {-EIO, true, true, false, true},
    /* Another's FIFO, and what we lack ourselves: they are to come back. */
    {RESULT_BUSY, true, true, false, false},
    {-ENOMEM, true, true, false, false},
    {0, true, true, false, false},
};

TEST(who_waits_and_who_is_refused)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct stream_conf one = {.follow = waits[i].follow};
		struct stream_start start = {
		    .last_event_id = sse_slice(waits[i].has_id ? "x" : NULL),
		    .since_ms = waits[i].is_time ? 0 : STREAM_SINCE_NONE};

		printf("# row %zu\n", i);
		CHECK_EQUAL_INT(stream_may_wait(&one, &start, waits[i].error),
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
    {make_folder, RESULT_WRONG_KIND, "it cannot be read"},
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
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(
	    stream_start(stream, &(struct stream_start){.last_event_id = id,
				     .since_ms = STREAM_SINCE_NONE}),
	    instead[i].error);
	CHECK_EQUAL_INT(stream_start_error(stream), instead[i].error);
	stream_first(stream, 0, &event);
	CHECK(event.id.data == NULL);
	CHECK(strstr(event.comment.data, instead[i].comment) != NULL);
	for (int turn = 0; turn < 3; turn++)
		CHECK_EQUAL_INT(take(stream, &event), 0);
	CHECK(stream_poll(stream).timeout_ms > 0);
	CHECK_EQUAL_INT(stream_poll(stream).fd, -1);
	(void)remove(test_path("log"));
	CHECK(rename(test_path("away"), test_path("log")) == 0);
	event = next(stream);
	CHECK(event.data.data == NULL);
	CHECK_EQUAL_TEXT(event.id, id);
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("b"));
	CHECK_EQUAL_INT(stream_poll(stream).error, 0);
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

static struct stream *
start_by(const struct sse_clock *clock)
{
	const struct stream_start start = {
	    .last_event_id = sse_slice(NULL), .since_ms = STREAM_SINCE_NONE};
	struct stream *stream;

	conf.source = test_path("log");
	CHECK_EQUAL_INT(stream_new(&conf, clock, 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream, &start), 0);
	return stream;
}

static void
check_memory_lacks(struct stream *stream)
{
	struct stream_item item;

	CHECK_EQUAL_INT(stream_next(stream, &item), -ENOMEM);
	CHECK_EQUAL_INT(stream_poll(stream).error, -ENOMEM);
	CHECK(stream_poll(stream).timeout_ms > 0);
	CHECK(stream_poll(stream).timeout_ms < 1000);
}

TEST(a_record_without_memory_is_tried_again)
{
	int64_t now_ms = 1000;
	const struct sse_clock clock = {monotonic_ms, file_time_ms, &now_ms};
	struct stream *stream;

	write_log("a\nb\nc\n");
	stream = start_by(&clock);
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("a"));
	memory_is_used_up = true;
	for (int i = 0; i < 3; i++)
		check_memory_lacks(stream);
	CHECK(!stream_has_given_all(stream));
	memory_is_used_up = false;
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("b"));
	CHECK_EQUAL_INT(stream_poll(stream).error, 0);
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("c"));
	stream_free(stream);
}

TEST(a_record_that_never_gets_memory_is_left_out_and_told)
{
	int64_t now_ms = 1000;
	const struct sse_clock clock = {monotonic_ms, file_time_ms, &now_ms};
	struct sse_position position;
	struct stream_item item;
	struct stream *stream;

	write_log("a\nb\n");
	stream = start_by(&clock);
	memory_is_used_up = true;
	check_memory_lacks(stream);
	now_ms += HELD_WAIT_MS - 1;
	check_memory_lacks(stream);
	now_ms++;
	CHECK_EQUAL_INT(stream_next(stream, &item), 1);
	CHECK_EQUAL_INT(item.kind, STREAM_LEFT_OUT);
	CHECK(item.event.data.data == NULL && item.event.type.data == NULL);
	CHECK(
	    strstr(item.event.comment.data, "Cannot allocate memory") != NULL);
	CHECK_EQUAL_INT(sse_position_parse(item.event.id, &position), 0);
	CHECK_EQUAL_INT(position.offset, 2);
	/* The next one waits as long for its own. */
	check_memory_lacks(stream);
	memory_is_used_up = false;
	CHECK_EQUAL_TEXT(next(stream).data, SLICE("b"));
	stream_free(stream);
}

/* Else it would have the record twice. */
TEST(a_reader_does_not_meet_a_leader_that_holds_a_record)
{
	struct stream *leader, *reader;
	struct sse_event event;

	write_log("a\nb\n");
	leader = start(NULL);
	reader = start(NULL);
	CHECK_EQUAL_TEXT(next(leader).data, SLICE("a"));
	memory_is_used_up = true;
	check_memory_lacks(leader);
	memory_is_used_up = false;
	stream_follow(reader, leader);
	CHECK_EQUAL_TEXT(next(reader).data, SLICE("a"));
	CHECK_EQUAL_TEXT(next(reader).data, SLICE("b"));
	CHECK_EQUAL_INT(take(reader, &event), 0);
	CHECK(!stream_meets(reader));
	CHECK_EQUAL_TEXT(next(leader).data, SLICE("b"));
	CHECK_EQUAL_INT(take(leader, &event), 0);
	CHECK(stream_meets(reader));
	stream_free(reader);
	stream_free(leader);
}
