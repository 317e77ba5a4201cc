/*
 * crowd_wire.h - FastCGI as a web server speaks it, for a client that only
 * reads one answer.
 */
#ifndef CROWD_WIRE_H
#define CROWD_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ssekit.h"

#define WIRE_HEADER_SIZE 8
#define WIRE_REQUEST_SIZE_MAX 2048

/* An answer, as far as it has come. */
struct wire {
	unsigned char header[WIRE_HEADER_SIZE];
	size_t header_size;
	size_t content_left;
	size_t padding_left;
	bool in_body;     /* the head is over */
	char head_end[4]; /* the last bytes of the head */
	uint64_t records; /* of all answers */
};

typedef void wire_body(void *context, const char *bytes, size_t size);

/* A request for a stream, with an id if there is one: its size. */
size_t wire_request(
    const char *stream, struct sse_slice id, char out[WIRE_REQUEST_SIZE_MAX]);

/* Another answer begins. */
void wire_begin(struct wire *wire);

/* Bytes of the answer, in whatever pieces; what is of the body is handed on. */
void wire_take(struct wire *wire, const char *bytes, size_t size,
    wire_body *body, void *context);

#endif
