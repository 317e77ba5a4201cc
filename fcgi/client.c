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
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/budget.h"

/* -------------------------------------------------------------- burial -- */

static void
free_client(struct client *client)
{
	intake_done(&client->intake);
	sse_buf_done(&client->out);
	sse_buf_done(&client->replies);
	free(client);
}

/*
 * In one turn without a budget: what is closed in a turn of the loop has one,
 * and to free a client is no call of the system (0.2 us of 10 to close it).
 */
static void
free_buried(void *context)
{
	struct clients *clients = context;

	while (clients->buried != NULL) {
		struct client *client = clients->buried;

		clients->buried = client->next;
		free_client(client);
	}
}

/* ---------------------------------------------- what waits to be sent -- */

/* One alone may have more: the longest frame has to go through. */
static bool
is_too_much(const struct ledger *out)
{
	return out->size > CLIENTS_OUT_MAX && out->count > 1;
}

/* What waits in it to be sent is so much of what waits in all. */
static void
count_out(struct client *client, size_t size)
{
	struct clients *clients = client->all;

	ledger_set(&clients->out, &client->out_held, size);
	if (is_too_much(&clients->out))
		loop_timer_set(clients->relief, 0);
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

/* -------------------------------------------------------- all of them -- */

static void
tell_end(struct client *client)
{
	if (client->owner->end != NULL)
		client->owner->end(client->owner_context, client);
}

/* It is asked to end in good order, once. */
static void
end_one(struct client *client)
{
	client->is_asked_to_end = true;
	client_tell_why(client, CLIENT_STOPPED);
	if (client->owner != NULL)
		tell_end(client);
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
end_visit(struct client *client, enum client_why why)
{
	client_tell_why(client, why);
	visit_end(&client->visit, client->why,
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
	end_visit(client, why);
	ledger_set(&client->all->params, &client->params_held, 0);
	ledger_set(&client->all->out, &client->out_held, 0);
	sse_buf_done(&client->out);
	loop_watch_free(client->watch);
	client->watch = NULL;
	(void)close(client->fd);
	client->fd = -1;
	bury(client);
	client->all->closed(client->all->context, why);
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
	return client->out.size > 0;
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
	count_out(client, client->out.capacity + client->replies.capacity);
	if (client->blocked == blocked)
		return;
	client->blocked = blocked;
	client->blocked_ms = now_ms(client);
	if (client->owner != NULL && client->owner->block != NULL)
		client->owner->block(client->owner_context, client, blocked);
	if (loop_watch_set(client->watch, true, blocked) != 0)
		client_close(client, CLIENT_LEFT);
}

/* Sends what is in out. */
static int
flush_out(struct client *client)
{
	struct sse_buf *out = &client->out;

	while (client->out_sent < out->size) {
		ssize_t put = send(client->fd, out->data + client->out_sent,
		    out->size - client->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EWOULDBLOCK ? -EAGAIN : -errno;
		client->out_sent += (size_t)put;
		client_took(client);
	}
	sse_buf_done(out);
	client->out_sent = 0;
	return 0;
}

int
client_flush(struct client *client)
{
	int error = client_waits(client) ? flush_out(client) : 0;
	struct sse_buf empty;

	if (error != 0 || client->record_left > 0 || client->replies.size == 0)
		return error;
	empty = client->out;
	client->out = client->replies;
	client->out.size_max = empty.size_max;
	empty.size_max = client->replies.size_max;
	client->replies = empty;
	return flush_out(client);
}

/* What the socket did not take of {header, bytes}. */
static int
keep_rest(struct client *client, const char *header, struct sse_slice bytes,
    size_t sent)
{
	int error = 0;

	if (sent < WIRE_HEADER_SIZE) {
		error = sse_buf_add(
		    &client->out, header + sent, WIRE_HEADER_SIZE - sent);
		sent = WIRE_HEADER_SIZE;
	}
	sent -= WIRE_HEADER_SIZE;
	if (error == 0)
		error = sse_buf_add(
		    &client->out, bytes.data + sent, bytes.size - sent);
	return error;
}

/* One record.  0 when it is sent, -EAGAIN when its rest is in out. */
static int
send_record(struct client *client, struct sse_slice bytes)
{
	char header[WIRE_HEADER_SIZE];
	struct iovec parts[2] = {{header, sizeof(header)},
	    {(void *)(uintptr_t)bytes.data, bytes.size}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t put;
	int error;

	wire_header(header, WIRE_STDOUT, client->intake.request_id, bytes.size);
	do
		put =
		    sendmsg(client->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (put < 0 && errno == EINTR);
	if (put < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		return -errno;
	if (put < 0)
		put = 0;
	if ((size_t)put == sizeof(header) + bytes.size)
		return 0;
	error = keep_rest(client, header, bytes, (size_t)put);
	return error != 0 ? error : -EAGAIN;
}

int
client_stdout(struct client *client, struct sse_slice bytes)
{
	int error = 0;

	while (bytes.size > 0 && error == 0) {
		struct sse_slice piece = bytes;

		if (piece.size > WIRE_STDOUT_MAX)
			piece.size = WIRE_STDOUT_MAX;
		error = send_record(client, piece);
		bytes.data += piece.size;
		bytes.size -= piece.size;
	}
	if (error == -EAGAIN && bytes.size > 0)
		error =
		    wire_stdout(&client->out, client->intake.request_id, bytes);
	return error == -EAGAIN ? 0 : error;
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
	end_visit(client, CLIENT_DONE);
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
	if (wire_finish(&client->out, client->intake.request_id) != 0)
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
	struct sse_buf *replies = &client->replies;

	if (sse_buf_add(&client->out, replies->data, replies->size) != 0) {
		client_close(client, CLIENT_LEFT);
		return;
	}
	sse_buf_done(replies);
	set_asks(client, false);
	client->all->request(client->all->context, client);
}

static void
take_bytes(struct client *client, struct sse_slice bytes)
{
	int event = INTAKE_REQUEST;

	while (event != INTAKE_NOTHING && client->fd >= 0) {
		event = intake_feed(&client->intake, &bytes, &client->replies);
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
	if (client->replies.size > 0 && !client->blocked)
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
	sse_buf_init(&client->out, CLIENT_OUT_MAX);
	sse_buf_init(&client->replies, INTAKE_REPLIES_MAX);
	client->begun_ms = now_ms(client);
	client->write_timeout_ms = CLIENT_WRITE_TIMEOUT_MS;
	client->end_ms = INT64_MAX;
	link_client(client);
	/* What is there is taken before others come, who may need its place. */
	take_input(client);
	return 0;
}

/* --------------------------------------------------------------- times -- */

bool
clients_are_idle(const struct clients *clients)
{
	return !TAILQ_EMPTY(&clients->asking);
}

void
clients_close_idle(struct clients *clients)
{
	struct client *client = TAILQ_FIRST(&clients->asking);

	if (client != NULL)
		client_close(client, client->lingering || client->begun_ms < 0
					 ? CLIENT_DONE
					 : CLIENT_TOO_SLOW);
}

void
clients_end(struct clients *clients)
{
	clients->stopping = true;
	end_some(clients);
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
	else if (client->end_ms <= now && client->owner != NULL) {
		client->end_ms = INT64_MAX;
		client_tell_why(client, CLIENT_AGED);
		tell_end(client);
	} else
		return false;
	return true;
}

/* When to look at it again. */
static int64_t
next_end(const struct client *client)
{
	int64_t next_ms = client->end_ms;

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
 * To look at one is no call of the system: 0.07 us.  To end one is some, and
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
