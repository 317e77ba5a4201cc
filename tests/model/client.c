/*
 * client.c - what waits for a client, what it takes, and what it has got.
 */
#include "config.h"

#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/gap.h"

#define DATA_SIZE_MAX (CLIENT_LINES_MAX * 16)

static void
add_line(struct waiting *waiting, struct sse_slice line)
{
	int number = reader_line_number(line);

	if (number < 0)
		return;
	if (waiting->lines_count == CLIENT_LINES_MAX)
		abort();
	waiting->lines[waiting->lines_count++] = number;
}

/* The text up to the next LF, which is taken off it. */
static struct sse_slice
take_line(struct sse_slice *text)
{
	const char *end = memchr(text->data, '\n', text->size);
	struct sse_slice line = *text;

	if (end != NULL)
		line.size = (size_t)(end - text->data);
	text->data += line.size + (end != NULL);
	text->size -= line.size + (end != NULL);
	return line;
}

struct waiting
waiting_of(const struct source_item *item)
{
	struct waiting waiting = {.placed = item->has_position};
	struct sse_slice text = item->record.text;

	if (item->kind == SOURCE_GAP)
		waiting.gap = item->reason;
	while (item->kind == SOURCE_RECORD && text.size > 0)
		add_line(&waiting, take_line(&text));
	if (item->has_position)
		waiting.id_size = packed_format(&item->position, waiting.id);
	return waiting;
}

static void
trace(const char *who, int number, const struct event *event)
{
	printf("#   %s %d: ", who, number);
	if (event->line >= 0)
		printf(
		    "line %d%s\n", event->line, event->placed ? "" : ", late");
	else
		printf("gap %s\n", gap_reason_text(event->reason));
}

void
waiting_trace(const char *who, int number, const struct waiting *waiting)
{
	struct event event = {.placed = waiting->placed};

	for (int i = 0; i < waiting->lines_count; i++) {
		event.line = waiting->lines[i];
		trace(who, number, &event);
	}
	event.line = -1;
	event.reason = waiting->gap;
	if (waiting->gap != GAP_NONE)
		trace(who, number, &event);
}

/* -------------------------------------------------------------- the wire -- */

/* An event is its type, and its data are numbers, one a line. */
static const char *
type_of(const struct waiting *waiting)
{
	if (waiting->gap != GAP_NONE)
		return "gap";
	if (waiting->lines_count == 0)
		return NULL;
	return waiting->placed ? "line" : "late";
}

static struct sse_slice
data_of(const struct waiting *waiting, char data[DATA_SIZE_MAX])
{
	int size = 0;

	if (waiting->gap != GAP_NONE)
		size = snprintf(data, DATA_SIZE_MAX, "%d", (int)waiting->gap);
	for (int i = 0; i < waiting->lines_count; i++)
		size += snprintf(data + size, DATA_SIZE_MAX - (size_t)size,
		    "%s%d", i > 0 ? "\n" : "", waiting->lines[i]);
	return (struct sse_slice){data, (size_t)size};
}

static void
note(struct client *client, const struct event *event)
{
	if (client->events_count == CLIENT_EVENTS_MAX)
		abort();
	client->events[client->events_count++] = *event;
	if (client->is_traced)
		trace("client", client->number, event);
}

static void
note_event(void *context, const struct sse_event *arrived)
{
	struct client *client = context;
	struct event event = {
	    .when_ms = client->world->now_ms, .since_ms = client->since_ms};
	struct sse_slice data = arrived->data;

	if (sse_slice_equal(arrived->type, sse_slice("gap"))) {
		event.line = -1;
		event.reason = (enum gap_reason)reader_line_number(data);
		note(client, &event);
		return;
	}
	event.placed = sse_slice_equal(arrived->type, sse_slice("line"));
	while (data.size > 0) {
		event.line = reader_line_number(take_line(&data));
		note(client, &event);
	}
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
	struct sse_event event = {.type = sse_slice(type_of(waiting))};
	char data[DATA_SIZE_MAX];
	bool is_taken;

	if (event.type.data != NULL)
		event.data = data_of(waiting, data);
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

void
client_connect(struct client *client)
{
	client->connected = true;
	client->since_ms = client->world->now_ms;
	wire_begin(&client->wire,
	    (struct sse_slice){client->id, client->id_size}, note_event,
	    client);
}

void
client_hang_up(struct client *client)
{
	reader_free(client->reader);
	client->reader = NULL;
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
