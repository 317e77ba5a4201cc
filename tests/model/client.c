/*
 * client.c - what waits for a client, what it takes, and what it has got.
 */
#include "config.h"

#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gap.h"

/* The number that a text begins with. */
static int
number_of(struct sse_slice text)
{
	char digits[32] = "";
	size_t size = text.size;

	if (size > sizeof(digits) - 1)
		size = sizeof(digits) - 1;
	memcpy(digits, text.data, size);
	return atoi(digits);
}

static struct event
event_of(const struct source_item *item)
{
	struct event event = {.line = -1, .placed = item->has_position};
	struct sse_slice text = item->record.text;

	if (item->kind == SOURCE_GAP)
		event.reason = item->reason;
	else if (text.size > 0 && text.data[0] == '~')
		event.line = -2;
	else
		event.line = number_of(text);
	return event;
}

void
event_trace(const char *who, int number, const struct event *event)
{
	printf("#   %s %d: ", who, number);
	if (event->line >= 0)
		printf(
		    "line %d%s\n", event->line, event->placed ? "" : ", late");
	else
		printf("gap %s\n", gap_reason_text(event->reason));
}

/* An event is its type, and its data are a number. */
static const char *
type_of(const struct event *event)
{
	if (event->line == -2)
		return NULL;
	if (event->line == -1)
		return "gap";
	return event->placed ? "line" : "late";
}

static void
note_event(void *context, const struct sse_event *arrived)
{
	struct client *client = context;
	struct event event = {.when_ms = client->world->now_ms};
	int number = number_of(arrived->data);
	bool is_gap = sse_slice_equal(arrived->type, sse_slice("gap"));

	if (client->events_count == CLIENT_EVENTS_MAX)
		abort();
	event.line = is_gap ? -1 : number;
	event.reason = is_gap ? (enum gap_reason)number : GAP_NONE;
	event.placed = sse_slice_equal(arrived->type, sse_slice("line"));
	client->events[client->events_count++] = event;
	if (client->is_traced)
		event_trace("client", client->number, &event);
}

/* The id of what has arrived whole: the client comes back with it. */
static void
note_id(struct client *client)
{
	struct sse_slice id = wire_id(&client->wire);
	struct sse_slice known = {client->id, client->id_size};

	if (sse_slice_equal(id, known))
		return;
	if (id.size > sizeof(client->id))
		abort();
	memcpy(client->id, id.data, id.size);
	client->id_size = id.size;
	if (client->is_traced)
		printf("#     id %.*s\n", (int)client->id_size, client->id);
}

bool
client_send(struct client *client, const struct waiting *waiting)
{
	struct sse_event event = {.type = sse_slice(type_of(&waiting->event))};
	char data[16];
	bool is_taken;

	(void)snprintf(data, sizeof(data), "%d",
	    waiting->event.line >= 0 ? waiting->event.line
				     : (int)waiting->event.reason);
	if (event.type.data != NULL)
		event.data = sse_slice(data);
	if (waiting->id_size > 0)
		event.id = (struct sse_slice){waiting->id, waiting->id_size};
	is_taken = wire_send(&client->wire, &event);
	note_id(client);
	return is_taken;
}

bool
client_drain(struct client *client)
{
	int sent = 0;
	bool is_taken = wire_flush(&client->wire);

	note_id(client);
	while (is_taken && sent < client->queue_count)
		is_taken = client_send(client, &client->queue[sent++]);
	client->queue_count -= sent;
	memmove(client->queue, client->queue + sent,
	    (size_t)client->queue_count * sizeof(client->queue[0]));
	return is_taken;
}

struct waiting
waiting_of(const struct source_item *item)
{
	struct waiting waiting = {.id_size = 0};

	waiting.event.line = -2;
	if (item->kind == SOURCE_RECORD || item->kind == SOURCE_GAP)
		waiting.event = event_of(item);
	if (item->has_position)
		waiting.id_size =
		    sse_position_format(&item->position, waiting.id);
	return waiting;
}

void
client_connect(struct client *client)
{
	client->connected = true;
	wire_begin(&client->wire,
	    (struct sse_slice){client->id, client->id_size}, note_event,
	    client);
}

void
client_hang_up(struct client *client)
{
	file_free(client->file);
	client->file = NULL;
	client->connected = false;
	client->queue_count = 0;
	wire_end(&client->wire);
}

void
client_give(struct client *client, const struct waiting *waiting)
{
	if (!client->stalled && client_drain(client))
		(void)client_send(client, waiting);
	else if (client->queue_count < CLIENT_QUEUE_MAX)
		client->queue[client->queue_count++] = *waiting;
	else
		client_hang_up(client); /* overrun */
}

void
client_stall(struct client *client, bool stalled)
{
	client->stalled = stalled;
	if (client->connected && !stalled)
		(void)client_drain(client);
}
