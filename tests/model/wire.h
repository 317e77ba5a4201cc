/*
 * wire.h - from a server to a client: frames that are written in parts, and
 * events where a whole one has arrived.
 */
#ifndef WIRE_H
#define WIRE_H

#include "ssekit.h"

/* A whole event has arrived.  It lives until the function returns. */
typedef void wire_function(void *context, const struct sse_event *event);

struct wire {
	struct sse_writer *writer;   /* the server's end; NULL: no connection */
	struct sse_decoder *decoder; /* the client's */
	bool is_head;                /* is being written */
	wire_function *arrives;
	void *context;
};

/* A connection of a client that has that id; absent or empty: none. */
void wire_begin(struct wire *wire, struct sse_slice last_event_id,
    wire_function *arrives, void *context);

/* What has not arrived whole is lost.  Without a connection it does nothing. */
void wire_end(struct wire *wire);

/* Writes an event: whether all of it, and what waited before it, was taken. */
bool wire_send(struct wire *wire, const struct sse_event *event);

/* Writes what waits: whether all of it was taken. */
bool wire_flush(struct wire *wire);

/* The last event id of what has arrived whole; lives until the next call. */
struct sse_slice wire_id(const struct wire *wire);

#endif
