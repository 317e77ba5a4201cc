/*
 * clients.c - all clients of a worker.
 */
#include "config.h"

#include "clients.h"

#include <errno.h>
#ifdef HAVE_MALLOC_TRIM
#include <malloc.h>
#endif
#include <sys/socket.h>

#include "base/budget.h"

/* -------------------------------------------------------------- burial -- */

/*
 * When the half of them has left.  The allocator keeps what is free between
 * what is in use, and would give it to those who come.
 */
static void
give_back(struct clients *clients)
{
	size_t left = clients->most - clients->count;

	if (left < CLIENTS_CROWD || left < clients->most / 2)
		return;
	clients->most = clients->count;
#ifdef HAVE_MALLOC_TRIM
	(void)malloc_trim(0);
#endif
}

/*
 * In one turn without a budget: what is closed in a turn of the loop has one,
 * and to free a client is not a call of the system (0.2 us of 10 to close it).
 */
static void
free_buried(void *context)
{
	struct clients *clients = context;

	while (clients->buried != NULL) {
		struct client *client = clients->buried;

		clients->buried = client->next;
		client_free(client);
	}
	give_back(clients);
}

/* ---------------------------------------------- what waits to be sent -- */

/* One alone may have more: the longest frame has to go through. */
static bool
is_too_much(const struct ledger *out)
{
	return out->size > CLIENTS_OUT_MAX && out->count > 1;
}

/* Closes those that have had most of it for longest. */
static void
relieve(void *context)
{
	struct clients *clients = context;
	struct budget budget = budget_begin(clients->clock, CLIENTS_TURN_MS);

	while (is_too_much(&clients->out)) {
		client_close(ledger_heaviest(&clients->out), CLIENT_STALLED);
		if (budget_is_over(&budget))
			break;
	}
	if (is_too_much(&clients->out))
		loop_timer_set(clients->relief, 0);
}

/* ------------------------------------------------------------- the end -- */

/* It is asked to end in good order, once. */
static void
end_one(struct client *client)
{
	client->is_asked_to_end = true;
	client_tell_why(client, CLIENT_STOPPED);
	if (client->owner != NULL)
		client_end(client);
	else if (!client->finishing && !client->lingering)
		client_close(client, CLIENT_STOPPED);
}

/* Until the time is over.  There are no new ones: each turn has fewer. */
static void
end_some(void *context)
{
	struct clients *clients = context;
	struct budget budget = budget_begin(clients->clock, CLIENTS_TURN_MS);
	struct client *client = clients->first, *next;

	for (; client != NULL; client = next) {
		next = client->next;
		if (client->is_asked_to_end)
			continue;
		end_one(client);
		if (budget_is_over(&budget)) {
			loop_timer_set(clients->ending, 0);
			return;
		}
	}
}

void
clients_end(struct clients *clients)
{
	clients->stopping = true;
	end_some(clients);
}

/* --------------------------------------------------------------- times -- */

bool
clients_are_idle(const struct clients *clients)
{
	return !TAILQ_EMPTY(&clients->asking);
}

/*
 * Whether its bytes have come, and the loop had no turn to read them: many may
 * be accepted in one.  Who sends again and again is not spared for that.
 */
static bool
is_unread(struct client *client, int64_t now_ms)
{
	char byte;

	if (client->lingering ||
	    (client->unread_ms != 0 &&
		now_ms - client->unread_ms > CLIENTS_UNREAD_MS) ||
	    recv(client->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 1)
		return false;
	if (client->unread_ms == 0)
		client->unread_ms = now_ms;
	return true;
}

struct client *
clients_find_idle(struct clients *clients)
{
	int64_t now_ms = sse_clock_monotonic_ms(clients->clock);
	struct client *client = TAILQ_FIRST(&clients->asking);

	for (int i = 0; client != NULL && is_unread(client, now_ms); i++)
		client =
		    i < CLIENTS_LOOKS_MAX ? TAILQ_NEXT(client, link) : NULL;
	return client;
}

void
clients_close_idle(struct client *client)
{
	client_close(client, client->lingering || client->begun_ms < 0
				 ? CLIENT_DONE
				 : CLIENT_TOO_SLOW);
}

/* When its request, or its end, has to be there. */
static int64_t
begun_until(const struct client *client)
{
	if (client->begun_ms < 0)
		return INT64_MAX;
	return client->begun_ms +
	       (client->lingering ? CLIENT_LINGER_MS : CLIENT_INTAKE_MS);
}

/* When its owner is to end it; without one it is about to end. */
static int64_t
aged_at(const struct client *client)
{
	return client->owner != NULL ? client->end_ms : INT64_MAX;
}

/* Whether it was closed, or asked to end. */
static bool
end_on_time(struct client *client, int64_t now)
{
	if (begun_until(client) <= now)
		client_close(
		    client, client->lingering ? CLIENT_DONE : CLIENT_TOO_SLOW);
	else if (client->blocked &&
		 client->blocked_ms + client->write_timeout_ms <= now)
		client_close(client, CLIENT_STALLED);
	else if (aged_at(client) <= now) {
		client->end_ms = INT64_MAX;
		client_tell_why(client, CLIENT_AGED);
		client_end(client);
	} else
		return false;
	return true;
}

/* When to look at it again. */
static int64_t
next_end(const struct client *client)
{
	int64_t next_ms = aged_at(client);

	if (client->fd < 0)
		return INT64_MAX;
	if (begun_until(client) < next_ms)
		next_ms = begun_until(client);
	if (client->blocked &&
	    client->blocked_ms + client->write_timeout_ms < next_ms)
		next_ms = client->blocked_ms + client->write_timeout_ms;
	return next_ms;
}

/*
 * To look at one is not a call of the system: 0.07 us.  To end one is some, and
 * has a budget; the others' time is over in the next turn.
 */
int64_t
clients_tick(struct clients *clients)
{
	struct budget budget = budget_begin(clients->clock, CLIENTS_TURN_MS);
	int64_t now = sse_clock_monotonic_ms(clients->clock);
	int64_t next_ms = INT64_MAX;
	struct client *client = clients->first, *next;

	for (; client != NULL; client = next) {
		int64_t at_ms;

		next = client->next;
		if (end_on_time(client, now) && budget_is_over(&budget))
			return 0;
		at_ms = next_end(client);
		if (at_ms < next_ms)
			next_ms = at_ms;
	}
	return next_ms == INT64_MAX ? INT64_MAX : next_ms - now;
}

/* ---------------------------------------------------------------- life -- */

int
clients_init(
    struct clients *clients, struct loop *loop, const struct sse_clock *clock)
{
	*clients = (struct clients){.loop = loop, .clock = clock};
	TAILQ_INIT(&clients->asking);
	ledger_init(&clients->params, clock);
	ledger_init(&clients->out, clock);
	clients->burial = loop_timer_new(loop, free_buried, clients);
	clients->relief = loop_timer_new(loop, relieve, clients);
	clients->ending = loop_timer_new(loop, end_some, clients);
	return clients->burial != NULL && clients->relief != NULL &&
		       clients->ending != NULL
		   ? 0
		   : -ENOMEM;
}

/* The loop has ended: nobody waits for it to turn. */
void
clients_done(struct clients *clients)
{
	while (clients->first != NULL)
		client_close(clients->first, CLIENT_STOPPED);
	free_buried(clients);
	loop_timer_free(clients->burial);
	loop_timer_free(clients->relief);
	loop_timer_free(clients->ending);
}
