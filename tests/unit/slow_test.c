/*
 * slow_test.c - a source that takes its time: a stream of it, a hub that many
 * wait for, and a reader of its own.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clients.h"
#include "peers.h"
#include "readers.h"
#include "slow_ways.h"
#include "stream_confs.h"

static struct stream_conf conf = {
    STREAM_CONF_OF_TESTS,
    .name = "slow",
    .from = CONF_FROM_END,
    .backlog_size = 4 << 20,
};

static const struct stream_start none = {.since_ms = STREAM_SINCE_NONE};

/* ------------------------------------------------------------ a stream -- */

static void
check_rest(struct stream *stream)
{
	struct source_poll poll = stream_poll(stream);
	struct stream_item item;

	CHECK_EQUAL_INT(stream_next(stream, &item), 0);
	poll = stream_poll(stream);
	CHECK(poll.fd >= 0);
	CHECK(poll.timeout_ms > 1000);
	CHECK_EQUAL_INT(poll.error, 0);
}

static void
check_item(struct stream *stream, enum stream_kind kind, const char *id,
    const char *data)
{
	struct stream_item item;

	CHECK_EQUAL_INT(stream_next(stream, &item), 1);
	CHECK_EQUAL_INT(item.kind, kind);
	CHECK_EQUAL_TEXT(item.event.id, sse_slice(id));
	CHECK_EQUAL_TEXT(item.event.data, sse_slice(data));
}

TEST(a_stream_is_waited_for_while_its_source_starts)
{
	struct sse_event first;
	struct stream *stream;

	slow_begin();
	conf.source = slow_text();
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream, &none), 0);
	/* The client has its head, and no id yet. */
	stream_first(stream, 0, &first);
	CHECK(first.id.data == NULL);
	check_rest(stream);
	slow_say(SLOW_LEADER, "..");
	check_rest(stream);
	check_rest(stream);
	CHECK(stream_poll(stream).awaited);
	slow_say(SLOW_LEADER, "sr");
	CHECK_EQUAL_INT(stream_go_on_starting(stream), 1);
	check_item(stream, STREAM_NOTE, "slow-0", NULL);
	check_item(stream, STREAM_RECORD, "slow-1", "1");
	check_rest(stream);
	stream_free(stream);
	slow_end();
}

/* A source that has no lines gives records, whatever begins one. */
TEST(whole_records_are_not_joined)
{
	struct stream *stream;

	slow_begin();
	conf.source = slow_text();
	conf.record_start = "^never";
	conf.record_wait_ms = 60000;
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	conf.record_start = NULL;
	CHECK_EQUAL_INT(stream_start(stream, &none), 0);
	slow_say(SLOW_LEADER, "srr");
	CHECK_EQUAL_INT(stream_go_on_starting(stream), 1);
	check_item(stream, STREAM_RECORD, "slow-1", "1");
	check_item(stream, STREAM_RECORD, "slow-2", "2");
	check_rest(stream);
	stream_free(stream);
	slow_end();
}

TEST(a_start_that_fails_is_tried_again)
{
	struct stream *stream;
	struct stream_item item;
	struct source_poll poll;

	slow_begin();
	conf.source = slow_text();
	CHECK_EQUAL_INT(
	    stream_new(&conf, sse_clock_system(), 7, NULL, &stream), 0);
	CHECK_EQUAL_INT(stream_start(stream, &none), 0);
	slow_say(SLOW_LEADER, ".e");
	CHECK_EQUAL_INT(stream_go_on_starting(stream), 0);
	CHECK_EQUAL_INT(stream_go_on_starting(stream), -ECONNREFUSED);
	CHECK_EQUAL_INT(stream_start_error(stream), -ECONNREFUSED);
	poll = stream_poll(stream);
	CHECK_EQUAL_INT(poll.fd, -1);
	CHECK(poll.timeout_ms > 0 && poll.timeout_ms < 1000);
	CHECK_EQUAL_INT(poll.error, -ECONNREFUSED);
	/* It comes back. */
	CHECK_EQUAL_INT(stream_next(stream, &item), 0);
	CHECK_EQUAL_INT(stream_start_error(stream), 0);
	check_rest(stream);
	slow_say(SLOW_LEADER, "s");
	CHECK_EQUAL_INT(stream_go_on_starting(stream), 1);
	stream_free(stream);
	slow_end();
}

/* -------------------------------------------------- a hub and a reader -- */

struct play {
	struct loop *loop;
	struct clients clients;
	struct readers readers;
	struct hub_options options;
	struct hub *hub;
	int peer;
	char got[4096];
	size_t size;
};

static void
begin(struct play *play)
{
	*play = (struct play){.size = 0};
	slow_begin();
	conf.source = slow_text();
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	CHECK_EQUAL_INT(
	    readers_init(&play->readers, play->loop, sse_clock_system()), 0);
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = sse_clock_system(),
	    .random = peers_random,
	    .followers = readers_followers(&play->readers)};
	CHECK_EQUAL_INT(hub_new(&conf, &play->options, &play->hub), 0);
	CHECK_EQUAL_INT(hub_open(play->hub), 0);
	CHECK_EQUAL_INT(feed_waits(&play->hub->feed), 0);
	peers_init(&play->clients, play->loop, sse_clock_system(), 1);
	play->peer = peers_connect(&play->clients, SLICE(""));
}

static void
end(struct play *play)
{
	clients_done(&play->clients);
	readers_done(&play->readers);
	hub_free(play->hub);
	loop_free(play->loop);
	close(play->peer);
	slow_end();
}

/* Lets the loop run for so long, and takes what the client gets. */
static void
run(struct play *play, int64_t ms)
{
	ssize_t got;

	run_loop(play->loop, ms);
	got = recv(play->peer, play->got + play->size,
	    sizeof(play->got) - 1 - play->size, MSG_DONTWAIT);
	if (got > 0)
		play->size += (size_t)got;
	play->got[play->size] = '\0';
	for (size_t i = 0; i < play->size; i++)
		if (play->got[i] == '\0')
			play->got[i] = '?';
}

static void
wait_for(struct play *play, const char *text)
{
	int64_t end_ms = sse_clock_monotonic_ms(sse_clock_system()) + 20000;

	while (strstr(play->got, text) == NULL) {
		CHECK(sse_clock_monotonic_ms(sse_clock_system()) < end_ms);
		run(play, 1);
	}
}

TEST(a_hub_is_open_while_its_source_starts)
{
	struct play play;

	begin(&play);
	CHECK_EQUAL_INT(hub_join(play.hub, play.clients.first,
			    backlog_head(play.hub->feed.backlog)),
	    0);
	run(&play, 50);
	CHECK_EQUAL_INT(play.size, 0);
	/* It is woken up, and does not look all the time. */
	CHECK(slow_calls(SLOW_LEADER) < 10);
	slow_say(SLOW_LEADER, ".");
	run(&play, 10);
	slow_say(SLOW_LEADER, "s");
	wait_for(&play, "slow-0");
	slow_say(SLOW_LEADER, "rr");
	wait_for(&play, "data: 2\n");
	CHECK(slow_calls(SLOW_LEADER) < 40);
	end(&play);
}

TEST(a_reader_is_woken_up_by_its_source_and_joins_the_hub)
{
	struct stream_start start = none;
	struct reader *reader;
	struct sse_event first;
	struct play play;

	begin(&play);
	slow_say(SLOW_LEADER, "srrr");
	run(&play, 10);
	start.last_event_id = sse_slice("slow-1");
	CHECK_EQUAL_INT(
	    reader_new(&play.readers, play.hub, &start, &reader), 0);
	reader_first(reader, &first);
	CHECK(first.id.data == NULL);
	reader_serve(reader, play.clients.first);
	run(&play, 50);
	CHECK(slow_calls(SLOW_READER) < 10);
	slow_say(SLOW_READER, ".s");
	wait_for(&play, "slow-1");
	slow_say(SLOW_READER, "rr");
	wait_for(&play, "data: 3\n");
	CHECK(slow_calls(SLOW_READER) < 60);
	/* It is where the hub is. */
	while (hub_clients(play.hub) != 1 || play.hub->readers != 0)
		run(&play, 1);
	slow_say(SLOW_LEADER, "r");
	wait_for(&play, "data: 4\n");
	CHECK(strstr(strstr(play.got, "data: 3\n") + 1, "data: 3\n") == NULL);
	end(&play);
}
