/*
 * readers.h - all readers of a worker, and whose turn it is.
 */
#ifndef READERS_H
#define READERS_H

#include "base/budget.h"
#include "reader.h"

#define READERS_TURN_US 200        /* of all, in one turn of the loop */
#define READERS_BEAT_US 200        /* of heartbeats, likewise */
#define READERS_LOOK_US 50         /* between two looks at the hubs */
#define READER_QUANTUM_MS 250      /* of reading while others wait, ... */
#define READER_QUANTUM_SIZE 262144 /* ... or bytes of frames */
#define READER_LOOK_MS 250         /* a look without a reason */
#define READER_STARTS_MAX 16       /* that fail, in READER_LOOK_MS */

/* 0 or -ENOMEM. */
int readers_init(
    struct readers *readers, struct loop *loop, const struct sse_clock *clock);

/* How many wait for their turn. */
size_t readers_waiting(const struct readers *readers);

/* Their clients are closed. */
void readers_done(struct readers *readers);

/* As hubs know them. */
struct hub_followers readers_followers(struct readers *readers);

#endif
