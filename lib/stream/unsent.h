/*
 * unsent.h - the position behind records that were not sent, which a client
 * has to be told, else it would have them all read again when it comes back.
 */
#ifndef UNSENT_H
#define UNSENT_H

#include <stdbool.h>

#include "clock.h"
#include "source/source_position.h"

struct unsent {
	const struct sse_clock *clock;
	int64_t wait_ms; /* until it is told without an event */
	bool is_set;     /* the client's id does not know of it */
	struct source_position position; /* behind the last record */
	int64_t told_ms;                 /* monotonic: the last event */
};

/* The clock is borrowed. */
void unsent_init(
    struct unsent *unsent, const struct sse_clock *clock, int64_t wait_ms);

/* A record that ends there was not sent. */
void unsent_move(struct unsent *unsent, const struct source_position *position);

/* An event was sent: its id, if it has one, knows of all before it. */
void unsent_tell(struct unsent *unsent, bool has_id);

/* It is to be told now. */
void unsent_hurry(struct unsent *unsent);

/* How long it may still wait: 0 or less, now; INT64_MAX when there is none. */
int64_t unsent_left_ms(const struct unsent *unsent);

#endif
