/*
 * fanout.c - one frame to many.
 *
 * The way of one that keeps up is short: one send() of the shared record, with
 * its own request id in the header.  Everything else - a socket that is full,
 * a record that was taken in part, bytes that wait in the client, an end - is
 * "aside", and goes through subscriber_push().
 */
#include "config.h"

#include "fanout.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SUBSCRIBERS_FIRST 16

void
fanout_init(struct fanout *fanout, struct backlog *backlog)
{
	*fanout = (struct fanout){.backlog = backlog};
	sse_buf_init(&fanout->shared, WIRE_HEADER_SIZE + WIRE_STDOUT_MAX);
}

void
fanout_done(struct fanout *fanout)
{
	assert(fanout->count == 0);
	assert(fanout->joined == 0 && fanout->joined_frames == 0);
	free(fanout->subscribers);
	sse_buf_done(&fanout->shared);
	*fanout = (struct fanout){.backlog = NULL};
}

void
fanout_rest(struct fanout *fanout)
{
	if (fanout->count > 0)
		return;
	free(fanout->subscribers);
	fanout->subscribers = NULL;
	fanout->capacity = 0;
}

/* -------------------------------------------- what the client tells us -- */

static struct subscriber *
subscriber_of(struct fanout *fanout, const struct client *client)
{
	struct subscriber *subscriber = &fanout->subscribers[client->place];

	assert(client->place < fanout->count && subscriber->client == client);
	return subscriber;
}

static void
take_writable(void *context, struct client *client)
{
	struct fanout *fanout = context;

	subscriber_push(subscriber_of(fanout, client), fanout->backlog);
}

static void
take_block(void *context, struct client *client, bool blocked)
{
	struct fanout *fanout = context;
	struct subscriber *subscriber = subscriber_of(fanout, client);

	subscriber->aside = blocked || subscriber->end != UINT64_MAX;
}

/* After the frame that it is in; a record may hold several. */
static void
take_end(void *context, struct client *client)
{
	struct fanout *fanout = context;
	struct subscriber *subscriber = subscriber_of(fanout, client);
	uint64_t sent = subscriber->cursor + client->record_left;

	if (subscriber->cursor < backlog_tail(fanout->backlog))
		sent = subscriber->cursor;
	else
		sent = backlog_frame_end(fanout->backlog, sent);
	subscriber_end_at(subscriber, fanout->backlog, sent);
}

static void
take_gone(void *context, struct client *client)
{
	struct fanout *fanout = context;
	struct subscriber *subscriber = subscriber_of(fanout, client);
	struct subscriber *last = &fanout->subscribers[fanout->count - 1];

	assert(subscriber->cursor >= client->joined);
	client->session.bytes += subscriber->cursor - client->joined;
	client->session.frames +=
	    backlog_frames_before(fanout->backlog, subscriber->cursor) -
	    client->joined_frames;
	fanout->joined -= client->joined;
	fanout->joined_frames -= client->joined_frames;
	*subscriber = *last;
	subscriber->client->place = client->place;
	fanout->count--;
	fanout->moved = true;
}

static const struct client_owner owner = {
    .writable = take_writable,
    .block = take_block,
    .end = take_end,
    .gone = take_gone,
};

/* -------------------------------------------------------------- rounds -- */

static int
reserve(struct fanout *fanout)
{
	size_t capacity =
	    fanout->capacity > 0 ? 2 * fanout->capacity : SUBSCRIBERS_FIRST;
	struct subscriber *subscribers;

	if (fanout->count < fanout->capacity)
		return 0;
	subscribers = realloc(
	    fanout->subscribers, capacity * sizeof(*fanout->subscribers));
	if (subscribers == NULL)
		return -ENOMEM;
	fanout->subscribers = subscribers;
	fanout->capacity = capacity;
	return 0;
}

int
fanout_add(struct fanout *fanout, struct client *client, uint64_t cursor)
{
	struct subscriber *subscriber;

	assert(cursor <= backlog_head(fanout->backlog));
	if (reserve(fanout) != 0)
		return -ENOMEM;
	client->place = fanout->count++;
	subscriber = &fanout->subscribers[client->place];
	*subscriber = (struct subscriber){
	    .cursor = cursor,
	    .end = UINT64_MAX,
	    .client = client,
	    .fd = client->fd,
	    .request_id = client->intake.request_id,
	    .aside = client->blocked,
	};
	client->record_left = 0;
	client->joined = cursor;
	client->joined_frames = backlog_frames_before(fanout->backlog, cursor);
	fanout->joined += client->joined;
	fanout->joined_frames += client->joined_frames;
	client_own(client, &owner, fanout);
	if (!client->blocked)
		subscriber_push(subscriber, fanout->backlog);
	return 0;
}

/* The frames from there to the head as the record that most will get. */
static void
share(struct fanout *fanout, uint64_t from)
{
	struct sse_slice bytes;
	char header[WIRE_HEADER_SIZE];

	fanout->shared_from = fanout->shared_to = from;
	if (from < backlog_tail(fanout->backlog))
		return;
	bytes = backlog_read(fanout->backlog, from);
	if (bytes.size > WIRE_STDOUT_MAX)
		return;
	sse_buf_clear(&fanout->shared);
	wire_header(header, WIRE_STDOUT, 0, bytes.size);
	if (sse_buf_add(&fanout->shared, header, sizeof(header)) == 0 &&
	    sse_buf_add(&fanout->shared, bytes.data, bytes.size) == 0)
		fanout->shared_to = from + bytes.size;
}

void
fanout_begin(struct fanout *fanout, uint64_t from)
{
	assert(from <= backlog_head(fanout->backlog));
	if (fanout->count == 0)
		return;
	share(fanout, from);
	fanout->next = 0;
	fanout->running = true;
	fanout->moved = false;
}

/* One send of the record that is the same for all but for the request id. */
static void
send_shared(struct fanout *fanout, struct subscriber *subscriber)
{
	struct sse_buf *shared = &fanout->shared;
	ssize_t put;

	assert(subscriber->cursor == fanout->shared_from);
	shared->data[2] = (char)(subscriber->request_id >> 8);
	shared->data[3] = (char)(subscriber->request_id & 0xff);
	put = send(subscriber->fd, shared->data, shared->size,
	    MSG_NOSIGNAL | MSG_DONTWAIT);
	if (put == (ssize_t)shared->size) {
		subscriber->cursor = fanout->shared_to;
		return;
	}
	/* What went wrong is seen when it is tried again. */
	if (put > 0 && subscriber_took(subscriber, shared->data,
			   shared->size - WIRE_HEADER_SIZE, (size_t)put) != 0)
		client_close(subscriber->client, CLIENT_LEFT);
	else
		subscriber_push(subscriber, fanout->backlog);
}

/* Whether something was sent. */
static bool
serve(struct fanout *fanout, struct subscriber *subscriber)
{
	const struct backlog *backlog = fanout->backlog;

	if (subscriber->cursor < backlog_tail(backlog)) {
		client_close(subscriber->client, CLIENT_OVERRUN);
		return true;
	}
	if (subscriber->aside || subscriber->cursor == backlog_head(backlog))
		return false;
	if (subscriber->cursor == fanout->shared_from &&
	    fanout->shared_to == backlog_head(backlog))
		send_shared(fanout, subscriber);
	else
		subscriber_push(subscriber, fanout->backlog);
	return true;
}

/* Whether the subscribers of this round have not all been served. */
static bool
is_under_way(const struct fanout *fanout)
{
	return fanout->next < fanout->count;
}

/* Serves the next one: 1 where something was sent, else 0. */
static int
serve_next(struct fanout *fanout)
{
	size_t count = fanout->count;
	bool sent = serve(fanout, &fanout->subscribers[fanout->next]);

	/* When it has gone, another one is at its place. */
	if (fanout->count == count)
		fanout->next++;
	return sent;
}

bool
fanout_run(struct fanout *fanout, int *sends)
{
	while (is_under_way(fanout) && *sends > 0)
		*sends -= serve_next(fanout);
	if (is_under_way(fanout))
		return true;
	/* One that took the place of one before was passed over. */
	fanout->running = fanout->moved;
	fanout->moved = false;
	fanout->next = 0;
	return fanout->running;
}

static void
end_one(
    struct fanout *fanout, struct subscriber *subscriber, enum client_why why)
{
	client_tell_why(subscriber->client, why);
	if (why == CLIENT_ENDED)
		subscriber_end_at(
		    subscriber, fanout->backlog, backlog_head(fanout->backlog));
	else
		take_end(fanout, subscriber->client);
}

/*
 * Those that were told are passed over, which is a look at 32 bytes each.  One
 * that goes is replaced by one behind it: so it begins at the end.
 */
bool
fanout_end(
    struct fanout *fanout, enum client_why why, const struct budget *budget)
{
	for (size_t i = fanout->count; i > 0; i--) {
		struct subscriber *subscriber = &fanout->subscribers[i - 1];

		if (subscriber->end != UINT64_MAX)
			continue;
		end_one(fanout, subscriber, why);
		if (budget_is_over(budget))
			return i > 1;
	}
	return false;
}

/* Most are at the same place: its frames are looked up once. */
struct fanout_sums
fanout_sums(const struct fanout *fanout)
{
	uint64_t head = fanout->count > 0 ? backlog_head(fanout->backlog) : 0;
	uint64_t cursor = UINT64_MAX, frames = 0;
	struct fanout_sums sums = {
	    .frames = 0 - fanout->joined_frames, .bytes = 0 - fanout->joined};

	for (size_t i = 0; i < fanout->count; i++) {
		const struct subscriber *subscriber = &fanout->subscribers[i];

		if (subscriber->cursor != cursor)
			frames = backlog_frames_before(
			    fanout->backlog, subscriber->cursor);
		cursor = subscriber->cursor;
		sums.frames += frames;
		sums.bytes += cursor;
		assert(cursor <= head);
		if (head - cursor > sums.lag)
			sums.lag = head - cursor;
	}
	return sums;
}
