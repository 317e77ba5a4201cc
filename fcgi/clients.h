/*
 * clients.h - all clients of a worker: what they have in common, and what is
 * done with many of them at once, a part in each turn of the loop.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include "client.h"

#define CLIENTS_TURN_MS 5      /* of closing many, in one turn */
#define CLIENTS_LOOKS_MAX 16   /* idle ones that are looked at, to close one */
#define CLIENTS_CROWD 256      /* so many that have left are a crowd */
#define CLIENTS_UNREAD_MS 1000 /* that bytes to be read keep one from that */

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

/*
 * The one of these that has been so for the longest time; not one whose bytes
 * have come and are to be read in the next turn.  NULL: there is none now.
 */
struct client *clients_find_idle(struct clients *clients);

/* Closes such a one. */
void clients_close_idle(struct client *client);

#endif
