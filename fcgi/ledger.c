/*
 * ledger.c - what all clients of a worker hold together, and who holds most.
 */
#include "config.h"

#include "ledger.h"

#include <assert.h>

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

	assert(ledger->size >= holding->size);
	ledger->size += size - holding->size;
	ledger->count += (size_t)is_in - (size_t)was_in;
	assert((ledger->size > 0) == (ledger->count > 0));
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
