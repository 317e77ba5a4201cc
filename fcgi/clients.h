/*
 * clients.h - all clients of a worker: what they have in common, and what is
 * done with many of them at once, a part in each turn of the loop.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include "client.h"

#define CLIENTS_TURN_MS 5 /* of closing many, in one turn */

/* 0 or -ENOMEM. */
int clients_init(
    struct clients *clients, struct loop *loop, const struct sse_clock *clock);

/* Closes all. */
void clients_done(struct clients *clients);

/*
 * Looks for those whose time is over, and returns after how many milliseconds
 * to look again.
 */
int64_t clients_tick(struct clients *clients);

/*
 * Asks all to end in good order, in this turn of the loop and in those that
 * follow: the owners, or who has no request is closed.  No client comes any
 * more.
 */
void clients_end(struct clients *clients);

/* Whether some have no whole request, or have their answer and do not close. */
bool clients_are_idle(const struct clients *clients);

/* Closes the one of these that has been so for the longest time. */
void clients_close_idle(struct clients *clients);

#endif
