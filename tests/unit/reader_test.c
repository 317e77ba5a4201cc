/*
 * A reader of one log in its loop, beside a subscriber of another.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients.h"
#include "conf/conf.h"
#include "peers.h"
#include "readers.h"

#define RECORD_SIZE 200000
#define TURNS_MAX 1000
#define LOOKS_MAX 100

struct party {
	struct hub *hub;
	struct client *client;
	int log;
	int peer;
	size_t received; /* bytes */
};

struct play {
	struct loop *loop;
	struct clients clients;
	struct readers readers;
	struct conf *conf;
	struct hub_options options;
	struct party live;
	struct party slow;
	struct pause pause; /* the readers' own */
	int pauses;         /* before the record has come */
	int seen;           /* those in which the line was sent */
};

/* Bytes that have come since it was called before. */
static size_t
receive(struct party *party)
{
	static char bytes[65536];
	size_t before = party->received;
	ssize_t got;

	do {
		got = recv(party->peer, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (got > 0)
			party->received += (size_t)got;
	} while (got > 0);
	return party->received - before;
}

static void
write_to(const struct party *party, const char *bytes, size_t size)
{
	CHECK(write(party->log, bytes, size) == (ssize_t)size);
}

/* On a busy machine the time of a turn may be over before it is open. */
static int
open_hub(struct hub *hub)
{
	int error;

	do {
		error = hub_open(hub);
	} while (error == RESULT_PARTIAL);
	return error;
}

static void
open_party(struct play *play, struct party *party, size_t number)
{
	CHECK_EQUAL_INT(hub_new(conf_stream(play->conf, number), &play->options,
			    &party->hub),
	    0);
	CHECK_EQUAL_INT(open_hub(party->hub), 0);
	party->peer = peers_connect(&play->clients, PEERS_REQUEST);
	party->client = play->clients.first;
}

static int
make_log(struct play *play, const char *name)
{
	struct conf_error why;
	char source[512];
	int log = open(
	    test_path(name), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	CHECK(log >= 0);
	(void)snprintf(source, sizeof(source), "%s=%s", name, test_path(name));
	CHECK_EQUAL_INT(conf_add_source(play->conf, source, &why), 0);
	return log;
}

static void
play_begin(struct play *play)
{
	struct conf_error why;

	*play = (struct play){.pauses = 0};
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	peers_init(&play->clients, play->loop, sse_clock_system(), 2);
	CHECK_EQUAL_INT(
	    readers_init(&play->readers, play->loop, sse_clock_system()), 0);
	play->conf = conf_new();
	play->live.log = make_log(play, "live");
	play->slow.log = make_log(play, "slow");
	CHECK_EQUAL_INT(conf_finish(play->conf, &why), 0);
	play->options = (struct hub_options){.loop = play->loop,
	    .clock = sse_clock_system(),
	    .random = peers_random,
	    .followers = readers_followers(&play->readers)};
}

static void
party_end(struct party *party)
{
	hub_free(party->hub);
	(void)close(party->peer);
	(void)close(party->log);
}

static void
play_end(struct play *play)
{
	clients_done(&play->clients);
	readers_done(&play->readers);
	party_end(&play->live);
	party_end(&play->slow);
	conf_free(play->conf);
	loop_free(play->loop);
}

/* A line of the other log comes while the record is worked on. */
static void
take_pause(void *context)
{
	struct play *play = context;
	size_t before;

	(void)receive(&play->slow);
	if (play->slow.received >= RECORD_SIZE)
		return;
	play->pauses++;
	(void)receive(&play->live);
	before = play->live.received;
	write_to(&play->live, "line\n", 5);
	/* Its own turn may be over before it has sent, on a busy machine. */
	for (int i = 0; i < LOOKS_MAX && receive(&play->live) == 0; i++) {
		play->readers.looked_us = 0; /* it is time */
		pause_take(&play->pause);
	}
	play->seen += play->live.received > before;
}

/* It has read all that there is. */
static void
come_to_rest(struct play *play, const struct hub *hub)
{
	while (!stream_has_given_all(hub->feed.stream) ||
	       !source_watch_is_set(&hub->watch))
		turn_loop(play->loop);
}

static void
join_live(struct play *play)
{
	open_party(play, &play->live, 0);
	CHECK_EQUAL_INT(hub_join(play->live.hub, play->live.client,
			    backlog_head(play->live.hub->feed.backlog)),
	    0);
	come_to_rest(play, play->live.hub);
	(void)receive(&play->live);
}

/* From the beginning of its log. */
static void
begin_slow(struct play *play)
{
	const struct stream_start start = {
	    .since_ms = STREAM_SINCE_NONE, .has_last = true, .last = 1};
	struct reader *reader;

	open_party(play, &play->slow, 1);
	come_to_rest(play, play->slow.hub);
	CHECK_EQUAL_INT(
	    reader_new(&play->readers, play->slow.hub, &start, &reader), 0);
	play->pause = play->readers.pause;
	play->readers.pause = (struct pause){take_pause, play};
	reader_serve(reader, play->slow.client);
}

TEST(who_is_live_has_what_is_new_in_the_middle_of_a_record)
{
	struct play play;
	char *record = malloc(RECORD_SIZE);

	CHECK(record != NULL);
	memset(record, 'x', RECORD_SIZE);
	record[RECORD_SIZE - 1] = '\n';
	play_begin(&play);
	write_to(&play.slow, record, RECORD_SIZE);
	join_live(&play);
	begin_slow(&play);
	for (int i = 0; i < TURNS_MAX && play.slow.received < RECORD_SIZE;
	     i++) {
		turn_loop(play.loop);
		(void)receive(&play.slow);
	}
	CHECK(play.slow.received >= RECORD_SIZE);
	/* Behind its text, its event and its frame, at least. */
	CHECK(play.pauses >= 3);
	/* Not in each: on a busy machine the hub's turn may be over. */
	CHECK(play.seen >= 1);
	play_end(&play);
	free(record);
}

#define MAKE_FIFO_MS 5000 /* until the hub has seen it, at most */

/* Its hub waits for a log, and finds a FIFO there: in the middle of a turn. */
static void
make_fifo(void *context)
{
	struct play *play = context;
	const struct hub *hub = play->slow.hub;
	int64_t end_ms =
	    sse_clock_monotonic_ms(sse_clock_system()) + MAKE_FIFO_MS;

	if (play->pauses++ == 0)
		CHECK(mkfifo(test_path("slow"), 0600) == 0);
	while (stream_source(hub->feed.stream)->is_durable) {
		CHECK(sse_clock_monotonic_ms(sse_clock_system()) < end_ms);
		(void)poll(NULL, 0, 1);
		play->readers.looked_us = 0;
		pause_take(&play->pause);
	}
}

TEST(a_hub_that_is_another_one_by_now_is_not_followed)
{
	const struct stream_start start = {.since_ms = STREAM_SINCE_NONE};
	struct reader *reader;
	struct play play;

	play_begin(&play);
	open_party(&play, &play.live, 0);
	CHECK(unlink(test_path("slow")) == 0);
	open_party(&play, &play.slow, 1);
	while (!source_watch_is_set(&play.slow.hub->watch))
		turn_loop(play.loop);
	CHECK_EQUAL_INT(
	    reader_new(&play.readers, play.slow.hub, &start, &reader), 0);
	play.pause = play.readers.pause;
	play.readers.pause = (struct pause){make_fifo, &play};
	reader_serve(reader, play.slow.client);
	for (int i = 0; i < TURNS_MAX && play.slow.hub->readers > 0; i++)
		turn_loop(play.loop);
	CHECK(play.pauses > 0);
	CHECK_EQUAL_INT(play.slow.hub->readers, 0);
	CHECK_EQUAL_INT(play.slow.client->why, CLIENT_FAILED);
	play_end(&play);
}
