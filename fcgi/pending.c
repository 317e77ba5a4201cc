/*
 * pending.c - requests that cannot be decided on yet.
 */
#include "config.h"

#include "pending.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/budget.h"

struct pending_request {
	TAILQ_ENTRY(pending_request) link;
	struct pending *all;
	struct client *client;
};

/* It has no answer yet. */
static void
take_end(void *context, struct client *client)
{
	(void)context;
	client_close(client, CLIENT_STOPPED);
}

static void
take_gone(void *context, struct client *client)
{
	struct pending_request *request = context;

	(void)client;
	TAILQ_REMOVE(&request->all->list, request, link);
	free(request);
}

static const struct client_owner owner = {
    .end = take_end,
    .gone = take_gone,
};

static void
try_next(struct pending *pending)
{
	struct pending_request *request = TAILQ_FIRST(&pending->list);
	struct client *client = request->client;

	client_own(client, NULL, NULL);
	take_gone(request, client);
	pending->again(pending->context, client);
}

static void
take_turn(void *context)
{
	struct pending *pending = context;
	struct budget budget = budget_begin(pending->clock, PENDING_TURN_MS);
	bool over = false;

	while (!TAILQ_EMPTY(&pending->list) && !over) {
		try_next(pending);
		over = budget_is_over(&budget);
	}
	if (!TAILQ_EMPTY(&pending->list))
		loop_timer_set(pending->timer, 0);
}

int
pending_init(struct pending *pending, struct loop *loop,
    const struct sse_clock *clock,
    void (*again)(void *context, struct client *client), void *context)
{
	*pending = (struct pending){
	    .clock = clock, .again = again, .context = context};
	TAILQ_INIT(&pending->list);
	pending->timer = loop_timer_new(loop, take_turn, pending);
	return pending->timer != NULL ? 0 : -ENOMEM;
}

void
pending_done(struct pending *pending)
{
	assert(TAILQ_EMPTY(&pending->list));
	loop_timer_free(pending->timer);
}

int
pending_add(struct pending *pending, struct client *client)
{
	struct pending_request *request = calloc(1, sizeof(*request));

	assert(client->owner == NULL);
	if (request == NULL)
		return -ENOMEM;
	request->all = pending;
	request->client = client;
	TAILQ_INSERT_TAIL(&pending->list, request, link);
	client_own(client, &owner, request);
	loop_timer_set(pending->timer, 0);
	return 0;
}
