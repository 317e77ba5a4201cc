/*
 * Requests that are tried again: the clients are only owned here, and what a
 * try does is the test's.
 */
#include "config.h"

#include "test.h"

#include <string.h>
#include <unistd.h>

#include "clients.h"
#include "peers.h"
#include "pending.h"

#define MANY 5

struct play {
	struct loop *loop;
	struct pending pending;
	struct client clients[MANY];
	int tries[MANY]; /* that are still needed */
	char order[64];  /* of the tries: "0", "1", ... */
};

static int64_t clock_ms;
static int64_t try_ms; /* of each try */

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return clock_ms;
}

static const struct sse_clock hand = {.monotonic_ms = monotonic_ms};

static void
try_again(void *context, struct client *client)
{
	struct play *play = context;
	int i = (int)(client - play->clients);

	CHECK(client->owner == NULL);
	CHECK(strlen(play->order) < sizeof(play->order) - 1);
	play->order[strlen(play->order)] = (char)('0' + i);
	clock_ms += try_ms;
	if (--play->tries[i] > 0)
		CHECK_EQUAL_INT(pending_add(&play->pending, client), 0);
}

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	clock_ms = try_ms = 0;
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	CHECK_EQUAL_INT(
	    pending_init(&play->pending, play->loop, &hand, try_again, play),
	    0);
}

static void
end(struct play *play)
{
	CHECK(TAILQ_EMPTY(&play->pending.list));
	pending_done(&play->pending);
	loop_free(play->loop);
}

static void
add(struct play *play, int i, int tries)
{
	play->clients[i].fd = -1;
	play->tries[i] = tries;
	CHECK_EQUAL_INT(pending_add(&play->pending, &play->clients[i]), 0);
}

TEST(a_request_is_tried_until_it_is_not_added_any_more)
{
	struct play play;

	begin(&play);
	add(&play, 0, 3);
	CHECK_EQUAL_TEXT(sse_slice(play.order), SLICE(""));
	for (int i = 0; i < 5; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_TEXT(sse_slice(play.order), SLICE("000"));
	CHECK(play.clients[0].owner == NULL);
	end(&play);
}

TEST(all_have_their_turn_one_after_another)
{
	struct play play;

	begin(&play);
	add(&play, 2, 3);
	add(&play, 0, 1);
	add(&play, 1, 2);
	for (int i = 0; i < 6; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_TEXT(sse_slice(play.order), SLICE("201212"));
	end(&play);
}

/* Others are served in between. */
TEST(a_turn_ends_when_its_time_is_over)
{
	struct play play;
	size_t tried = 0;

	begin(&play);
	try_ms = 2;
	for (int i = 0; i < MANY; i++)
		add(&play, i, 2);
	while (!TAILQ_EMPTY(&play.pending.list)) {
		size_t before = tried;

		turn_loop(play.loop);
		tried = strlen(play.order);
		CHECK(tried - before <= (PENDING_TURN_MS + 1) / 2);
		CHECK(tried > before);
	}
	CHECK_EQUAL_TEXT(sse_slice(play.order), SLICE("0123401234"));
	end(&play);
}

TEST(one_that_has_gone_is_not_tried)
{
	struct play play;

	begin(&play);
	for (int i = 0; i < 3; i++)
		add(&play, i, 1);
	/* As client.c does it: it is not owned any more when that is told. */
	for (int i = 0; i < 3; i += 2) {
		const struct client_owner *owner = play.clients[i].owner;

		play.clients[i].owner = NULL;
		owner->gone(play.clients[i].owner_context, &play.clients[i]);
	}
	turn_loop(play.loop);
	turn_loop(play.loop);
	CHECK_EQUAL_TEXT(sse_slice(play.order), SLICE("1"));
	end(&play);
}

/* ----------------------------------------------------- a whole client -- */

static void
take_closed(void *context, enum client_why why)
{
	*(enum client_why *)context = why;
}

TEST(one_that_has_to_end_has_no_answer_to_wait_for)
{
	struct play play;
	struct clients clients;
	enum client_why why = CLIENT_DONE;
	int peer;
	char byte;

	begin(&play);
	CHECK_EQUAL_INT(clients_init(&clients, play.loop, &hand), 0);
	clients.closed = take_closed;
	clients.context = &why;
	peer = peers_connect(&clients, SLICE(""));
	CHECK_EQUAL_INT(pending_add(&play.pending, clients.first), 0);
	clients_end(&clients);
	while (clients.count > 0)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(why, CLIENT_STOPPED);
	CHECK_EQUAL_INT(read(peer, &byte, 1), 0);
	CHECK_EQUAL_TEXT(sse_slice(play.order), SLICE(""));
	clients_done(&clients);
	end(&play);
	close(peer);
}
