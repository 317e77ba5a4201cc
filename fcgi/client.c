/*
 * client.c - a connection's life: a request comes in, it is answered, and the
 * connection is closed or waits for the next one.
 *
 * A client that is closed is unlinked and its descriptor is closed at once;
 * its memory is freed when the loop has turned, so that whoever is on the way
 * with it can still see that it is closed.
 */
#include "config.h"

#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void
client_free(struct client *client)
{
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

/* The memory of its unfinished request is so much of those of all. */
static void
count_params(struct client *client)
{
	const struct intake *intake = &client->intake;

	if (client->fd >= 0)
		ledger_set(&client->all->params, &client->params_held,
		    intake->records.capacity + intake->content.capacity);
}

/*
 * Any may be the one that said more.  The largest makes room: it is not that of
 * an honest newcomer, whose web server sends a request of some hundred bytes at
 * once.
 *
 * Few are closed, however many there are: one read has brought CLIENT_READ_SIZE
 * bytes at most, and where ten thousand share the limit, the largest have
 * 2 KiB, so 32 of them are enough.
 */
static void
limit_params(struct clients *clients)
{
	while (clients->params.size > CLIENTS_PARAMS_MAX)
		client_close(ledger_largest(&clients->params), CLIENT_TOO_SLOW);
}

/* It asks from now on, or does not any more. */
static void
set_asks(struct client *client, bool asks)
{
	struct client_list *asking = &client->all->asking;

	if (client->asks)
		TAILQ_REMOVE(asking, client, link);
	if (asks)
		TAILQ_INSERT_TAIL(asking, client, link);
	client->asks = asks;
}

static void
link_client(struct client *client)
{
	struct clients *clients = client->all;

	client->next = clients->first;
	if (clients->first != NULL)
		clients->first->previous = client;
	clients->first = client;
	clients->count++;
	set_asks(client, true);
}

static void
bury(struct client *client)
{
	struct clients *clients = client->all;

	set_asks(client, false);
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
	count_params(client);
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

	client->finishing = false;
	end_session(client, CLIENT_DONE);
	intake_end(&client->intake);
	set_asks(client, true);
	client->write_timeout_ms = CLIENT_WRITE_TIMEOUT_MS;
	client->end_ms = INT64_MAX;
	client->begun_ms = -1;
	if (!keep)
		linger(client);
	else
		client_block(client, false);
}

/* Sends what waits, and ends what is to be ended. */
static void
push(struct client *client)
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
	push(client);
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

/* -------------------------------------------------------------- reading -- */

/*
 * The web server does not want the rest.  A record that is sent in part cannot
 * be completed from here: then the connection is at its end as well.
 */
static void
abort_request(struct client *client)
{
	if (client->finishing)
		return;
	if (client->record_left > 0)
		client_close(client, CLIENT_LEFT);
	else
		client_finish(client, CLIENT_ABORTED);
}

/* What was said before the request goes out before its answer. */
static void
take_request(struct client *client)
{
	if (outbox_let_replies(&client->out) != 0) {
		client_close(client, CLIENT_LEFT);
		return;
	}
	set_asks(client, false);
	client->all->request(client->all->context, client);
}

static void
take_bytes(struct client *client, struct sse_slice bytes)
{
	int event = INTAKE_REQUEST;

	while (event != INTAKE_NOTHING && client->fd >= 0) {
		event =
		    intake_feed(&client->intake, &bytes, &client->out.replies);
		count_params(client);
		/* One that is complete gives its bytes back at once. */
		if (event != INTAKE_REQUEST)
			limit_params(client->all);
		if (event < 0)
			client_close(client, CLIENT_MALFORMED);
		else if (client->fd < 0)
			return;
		else if (event == INTAKE_REQUEST)
			take_request(client);
		else if (event == INTAKE_ABORTED)
			abort_request(client);
	}
}

/* A kept connection has a deadline from the first byte of a request on. */
static void
watch_deadline(struct client *client)
{
	const struct intake *intake = &client->intake;

	if (intake->state == INTAKE_ACTIVE)
		client->begun_ms = -1;
	else if (client->begun_ms < 0 &&
		 (intake->state == INTAKE_PARAMS || intake->header_size > 0))
		client->begun_ms = now_ms(client);
}

static void
take_input(struct client *client)
{
	char *input = client->all->input;
	ssize_t got = recv(client->fd, input, CLIENT_READ_SIZE, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* Half closed is gone, too: lighttpd says so of a client that left. */
	if (got <= 0)
		client_close(
		    client, client->lingering ? CLIENT_DONE : CLIENT_LEFT);
	if (got <= 0 || client->lingering)
		return;
	take_bytes(client, (struct sse_slice){input, (size_t)got});
	if (client->fd < 0)
		return;
	watch_deadline(client);
	if (client->out.replies.size > 0 && !client->blocked)
		push(client);
}

static void
look(void *context, bool readable, bool writable)
{
	struct client *client = context;

	if (readable)
		take_input(client);
	if (writable && client->fd >= 0)
		push(client);
}

int
client_new(struct clients *clients, int fd)
{
	struct client *client = calloc(1, sizeof(*client));

	if (client != NULL)
		client->watch = loop_watch_new(clients->loop, fd, look, client);
	if (client == NULL || client->watch == NULL ||
	    loop_watch_set(client->watch, true, false) != 0) {
		if (client != NULL)
			loop_watch_free(client->watch);
		free(client);
		(void)close(fd);
		return -ENOMEM;
	}
	client->all = clients;
	client->params_held.client = client->out_held.client = client;
	client->fd = fd;
	intake_init(&client->intake, clients->clients_max);
	outbox_init(&client->out, CLIENT_OUT_MAX, INTAKE_REPLIES_MAX);
	client->begun_ms = now_ms(client);
	client->write_timeout_ms = CLIENT_WRITE_TIMEOUT_MS;
	client->end_ms = INT64_MAX;
	link_client(client);
	/* What is there is taken before others come, who may need its place. */
	take_input(client);
	return 0;
}
