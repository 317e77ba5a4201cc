/*
 * ledger.c - what all clients of a worker hold together, and who holds most.
 */
#include "config.h"

#include "ledger.h"

#include "base/budget.h"
#include "client.h"

/* ------------------------------------------------------------- holdings -- */

void
ledger_init(struct ledger *ledger, const struct sse_clock *clock)
{
	ledger->clock = clock;
	ledger->size = ledger->count = 0;
	for (size_t i = 0; i < LEDGER_CLASSES; i++)
		TAILQ_INIT(&ledger->classes[i]);
}

static struct holding_class *
class_of(struct ledger *ledger, size_t size)
{
	size_t i = 0;

	while (size >>= 1)
		i++;
	return &ledger->classes[i];
}

void
ledger_set(struct ledger *ledger, struct holding *holding, size_t size)
{
	struct holding_class *before = class_of(ledger, holding->size);
	struct holding_class *after = class_of(ledger, size);
	bool was_in = holding->size > 0, is_in = size > 0;

	ledger->size += size - holding->size;
	ledger->count += (size_t)is_in - (size_t)was_in;
	holding->size = size;
	if (was_in == is_in && before == after)
		return;
	if (!was_in)
		holding->since_ms = sse_clock_monotonic_ms(ledger->clock);
	if (was_in)
		TAILQ_REMOVE(before, holding, link);
	if (is_in)
		TAILQ_INSERT_TAIL(after, holding, link);
}

void
ledger_renew(struct ledger *ledger, struct holding *holding)
{
	struct holding_class *class = class_of(ledger, holding->size);

	if (holding->size == 0)
		return;
	holding->since_ms = sse_clock_monotonic_ms(ledger->clock);
	TAILQ_REMOVE(class, holding, link);
	TAILQ_INSERT_TAIL(class, holding, link);
}

struct client *
ledger_largest(const struct ledger *ledger)
{
	for (size_t i = LEDGER_CLASSES; i > 0; i--)
		if (!TAILQ_EMPTY(&ledger->classes[i - 1]))
			return TAILQ_FIRST(&ledger->classes[i - 1])->client;
	return NULL;
}

/* Who takes what it gets has little of both, however long its frames are. */
static double
weight_of(const struct holding *holding, int64_t now)
{
	return (double)holding->size * (double)(now - holding->since_ms + 1);
}

struct client *
ledger_heaviest(const struct ledger *ledger)
{
	int64_t now = sse_clock_monotonic_ms(ledger->clock);
	const struct holding *heaviest = NULL;

	for (size_t i = 0; i < LEDGER_CLASSES; i++) {
		const struct holding *first = TAILQ_FIRST(&ledger->classes[i]);

		if (first != NULL &&
		    (heaviest == NULL ||
			weight_of(first, now) > weight_of(heaviest, now)))
			heaviest = first;
	}
	return heaviest != NULL ? heaviest->client : NULL;
}

/* ---------------------------------------------- what waits to be sent -- */

/* One alone may have more: the longest frame has to go through. */
static bool
is_too_much(const struct ledger *out)
{
	return out->size > CLIENTS_OUT_MAX && out->count > 1;
}

void
ledger_count_out(struct client *client, size_t size)
{
	struct clients *clients = client->all;

	ledger_set(&clients->out, &client->out_held, size);
	if (is_too_much(&clients->out))
		loop_timer_set(clients->relief, 0);
}

void
ledger_relieve(void *context)
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

void
ledger_count_params(struct client *client)
{
	const struct intake *intake = &client->intake;

	if (client->fd >= 0)
		ledger_set(&client->all->params, &client->params_held,
		    intake->records.capacity + intake->content.capacity);
}

/*
 * The largest makes room: it is not that of an honest newcomer, whose web
 * server sends a request of some hundred bytes at once.
 *
 * Few are closed, however many there are: one read has brought CLIENT_READ_SIZE
 * bytes at most, and where ten thousand share the limit, the largest have
 * 2 KiB, so 32 of them are enough.
 */
void
ledger_limit_params(struct clients *clients)
{
	while (clients->params.size > CLIENTS_PARAMS_MAX)
		client_close(ledger_largest(&clients->params), CLIENT_TOO_SLOW);
}
