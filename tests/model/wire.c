/*
 * wire.c - from a server to a client.
 */
#include "config.h"

#include "wire.h"

#include <errno.h>
#include <stdlib.h>

#include "faults.h"

/* The head is not part of the event stream, and is taken whole. */
static ssize_t
write_some(void *context, const void *bytes, size_t size)
{
	struct wire *wire = context;
	struct sse_event event;
	size_t taken;
	int got;

	if (wire->is_head)
		return (ssize_t)size;
	taken = faults_taken(size);
	if (taken == 0)
		return -EAGAIN;
	sse_decoder_feed(wire->decoder, bytes, taken);
	while ((got = sse_decoder_next(wire->decoder, &event)) == 1)
		wire->arrives(wire->context, &event);
	if (got != 0)
		abort();
	return (ssize_t)taken;
}

void
wire_begin(struct wire *wire, struct sse_slice last_event_id,
    wire_function *arrives, void *context)
{
	static const struct sse_response head = {
	    .status = 200, .event_stream = true};

	*wire = (struct wire){.arrives = arrives, .context = context};
	wire->writer = sse_writer_new(write_some, wire, 0);
	wire->decoder = sse_decoder_new(0);
	if (wire->writer == NULL || wire->decoder == NULL ||
	    sse_decoder_restart(wire->decoder, last_event_id) != 0)
		abort();
	wire->is_head = true;
	if (sse_writer_head(wire->writer, &head) != 0 || !wire_flush(wire))
		abort();
	wire->is_head = false;
}

void
wire_end(struct wire *wire)
{
	sse_writer_free(wire->writer);
	sse_decoder_free(wire->decoder);
	*wire = (struct wire){.writer = NULL};
}

bool
wire_send(struct wire *wire, const struct sse_event *event)
{
	if (sse_writer_add(wire->writer, event) != 0)
		abort();
	return wire_flush(wire);
}

bool
wire_flush(struct wire *wire)
{
	int error = sse_writer_flush(wire->writer);

	if (error != 0 && error != -EAGAIN)
		abort();
	return error == 0;
}

struct sse_slice
wire_id(const struct wire *wire)
{
	return sse_decoder_last_event_id(wire->decoder);
}
