/*
 * crowd_wire.c - records around a request, and away from an answer.
 */
#include "config.h"

#include "crowd_wire.h"

#include <stdio.h>
#include <string.h>

#define STDOUT_TYPE 6

/* ------------------------------------------------------------ a request -- */

static size_t
put_record(char *out, int type, const char *content, size_t size)
{
	const char header[WIRE_HEADER_SIZE] = {
	    1, (char)type, 0, 1, (char)(size >> 8), (char)(size & 0xff), 0, 0};

	memcpy(out, header, WIRE_HEADER_SIZE);
	if (size > 0)
		memcpy(out + WIRE_HEADER_SIZE, content, size);
	return WIRE_HEADER_SIZE + size;
}

/* Names and values are shorter than 128 bytes. */
static size_t
put_pair(char *out, const char *name, struct sse_slice value)
{
	size_t size = strlen(name);

	out[0] = (char)size;
	out[1] = (char)value.size;
	memcpy(out + 2, name, size);
	if (value.size > 0)
		memcpy(out + 2 + size, value.data, value.size);
	return 2 + size + value.size;
}

size_t
wire_request(
    const char *stream, struct sse_slice id, char out[WIRE_REQUEST_SIZE_MAX])
{
	static const char begin[] = {0, 1, 0, 0, 0, 0, 0, 0};
	char pairs[1024], path[128];
	size_t size = 0, total;

	(void)snprintf(path, sizeof(path), "/%.100s", stream);
	size += put_pair(pairs, "REQUEST_METHOD", sse_slice("GET"));
	size +=
	    put_pair(pairs + size, "GATEWAY_INTERFACE", sse_slice("CGI/1.1"));
	size += put_pair(pairs + size, "PATH_INFO", sse_slice(path));
	if (id.size > 0 && id.size < 128)
		size += put_pair(pairs + size, "HTTP_LAST_EVENT_ID", id);
	total = put_record(out, 1, begin, sizeof(begin));
	total += put_record(out + total, 4, pairs, size);
	total += put_record(out + total, 4, NULL, 0);
	return total + put_record(out + total, 5, NULL, 0);
}

/* ------------------------------------------------------------ an answer -- */

void
wire_begin(struct wire *wire)
{
	*wire = (struct wire){.records = wire->records};
}

/* STDOUT: the head, up to an empty line, and then the body. */
static void
take_content(struct wire *wire, const char *bytes, size_t size, wire_body *body,
    void *context)
{
	char *end = wire->head_end;

	while (size > 0 && !wire->in_body) {
		memmove(end, end + 1, 3);
		end[3] = *bytes++;
		size--;
		wire->in_body = memcmp(end, "\r\n\r\n", 4) == 0;
	}
	if (size > 0)
		body(context, bytes, size);
}

static size_t
take_header(struct wire *wire, const char *bytes, size_t size)
{
	unsigned char *header = wire->header;
	size_t left = WIRE_HEADER_SIZE - wire->header_size;

	if (left > size)
		left = size;
	memcpy(header + wire->header_size, bytes, left);
	wire->header_size += left;
	if (wire->header_size == WIRE_HEADER_SIZE) {
		wire->content_left = (size_t)header[4] << 8 | (size_t)header[5];
		wire->padding_left = header[6];
		wire->records++;
	}
	return left;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void
wire_take(struct wire *wire, const char *bytes, size_t size, wire_body *body,
    void *context)
{
	while (size > 0) {
		size_t took;

		if (wire->header_size < WIRE_HEADER_SIZE)
			took = take_header(wire, bytes, size);
		else if (wire->content_left > 0) {
			took = least(wire->content_left, size);
			if (wire->header[1] == STDOUT_TYPE)
				take_content(wire, bytes, took, body, context);
			wire->content_left -= took;
		} else {
			took = least(wire->padding_left, size);
			wire->padding_left -= took;
		}
		if (wire->header_size == WIRE_HEADER_SIZE &&
		    wire->content_left == 0 && wire->padding_left == 0)
			wire->header_size = 0;
		bytes += took;
		size -= took;
	}
}
