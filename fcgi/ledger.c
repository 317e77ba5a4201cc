/*
 * ledger.c - what all clients of a worker hold together.
 */
#include "config.h"

#include "ledger.h"

#include "budget.h"

/* What waits in it is so much of what waits in all. */
void
ledger_count_out(struct client *client, size_t size)
{
	struct clients *clients = client->all;

	clients->holders -= client->out_size > 0;
	clients->out_size -= client->out_size;
	client->out_size = size;
	clients->out_size += size;
	clients->holders += size > 0;
	if (clients->out_size > CLIENTS_OUT_MAX && clients->holders > 1)
		loop_timer_set(clients->relief, 0);
}

/*
 * What it has, and for how long nothing of it was taken: who takes what it gets
 * has little of both, however long its frames are.
 */
static double
weight_of(const struct client *client, int64_t now)
{
	int64_t held_ms = client->blocked ? now - client->blocked_ms : 0;

	return (double)client->out_size * (double)(held_ms + 1);
}

static struct client *
worst_holder(const struct clients *clients)
{
	int64_t now = sse_clock_monotonic_ms(clients->clock);
	struct client *worst = clients->first;

	for (struct client *client = worst; client != NULL;
	     client = client->next)
		if (weight_of(client, now) > weight_of(worst, now))
			worst = client;
	return worst;
}

/* One alone may have more: the longest frame has to go through. */
void
ledger_relieve(void *context)
{
	struct clients *clients = context;
	struct budget budget = budget_begin(clients->clock, CLIENTS_TURN_MS);
	struct client *worst = worst_holder(clients);

	while (worst != NULL && clients->out_size > CLIENTS_OUT_MAX &&
	       clients->holders > 1 && !budget_is_over(&budget)) {
		client_close(worst, CLIENT_STALLED);
		worst = worst_holder(clients);
	}
	if (clients->out_size > CLIENTS_OUT_MAX && clients->holders > 1)
		loop_timer_set(clients->relief, 0);
}

void
ledger_count_params(struct client *client)
{
	struct clients *clients = client->all;

	if (client->fd < 0)
		return;
	clients->params_size -= client->params_size;
	client->params_size = (uint32_t)client->intake.records.size;
	clients->params_size += client->params_size;
}

/*
 * The octets of all unfinished requests have a limit in common.  The one that
 * is unfinished for the longest time makes room: a web server sends its
 * requests at once, so it is not the honest newcomer's.
 */
void
ledger_limit_params(struct clients *clients)
{
	struct client *client = TAILQ_FIRST(&clients->asking), *next;

	for (; clients->params_size > CLIENTS_PARAMS_MAX && client != NULL;
	     client = next) {
		next = TAILQ_NEXT(client, link);
		if (client->params_size > 0)
			client_close(client, CLIENT_TOO_SLOW);
	}
}
