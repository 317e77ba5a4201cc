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
#include "peers.h"
#include "readers.h"
#include "slow_ways.h"
#include "stream_confs.h"

#define PARTY_MAX 3
#define PARTY_TURNS_MAX 1000000000 /* the deadline of a test is before */

static struct stream_conf party_conf = {
    STREAM_CONF_OF_TESTS,
    .name = "slow",
    .from = CONF_FROM_END,
    .backlog_size = 4 << 20,
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
	    .random = peers_random,
	    .followers = readers_followers(&party->readers)};
	CHECK_EQUAL_INT(hub_new(&party_conf, &party->options, &party->hub), 0);
	CHECK_EQUAL_INT(hub_open(party->hub), 0);
	peers_init(&party->clients, party->loop, &party_clock, PARTY_MAX);
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
static inline struct reader *
party_add(struct party *party)
{
	const struct stream_start start = {.since_ms = STREAM_SINCE_NONE,
	    .last_event_id = sse_slice("slow-0")};
	struct reader *reader;

	party->peers[party->count++] =
	    peers_connect(&party->clients, PEERS_REQUEST);
	CHECK_EQUAL_INT(
	    reader_new(&party->readers, party->hub, &start, &reader), 0);
	reader_serve(reader, party->clients.first);
	return reader;
}

/* What the client has got since it was looked at before; "": nothing. */
static inline const char *
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

#endif
