/*
 * held.c - an item for whose event there was no memory.
 */
#include "config.h"

#include "stream/held.h"

#include <assert.h>

bool
held_keep(struct held *held, const struct source_item *item)
{
	int64_t now_ms = sse_clock_monotonic_ms(held->clock);

	/* Only the event of a record takes memory. */
	assert(item->kind == SOURCE_RECORD);
	assert(!held->is_set || held->since_ms <= now_ms);
	if (!held->is_set) {
		held->item = *item;
		held->since_ms = now_ms;
	}
	held->is_set = now_ms - held->since_ms < HELD_WAIT_MS;
	return held->is_set;
}
