/*
 * The frames that a hub and its readers make of a log, those of plain lines at
 * once, against those that the stages make one by one: equal byte for byte.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "any_log.h"
#include "peers.h"
#include "readers.h"
#include "stream_confs.h"

#define TEXT_SIZE_MAX (1 << 20)
#define PIECES 6
#define FRAMES_MAX 40 /* at once; those of FEED_PLAIN_SIZE are fewer */

struct text {
	char bytes[TEXT_SIZE_MAX];
	size_t size;
};

static void
add(struct text *text, struct sse_slice bytes)
{
	CHECK(text->size + bytes.size <= sizeof(text->bytes));
	memcpy(text->bytes + text->size, bytes.data, bytes.size);
	text->size += bytes.size;
}

static struct stream_conf
conf_of_tests(void)
{
	struct stream_conf conf = {
	    STREAM_CONF_OF_TESTS,
	    .name = "log",
	    .from = CONF_FROM_START,
	    .backlog_size = 65536,
	};

	conf.source = test_path("log");
	return conf;
}

/* ---------------------------------------------------------------- judge -- */

struct judge {
	struct stream *stream;
	struct text text;
	size_t records;
};

static struct judge *
judge_new(const struct stream_conf *conf)
{
	struct judge *judge = calloc(1, sizeof(*judge));
	int got;

	CHECK(judge != NULL);
	CHECK_EQUAL_INT(
	    stream_new(conf, &any_log_clock, 7, NULL, &judge->stream), 0);
	got = stream_start(judge->stream,
	    &(struct stream_start){.since_ms = STREAM_SINCE_NONE});
	while (got == 0)
		got = stream_go_on_starting(judge->stream);
	CHECK_EQUAL_INT(got, 1);
	return judge;
}

static void
judge_free(struct judge *judge)
{
	stream_free(judge->stream);
	free(judge);
}

/* All that there is. */
static void
judge_take(struct judge *judge)
{
	struct text *text = &judge->text;
	struct stream_item item;
	int got;

	do {
		got = stream_next(judge->stream, &item);
		if (got == 1) {
			text->size += (size_t)sse_encode(&item.event,
			    text->bytes + text->size,
			    sizeof(text->bytes) - text->size);
			judge->records += item.kind == STREAM_RECORD;
		}
		CHECK(text->size < sizeof(text->bytes));
	} while (got == 1 || stream_poll(judge->stream).timeout_ms == 0);
}

static void
check_equal(const struct judge *judge, const struct text *text)
{
	const struct text *right = &judge->text;
	size_t at = 0;

	while (at < right->size && at < text->size &&
	       right->bytes[at] == text->bytes[at])
		at++;
	if (at < right->size || at < text->size)
		test_fail(__FILE__, __LINE__,
		    "at %zu of %zu and %zu: %.300s; got: %.300s", at,
		    right->size, text->size, right->bytes + at,
		    text->bytes + at);
}

/* ----------------------------------------------------------------- feed -- */

struct play {
	struct stream_conf conf;
	struct stats stats;
	struct feed feed;
	struct random random;
	struct text text;
	size_t runs; /* pulls that brought several frames */
};

static void
open_feed(struct play *play)
{
	int got;

	CHECK_EQUAL_INT(feed_init(&play->feed, &play->conf, &any_log_clock,
			    NULL, NULL, &play->stats),
	    0);
	do
		got = feed_open(&play->feed, 7);
	while (got == RESULT_PARTIAL);
	CHECK_EQUAL_INT(got, 0);
}

/* All that there is, in as many frames at once. */
static void
pull_all(struct play *play)
{
	bool pulled;

	do {
		struct backlog *backlog = play->feed.backlog;
		uint64_t from = backlog_head(backlog);
		size_t max = 1 + random_below(&play->random, FRAMES_MAX);
		uint64_t frames = play->stats.frames;

		pulled = feed_pull(&play->feed, max);
		CHECK(play->stats.frames - frames <= max);
		CHECK_EQUAL_INT(play->stats.frames > frames, pulled);
		play->runs += play->stats.frames - frames > 1;
		add(&play->text, backlog_read(backlog, from));
	} while (pulled || stream_poll(play->feed.stream).timeout_ms == 0);
}

/* Each id leads behind its own frame, and the records are counted. */
static void
check_ids(const struct play *play)
{
	const struct backlog *backlog = play->feed.backlog;
	uint64_t end = backlog_tail(backlog), found;
	size_t count = 0;

	while (end < backlog_head(backlog)) {
		struct sse_slice id;

		end = backlog_frame_end(backlog, end + 1);
		id = backlog_id_before(backlog, end);
		CHECK(id.size > 0);
		CHECK_EQUAL_INT(backlog_find(backlog, id, &found), 0);
		CHECK_EQUAL_INT(found, end);
		count++;
	}
	CHECK_EQUAL_INT(backlog_records(backlog), count);
	CHECK_EQUAL_INT(play->stats.bytes, play->text.size);
}

TEST(a_hub_makes_the_same_frames_of_any_log)
{
	struct random random = {31};
	struct play *play = calloc(1, sizeof(*play));
	struct judge *judge;
	size_t size, at = 0;
	char *log = any_log(&random, &size);

	CHECK(play != NULL);
	play->conf = conf_of_tests();
	play->random = random;
	any_log_append("log", SLICE(""));
	judge = judge_new(&play->conf);
	open_feed(play);
	for (size_t i = 1; i <= PIECES; i++) {
		size_t to = size * i / PIECES;

		any_log_append("log", (struct sse_slice){log + at, to - at});
		at = to;
		judge_take(judge);
		pull_all(play);
		check_equal(judge, &play->text);
	}
	CHECK(judge->text.size > size / 2);
	CHECK(play->runs > 20);
	CHECK_EQUAL_INT(
	    backlog_records_ever(play->feed.backlog), judge->records);
	check_ids(play);
	feed_done(&play->feed);
	judge_free(judge);
	free(play);
	free(log);
}

/* --------------------------------------------------------------- reader -- */

struct party {
	struct stream_conf conf;
	struct loop *loop;
	struct clients clients;
	struct readers readers;
	struct hub_options options;
	struct hub *hub;
	int peer;
	struct text wire; /* records */
	struct text text;
};

/* A hub that has read all that there is, and maybe does not look for a while.
 */
static void
party_begin(struct party *party, int64_t flush_ms)
{
	struct hub *hub;

	party->conf = conf_of_tests();
	party->conf.flush = flush_ms > 0 ? CONF_FLUSH_TIME : CONF_FLUSH_FRAME;
	party->conf.flush_ms = flush_ms;
	CHECK_EQUAL_INT(loop_new(&party->loop), 0);
	CHECK_EQUAL_INT(
	    readers_init(&party->readers, party->loop, &any_log_clock), 0);
	party->options = (struct hub_options){.loop = party->loop,
	    .clock = &any_log_clock,
	    .random = peers_random,
	    .followers = readers_followers(&party->readers)};
	CHECK_EQUAL_INT(hub_new(&party->conf, &party->options, &party->hub), 0);
	while (hub_open(party->hub) == RESULT_PARTIAL)
		turn_loop(party->loop);
	hub = party->hub;
	any_log_append("log", SLICE("a line for the hub, too\n"));
	while (hub->stats.frames == 0 ||
	       !stream_has_given_all(hub->feed.stream) ||
	       !(source_watch_is_set(&hub->watch) ||
		   flush_window_left_ms(&hub->window, any_log_ms) > 0))
		turn_loop(party->loop);
	peers_init(&party->clients, party->loop, &any_log_clock, 1);
}

static void
party_end(struct party *party)
{
	clients_done(&party->clients);
	readers_done(&party->readers);
	hub_free(party->hub);
	loop_free(party->loop);
	close(party->peer);
	free(party);
}

static void
receive(struct party *party)
{
	struct text *wire = &party->wire;
	ssize_t got;

	while ((got = recv(party->peer, wire->bytes + wire->size,
		    sizeof(wire->bytes) - wire->size, MSG_DONTWAIT)) > 0)
		wire->size += (size_t)got;
}

/* What the records have in them. */
static void
decode(struct party *party)
{
	const struct text *wire = &party->wire;
	size_t at = 0, size;

	for (; at < wire->size; at += WIRE_HEADER_SIZE + size) {
		const unsigned char *header =
		    (const unsigned char *)wire->bytes + at;

		CHECK(wire->size - at > WIRE_HEADER_SIZE);
		CHECK_EQUAL_INT(header[1], WIRE_STDOUT);
		size = (size_t)(header[4] << 8 | header[5]);
		CHECK(wire->size - at >= WIRE_HEADER_SIZE + size);
		add(&party->text,
		    (struct sse_slice){
			wire->bytes + at + WIRE_HEADER_SIZE, size});
	}
}

static void
check_reader(int64_t flush_ms)
{
	const struct stream_start start = {.since_ms = STREAM_SINCE_NONE};
	struct random random = {32};
	struct party *party = calloc(1, sizeof(*party));
	struct judge *judge;
	struct reader *reader;
	size_t size;
	char *log = any_log(&random, &size);

	CHECK(party != NULL);
	any_log_append("log", (struct sse_slice){log, size});
	party_begin(party, flush_ms);
	judge = judge_new(&party->conf);
	judge_take(judge);
	party->peer = peers_connect(&party->clients, PEERS_REQUEST);
	CHECK_EQUAL_INT(
	    reader_new(&party->readers, party->hub, &start, &reader), 0);
	reader_serve(reader, party->clients.first);
	/* Until it has joined the hub. */
	while (party->hub->fanout.count == 0) {
		turn_loop(party->loop);
		receive(party);
	}
	CHECK_EQUAL_INT(party->clients.first->session.frames, judge->records);
	while (client_waits(party->clients.first)) {
		turn_loop(party->loop);
		receive(party);
	}
	decode(party);
	check_equal(judge, &party->text);
	CHECK_EQUAL_INT(
	    flush_window_left_ms(&party->hub->window, any_log_ms), flush_ms);
	judge_free(judge);
	party_end(party);
	free(log);
}

TEST(a_reader_makes_the_same_frames_of_any_log)
{
	check_reader(0);
}

TEST(a_reader_goes_on_and_joins_within_the_time_of_flush)
{
	check_reader(1000);
}
