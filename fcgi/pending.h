/*
 * pending.h - requests that cannot be decided on yet: the folder of their log
 * is being read, a step in each try.
 */
#ifndef PENDING_H
#define PENDING_H

#include <sys/queue.h>

#include "client.h"

#define PENDING_TURN_MS 5 /* of tries, in one turn */

struct pending_request;
TAILQ_HEAD(pending_list, pending_request);

struct pending {
	struct pending_list list; /* whose turn is next first */
	const struct sse_clock *clock;
	struct loop_timer *timer;
	void (*again)(void *context, struct client *client);
	void *context;
};

/*
 * Tells that a request is to be tried again, until it is not added any more.  0
 * or -ENOMEM; in any case pending_done() follows, when the clients are closed.
 */
int pending_init(struct pending *pending, struct loop *loop,
    const struct sse_clock *clock,
    void (*again)(void *context, struct client *client), void *context);
void pending_done(struct pending *pending);

/* Owns the client until it is told of.  0 or -ENOMEM. */
int pending_add(struct pending *pending, struct client *client);

#endif
