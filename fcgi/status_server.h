/*
 * status_server.h - what a status page tells of the server that a stream's
 * source is on: its endpoint, and how far behind it the stream is.
 */
#ifndef STATUS_SERVER_H
#define STATUS_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "buf.h"

#define STATUS_ENDPOINT_SIZE_MAX 512 /* bytes; a longer one is cut */

struct status_server {
	const char *endpoint; /* as configured, without a secret; NULL: none */
	bool has_unread;
	uint64_t unread; /* entries of the server's that were not read yet */
};

/* What there is of it, as members of a JSON object.  As sse_buf_add(). */
int status_server_print_json(
    const struct status_server *server, struct sse_buf *out);

/* The families of OpenMetrics, from 0 on: their heads and their samples. */
#define STATUS_SERVER_FAMILIES 2
int status_server_print_head(size_t family, struct sse_buf *out);
int status_server_print_sample(size_t family, const char *stream,
    const struct status_server *server, struct sse_buf *out);

#endif
