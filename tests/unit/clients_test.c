/*
 * All clients of a worker: whose time is over, who makes room, and the end.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clients.h"
#include "peers.h"

#define COUNT_MAX 3

static int64_t clock_ms;

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return clock_ms;
}

static const struct sse_clock hand = {monotonic_ms, monotonic_ms, NULL};

struct play {
	struct loop *loop;
	struct clients clients;
	int peers[COUNT_MAX];
	size_t count;
	enum client_why why; /* of the last that was closed */
	size_t closed;
	size_t ended; /* that were asked to */
};

static void
take_closed(void *context, enum client_why why)
{
	struct play *play = context;

	play->why = why;
	play->closed++;
}

static void
take_end(void *context, struct client *client)
{
	struct play *play = context;

	(void)client;
	play->ended++;
}

static void
take_gone(void *context, struct client *client)
{
	(void)context;
	(void)client;
}

static const struct client_owner owner = {.end = take_end, .gone = take_gone};

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	clock_ms = 1000;
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	peers_init(&play->clients, play->loop, &hand, COUNT_MAX);
	play->clients.closed = take_closed;
	play->clients.context = play;
}

static void
end(struct play *play)
{
	clients_done(&play->clients);
	CHECK_EQUAL_INT(play->closed, play->count);
	CHECK_EQUAL_INT(play->clients.count, 0);
	loop_free(play->loop);
	while (play->count > 0)
		close(play->peers[--play->count]);
}

/* A client that has said nothing, or has a request. */
static struct client *
add_client(struct play *play, bool asks)
{
	play->peers[play->count++] =
	    peers_connect(&play->clients, asks ? SLICE("") : PEERS_REQUEST);
	CHECK_EQUAL_INT(play->clients.first->asks, asks);
	return play->clients.first;
}

/* Each a millisecond before its time is over, and when it is. */
TEST(whose_time_is_over_is_closed)
{
	enum state {
		ASKS,
		LINGERS,
		BLOCKED
	};
	static const struct {
		enum state state;
		int64_t time_ms;
		enum client_why why;
	} cases[] = {
	    {ASKS, CLIENT_INTAKE_MS, CLIENT_TOO_SLOW},
	    {LINGERS, CLIENT_LINGER_MS, CLIENT_DONE},
	    {BLOCKED, 5000, CLIENT_STALLED},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct client *client;
		struct play play;

		begin(&play);
		CHECK_EQUAL_INT(clients_tick(&play.clients), INT64_MAX);
		client = add_client(&play, cases[i].state != BLOCKED);
		client->lingering = cases[i].state == LINGERS;
		client->write_timeout_ms = 5000;
		if (cases[i].state == BLOCKED)
			client_block(client, true);
		CHECK_EQUAL_INT(clients_tick(&play.clients), cases[i].time_ms);
		clock_ms += cases[i].time_ms - 1;
		CHECK_EQUAL_INT(clients_tick(&play.clients), 1);
		CHECK_EQUAL_INT(play.closed, 0);
		clock_ms++;
		CHECK_EQUAL_INT(clients_tick(&play.clients), INT64_MAX);
		CHECK_EQUAL_INT(play.closed, 1);
		CHECK_EQUAL_INT(play.why, cases[i].why);
		end(&play);
	}
}

/* Once, in good order: its owner is asked. */
TEST(one_that_is_old_is_asked_to_end)
{
	struct client *client;
	struct play play;

	begin(&play);
	client = add_client(&play, false);
	client_own(client, &owner, &play);
	client->end_ms = clock_ms + 700;
	CHECK_EQUAL_INT(clients_tick(&play.clients), 700);
	CHECK_EQUAL_INT(play.ended, 0);
	clock_ms += 700;
	(void)clients_tick(&play.clients);
	(void)clients_tick(&play.clients);
	CHECK_EQUAL_INT(play.ended, 1);
	CHECK_EQUAL_INT(play.closed, 0);
	CHECK_EQUAL_INT(client->why, CLIENT_AGED);
	end(&play);
}

/* Its answer only waits to be taken: there is nobody to ask. */
TEST(one_that_is_old_and_finishes_is_not_looked_at_all_the_time)
{
	struct client *client;
	struct play play;

	begin(&play);
	client = add_client(&play, false);
	client->finishing = true;
	client->write_timeout_ms = 5000;
	client->end_ms = clock_ms + 700;
	client_block(client, true);
	clock_ms += 700;
	CHECK_EQUAL_INT(clients_tick(&play.clients), 4300);
	CHECK_EQUAL_INT(play.closed, 0);
	clock_ms += 4300;
	CHECK_EQUAL_INT(clients_tick(&play.clients), INT64_MAX);
	CHECK_EQUAL_INT(play.why, CLIENT_STALLED);
	end(&play);
}

/* Who has asked for nothing for the longest time is closed, and who asks not.
 */
TEST(the_oldest_that_asks_makes_room)
{
	const struct client *first, *third;
	struct play play;

	begin(&play);
	CHECK(!clients_are_idle(&play.clients));
	CHECK(clients_find_idle(&play.clients) == NULL);
	first = add_client(&play, true);
	(void)add_client(&play, false);
	third = add_client(&play, true);
	CHECK(clients_are_idle(&play.clients));
	clients_close_idle(clients_find_idle(&play.clients));
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK(first->fd < 0 && third->fd >= 0);
	clients_close_idle(clients_find_idle(&play.clients));
	CHECK(third->fd < 0);
	CHECK(!clients_are_idle(&play.clients));
	CHECK(clients_find_idle(&play.clients) == NULL);
	CHECK_EQUAL_INT(play.closed, 2);
	end(&play);
}

/* But not for ever. */
TEST(one_with_bytes_to_be_read_is_not_idle)
{
	struct client *first, *second;
	struct play play;

	begin(&play);
	first = add_client(&play, true);
	second = add_client(&play, true);
	CHECK(clients_find_idle(&play.clients) == first);
	CHECK_EQUAL_INT(write(play.peers[0], "", 1), 1);
	CHECK(clients_find_idle(&play.clients) == second);
	CHECK_EQUAL_INT(write(play.peers[1], "", 1), 1);
	CHECK(clients_find_idle(&play.clients) == NULL);
	clock_ms += CLIENTS_UNREAD_MS;
	CHECK(clients_find_idle(&play.clients) == NULL);
	clock_ms++;
	CHECK(clients_find_idle(&play.clients) == first);
	end(&play);
}

/* On a connection that is kept, each request anew. */
TEST(one_whose_next_request_is_to_be_read_is_not_idle)
{
	static const char request[] = "\1\1\0\1\0\10\0\0"
				      "\0\1\1\0\0\0\0\0"
				      "\1\4\0\1\0\0\0\0";
	const ssize_t size = sizeof(request) - 1;
	struct client *client;
	struct play play;

	begin(&play);
	client = add_client(&play, true);
	CHECK_EQUAL_INT(write(play.peers[0], request, (size_t)size), size);
	CHECK(clients_find_idle(&play.clients) == NULL);
	while (client->asks)
		turn_loop(play.loop);
	client_finish(client, CLIENT_DONE);
	CHECK(client->fd >= 0 && client->asks);
	CHECK(clients_find_idle(&play.clients) == client);
	clock_ms += CLIENTS_UNREAD_MS + 1;
	CHECK_EQUAL_INT(write(play.peers[0], request, (size_t)size), size);
	CHECK(clients_find_idle(&play.clients) == NULL);
	end(&play);
}

/* Its owner is asked; who has none, and no answer on the way, is closed. */
TEST(at_the_end_each_is_asked_or_closed)
{
	struct client *owned, *finishing;
	struct play play;

	begin(&play);
	owned = add_client(&play, false);
	client_own(owned, &owner, &play);
	finishing = add_client(&play, false);
	finishing->finishing = true;
	(void)add_client(&play, true);
	clients_end(&play.clients);
	CHECK(play.clients.stopping);
	CHECK_EQUAL_INT(play.ended, 1);
	CHECK_EQUAL_INT(play.closed, 1);
	CHECK_EQUAL_INT(play.why, CLIENT_STOPPED);
	CHECK(owned->fd >= 0 && finishing->fd >= 0);
	end(&play);
}
