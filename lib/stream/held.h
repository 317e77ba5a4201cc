/*
 * held.h - an item for whose event there was no memory: it is tried again for a
 * while.
 */
#ifndef HELD_H
#define HELD_H

#include "source/item.h"

#define HELD_WAIT_MS 10000 /* for memory that a record needs */
#define HELD_LOOK_MS 100   /* between two tries to get it */

/* What the item points to is the stage's before it. */
struct held {
	const struct sse_clock *clock;
	bool is_set;
	struct source_item item;
	int64_t since_ms; /* monotonic: the first try */
};

/*
 * There was no memory for the item, again if it is the one that is held:
 * whether it is held now, or has been for too long, and is not any more.
 */
bool held_keep(struct held *held, const struct source_item *item);

#endif
