/*
 * undecided.c - requests that wait for their reader to start.
 */
#include "config.h"

#include "undecided.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/budget.h"
#include "source_watch.h"

struct undecided_request {
	TAILQ_ENTRY(undecided_request) link;
	struct undecided *all;
	struct client *client;
	struct reader *reader;
	struct source_watch watch;
	int64_t end_ms; /* monotonic */
};

static void
forget(struct undecided_request *request)
{
	TAILQ_REMOVE(&request->all->list, request, link);
	request->all->count--;
	source_watch_done(&request->watch);
	free(request);
}

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
	struct undecided_request *request = context;
	struct reader *reader = request->reader;

	(void)client;
	forget(request);
	reader_free(reader);
}

static const struct client_owner owner = {
    .end = take_end,
    .gone = take_gone,
};

static void
take_ready(void *context, bool readable, bool writable)
{
	const struct undecided_request *request = context;

	(void)readable;
	(void)writable;
	loop_timer_set(request->all->timer, 0);
}

/* How long it waits for its source, at most; -1: no longer. */
static int64_t
wait_of(struct undecided_request *request)
{
	struct undecided *all = request->all;
	const struct source_waiter waiter = {
	    .loop = all->loop, .ready = take_ready, .context = request};
	struct source_poll poll = stream_poll(request->reader->stream);
	int64_t left_ms = request->end_ms - sse_clock_monotonic_ms(all->clock);

	if (poll.error != 0 || left_ms <= 0)
		return -1;
	/* That may be closed, and its number another one's soon. */
	if (poll.timeout_ms == 0)
		source_watch_done(&request->watch);
	else /* Without memory for it, it is looked at in the end. */
		(void)source_watch_set(&request->watch, &poll, &waiter);
	return poll.timeout_ms < left_ms ? poll.timeout_ms : left_ms;
}

static void
decide(struct undecided_request *request)
{
	struct undecided *all = request->all;
	struct client *client = request->client;
	struct reader *reader = request->reader;

	client_own(client, NULL, NULL);
	forget(request);
	all->decided(all->context, client, reader);
}

/* When it is to be looked at again, in milliseconds; -1: it is decided. */
static int64_t
step(struct undecided_request *request)
{
	int64_t wait_ms = -1;

	if (!request->reader->hub->retired &&
	    reader_go_on_starting(request->reader) == 0)
		wait_ms = wait_of(request);
	if (wait_ms < 0)
		decide(request);
	return wait_ms;
}

static void
take_turn(void *context)
{
	struct undecided *undecided = context;
	struct budget budget =
	    budget_begin_us(undecided->clock, UNDECIDED_TURN_US);
	size_t left = undecided->count;
	int64_t next_ms = UNDECIDED_MS;
	bool over = false;

	for (; left > 0 && !TAILQ_EMPTY(&undecided->list) && !over; left--) {
		struct undecided_request *request =
		    TAILQ_FIRST(&undecided->list);
		int64_t wait_ms;

		TAILQ_REMOVE(&undecided->list, request, link);
		TAILQ_INSERT_TAIL(&undecided->list, request, link);
		wait_ms = step(request);
		if (wait_ms >= 0 && wait_ms < next_ms)
			next_ms = wait_ms;
		over = budget_is_over(&budget);
	}
	if (!TAILQ_EMPTY(&undecided->list))
		loop_timer_set(undecided->timer, left > 0 ? 0 : next_ms);
}

int
undecided_init(struct undecided *undecided, struct loop *loop,
    const struct sse_clock *clock)
{
	*undecided = (struct undecided){.loop = loop, .clock = clock};
	TAILQ_INIT(&undecided->list);
	undecided->timer = loop_timer_new(loop, take_turn, undecided);
	return undecided->timer != NULL ? 0 : -ENOMEM;
}

void
undecided_done(struct undecided *undecided)
{
	assert(TAILQ_EMPTY(&undecided->list));
	loop_timer_free(undecided->timer);
}

int
undecided_add(
    struct undecided *undecided, struct client *client, struct reader *reader)
{
	struct undecided_request *request = calloc(1, sizeof(*request));

	assert(client->owner == NULL && reader->client == NULL);
	assert(reader->stream != NULL);
	if (request == NULL)
		return -ENOMEM;
	request->all = undecided;
	request->client = client;
	request->reader = reader;
	request->end_ms =
	    sse_clock_monotonic_ms(undecided->clock) + UNDECIDED_MS;
	TAILQ_INSERT_TAIL(&undecided->list, request, link);
	undecided->count++;
	client_own(client, &owner, request);
	loop_timer_set(undecided->timer, 0);
	return 0;
}
