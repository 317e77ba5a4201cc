/*
 * client.c - what is owed to a connection: a request is answered, and the
 * connection is closed or waits for the next one.
 *
 * A client that is closed is unlinked and its descriptor is closed at once;
 * its memory is freed when the loop has turned, so that whoever is on the way
 * with it can still see that it is closed.
 */
#include "config.h"

#include "client.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void
client_free(struct client *client)
{
	assert(client->fd < 0 && client->watch == NULL);
	assert(client->params_held.size == 0 && client->out_held.size == 0);
	intake_done(&client->intake);
	outbox_done(&client->out);
	free(client);
}

/* ---------------------------------------------- what waits to be sent -- */

/* What waits in it to be sent is so much of what waits in all. */
static void
count_out(struct client *client, size_t size)
{
	struct clients *clients = client->all;

	ledger_set(&clients->out, &client->out_held, size);
	if (clients->out.size > CLIENTS_OUT_MAX)
		loop_timer_set(clients->relief, 0);
}

/* ------------------------------------------------ unfinished requests -- */

void
client_count_params(struct client *client)
{
	const struct intake *intake = &client->intake;

	if (client->fd >= 0)
		ledger_set(&client->all->params, &client->params_held,
		    intake->records.capacity + intake->content.capacity);
}

void
client_set_asks(struct client *client, bool asks)
{
	struct client_list *asking = &client->all->asking;

	if (client->asks)
		TAILQ_REMOVE(asking, client, link);
	if (asks)
		TAILQ_INSERT_TAIL(asking, client, link);
	client->asks = asks;
}

void
client_link(struct client *client)
{
	struct clients *clients = client->all;

	assert(client->fd >= 0 && !client->asks);
	client->next = clients->first;
	if (clients->first != NULL)
		clients->first->previous = client;
	clients->first = client;
	if (++clients->count > clients->most)
		clients->most = clients->count;
	client_set_asks(client, true);
}

static void
bury(struct client *client)
{
	struct clients *clients = client->all;

	assert(client->fd < 0 && client->owner == NULL);
	assert(clients->count > 0);
	client_set_asks(client, false);
	if (client->previous != NULL)
		client->previous->next = client->next;
	else
		clients->first = client->next;
	if (client->next != NULL)
		client->next->previous = client->previous;
	clients->count--;
	client->next = clients->buried;
	clients->buried = client;
	loop_timer_set(clients->burial, 0);
}

static void
disown(struct client *client)
{
	const struct client_owner *owner = client->owner;

	client->owner = NULL;
	if (owner != NULL)
		owner->gone(client->owner_context, client);
}

void
client_tell_why(struct client *client, enum client_why why)
{
	if (!client->is_told_why)
		client->why = why;
	client->is_told_why = true;
}

/* The request is over, for whatever reason came first. */
static void
end_session(struct client *client, enum client_why why)
{
	client_tell_why(client, why);
	session_end(&client->session, client->why,
	    sse_clock_monotonic_ms(client->all->clock));
	client->is_told_why = false;
}

void
client_forget_request(struct client *client)
{
	intake_forget(&client->intake);
	client_count_params(client);
}

void
client_close(struct client *client, enum client_why why)
{
	if (client->fd < 0)
		return;
	disown(client);
	end_session(client, why);
	ledger_set(&client->all->params, &client->params_held, 0);
	ledger_set(&client->all->out, &client->out_held, 0);
	outbox_done(&client->out);
	loop_watch_free(client->watch);
	client->watch = NULL;
	(void)close(client->fd);
	client->fd = -1;
	bury(client);
	client->all->closed(client->all->context, why);
}

void
client_end(struct client *client)
{
	if (client->owner != NULL && client->owner->end != NULL)
		client->owner->end(client->owner_context, client);
}

void
client_own(
    struct client *client, const struct client_owner *owner, void *context)
{
	/* Every owner wants to know that it is gone. */
	assert(owner == NULL || owner->gone != NULL);
	client->owner = owner;
	client->owner_context = context;
}

/* ------------------------------------------------------------- sending -- */

static int64_t
now_ms(const struct client *client)
{
	return sse_clock_monotonic_ms(client->all->clock);
}

bool
client_waits(const struct client *client)
{
	return outbox_waits(&client->out);
}

void
client_took(struct client *client)
{
	client->blocked_ms = now_ms(client);
	ledger_renew(&client->all->out, &client->out_held);
}

void
client_block(struct client *client, bool blocked)
{
	if (client->fd < 0)
		return;
	count_out(client, outbox_memory(&client->out));
	if (client->blocked == blocked)
		return;
	client->blocked = blocked;
	client->blocked_ms = now_ms(client);
	if (client->owner != NULL && client->owner->block != NULL)
		client->owner->block(client->owner_context, client, blocked);
	if (loop_watch_set(client->watch, true, blocked) != 0)
		client_close(client, CLIENT_LEFT);
}

int
client_flush(struct client *client)
{
	size_t taken;
	int error = outbox_flush(
	    &client->out, client->fd, client->record_left == 0, &taken);

	if (taken > 0)
		client_took(client);
	return error;
}

int
client_stdout(struct client *client, struct sse_slice bytes)
{
	return outbox_stdout(
	    &client->out, client->fd, client->intake.request_id, bytes);
}

/* -------------------------------------------------------------- endings -- */

/*
 * Nothing more is sent, but what still arrives is taken.  A request is answered
 * before its STDIN is there, and closing at once would make the web server's
 * next write fail, or reset the connection with the answer unread: it would
 * answer 502.
 */
static void
linger(struct client *client)
{
	client->lingering = true;
	client->begun_ms = now_ms(client);
	if (shutdown(client->fd, SHUT_WR) != 0)
		client_close(client, CLIENT_DONE);
	else
		client_block(client, false);
}

/* The request is at its end, and its answer is sent. */
static void
end_request(struct client *client)
{
	bool keep = client->intake.keep_conn && !client->all->stopping;

	assert(client->owner == NULL && !client_waits(client));
	client->finishing = false;
	end_session(client, CLIENT_DONE);
	intake_end(&client->intake);
	client_set_asks(client, true);
	client->write_timeout_ms = CLIENT_WRITE_TIMEOUT_MS;
	client->end_ms = INT64_MAX;
	client->begun_ms = -1;
	if (!keep)
		linger(client);
	else
		client_block(client, false);
}

void
client_push(struct client *client)
{
	int error = client_flush(client);

	if (error == -EAGAIN)
		client_block(client, true);
	else if (error != 0)
		client_close(client, CLIENT_LEFT);
	else if (client->finishing)
		end_request(client);
	else if (client->owner != NULL && client->owner->writable != NULL)
		client->owner->writable(client->owner_context, client);
	else
		client_block(client, false);
}

void
client_send(struct client *client)
{
	int error = client_flush(client);

	if (error == -EAGAIN)
		client_block(client, true);
	else if (error != 0)
		client_close(client, CLIENT_LEFT);
}

void
client_reply(struct client *client)
{
	disown(client);
	client->finishing = true;
	client_push(client);
}

void
client_finish(struct client *client, enum client_why why)
{
	if (client->fd < 0 || client->finishing)
		return;
	client_tell_why(client, why);
	if (wire_finish(&client->out.waiting, client->intake.request_id) != 0)
		client_close(client, CLIENT_LEFT);
	else
		client_reply(client);
}
