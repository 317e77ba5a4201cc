/*
 * slow_party.h - readers of a hub whose source answers when the test says so,
 * with clients on socket pairs, and a clock that goes on when the test says so.
 */
#ifndef SLOW_PARTY_H
#define SLOW_PARTY_H

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clients.h"
#include "connection.h"
#include "readers.h"
#include "slow_ways.h"

#define PARTY_MAX 3
#define PARTY_TURNS_MAX 1000000000 /* the deadline of a test is before */

static struct stream_conf party_conf = {
    .name = "slow",
    .generations = "",
    .follow = true,
    .from = CONF_FROM_END,
    .replay_size = 1000000,
    .record_size_max = 1024,
    .backlog_size = 4 << 20,
    .event = "",
    .ids = CONF_IDS_POSITION,
    .retry_ms = 2000,
    .heartbeat_ms = 15000,
    .write_timeout_ms = 30000,
};

static int64_t party_ms;

static int64_t
party_now(void *context)
{
	(void)context;
	return party_ms;
}

static const struct sse_clock party_clock = {party_now, party_now, NULL};

struct party {
	struct loop *loop;
	struct clients clients;
	struct readers readers;
	struct hub_options options;
	struct hub *hub;
	int peers[PARTY_MAX];
	size_t count;
	char got[4096]; /* by the client that was looked at last */
};

static uint64_t
party_random(void)
{
	return 7;
}

static void
party_request(void *context, struct client *client)
{
	(void)context;
	client_forget_request(client);
}

static void
party_closed(void *context, enum client_why why)
{
	(void)context;
	(void)why;
}

static void
party_begin(struct party *party)
{
	memset(party, 0, sizeof(*party));
	party_ms = 100000;
	slow_begin();
	party_conf.source = slow_text();
	CHECK_EQUAL_INT(loop_new(&party->loop), 0);
	CHECK_EQUAL_INT(
	    readers_init(&party->readers, party->loop, &party_clock), 0);
	party->options = (struct hub_options){.loop = party->loop,
	    .clock = &party_clock,
	    .random = party_random,
	    .followers = readers_followers(&party->readers)};
	CHECK_EQUAL_INT(hub_new(&party_conf, &party->options, &party->hub), 0);
	CHECK_EQUAL_INT(hub_open(party->hub), 0);
	CHECK_EQUAL_INT(
	    clients_init(&party->clients, party->loop, &party_clock), 0);
	party->clients.clients_max = PARTY_MAX;
	party->clients.request = party_request;
	party->clients.closed = party_closed;
}

static void
party_end(struct party *party)
{
	clients_done(&party->clients);
	CHECK_EQUAL_INT(readers_waiting(&party->readers), 0);
	readers_done(&party->readers);
	hub_free(party->hub);
	loop_free(party->loop);
	while (party->count > 0)
		close(party->peers[--party->count]);
	slow_end();
}

/* One that reads from the beginning, with a client that has a request. */
static struct reader *
party_add(struct party *party)
{
	const struct stream_start start = {.since_ms = STREAM_SINCE_NONE,
	    .last_event_id = sse_slice("slow-0")};
	struct sse_buf records;
	struct reader *reader;
	int fds[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		  fds) == 0);
	party->peers[party->count++] = fds[1];
	sse_buf_init(&records, 1000);
	CHECK_EQUAL_INT(wire_begin_request(&records, 1, 0), 0);
	CHECK_EQUAL_INT(wire_params(&records, 1, SLICE("\1\1ab")), 0);
	CHECK(
	    write(fds[1], records.data, records.size) == (ssize_t)records.size);
	sse_buf_done(&records);
	CHECK_EQUAL_INT(connection_new(&party->clients, fds[0]), 0);
	CHECK_EQUAL_INT(
	    reader_new(&party->readers, party->hub, &start, &reader), 0);
	reader_serve(reader, party->clients.first);
	return reader;
}

/* What the client has got since it was looked at before; "": nothing. */
static const char *
party_got(struct party *party, size_t i)
{
	ssize_t got = recv(
	    party->peers[i], party->got, sizeof(party->got) - 1, MSG_DONTWAIT);
	size_t size = got > 0 ? (size_t)got : 0;

	for (size_t j = 0; j < size; j++)
		if (party->got[j] == '\0')
			party->got[j] = '?';
	party->got[size] = '\0';
	return party->got;
}

__attribute__((unused)) static void
party_stop(void *context)
{
	loop_stop(context);
}

__attribute__((unused)) static void
party_turn(struct party *party)
{
	struct loop_timer *timer =
	    loop_timer_new(party->loop, party_stop, party->loop);

	loop_timer_set(timer, 0);
	CHECK_EQUAL_INT(loop_run(party->loop), 0);
	loop_timer_free(timer);
}

#endif
