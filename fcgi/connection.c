/*
 * connection.c - what a web server says becomes requests.
 */
#include "config.h"

#include "connection.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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
	assert(client->intake.state == INTAKE_ACTIVE && client->asks);
	if (outbox_let_replies(&client->out) != 0) {
		client_close(client, CLIENT_LEFT);
		return;
	}
	client_set_asks(client, false);
	client->unread_ms = 0;
	client->all->request(client->all->context, client);
}

static void
take_bytes(struct client *client, struct sse_slice bytes)
{
	int event = INTAKE_REQUEST;

	while (event != INTAKE_NOTHING && client->fd >= 0) {
		event =
		    intake_feed(&client->intake, &bytes, &client->out.replies);
		client_count_params(client);
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

/*
 * Whether it is kept and nothing of a request has come: what had begun was of
 * the one before, as the rest of its STDIN.
 */
static bool
rests(const struct client *client)
{
	const struct intake *intake = &client->intake;

	return intake->state == INTAKE_IDLE && intake->keep_conn &&
	       intake->header_size == 0 && !client->lingering;
}

/* A kept connection has a deadline from the first byte of a request on. */
static void
watch_deadline(struct client *client)
{
	const struct intake *intake = &client->intake;

	assert(client->fd >= 0);
	if (intake->state == INTAKE_ACTIVE || rests(client))
		client->begun_ms = -1;
	else if (client->begun_ms < 0 &&
		 (intake->state == INTAKE_PARAMS || intake->header_size > 0))
		client->begun_ms = sse_clock_monotonic_ms(client->all->clock);
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
		client_push(client);
}

static void
look(void *context, bool readable, bool writable)
{
	struct client *client = context;

	if (readable)
		take_input(client);
	if (writable && client->fd >= 0)
		client_push(client);
}

int
connection_new(struct clients *clients, int fd)
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
	client->begun_ms = sse_clock_monotonic_ms(client->all->clock);
	client->write_timeout_ms = CLIENT_WRITE_TIMEOUT_MS;
	client->end_ms = INT64_MAX;
	client_link(client);
	/* What is there is taken before others come, who may need its place. */
	take_input(client);
	return 0;
}
