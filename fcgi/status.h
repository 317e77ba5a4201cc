/*
 * status.h - the counters as a page: JSON for people, OpenMetrics for
 * monitoring.
 */
#ifndef STATUS_H
#define STATUS_H

#include "buf.h"
#include "stats.h"
#include "status_server.h"
#include "program/trouble.h"

/* Bytes of a page: more than all streams that there may be need. */
#define STATUS_SIZE_MAX (8 << 20)

enum status_form {
	STATUS_INDEX, /* of it only the list of streams, for whoever reads */
	STATUS_JSON,
	STATUS_OPENMETRICS /* version 1.0.0 */
};

enum status_source {
	STATUS_CLOSED, /* nobody wants it */
	STATUS_OPEN,
	STATUS_FAILED,  /* it cannot be read just now */
	STATUS_ENDED,   /* a pipe without writers, at its end */
	STATUS_WAITING, /* it is not there yet, or may not be read */
	STATUS_SOURCES  /* how many */
};

struct status_stream {
	const char *name;
	bool listed; /* see index.h */
	enum status_source source;
	enum trouble_kind trouble; /* with the source, at the last look */
	struct stats stats;        /* with what those there have been sent */
	uint64_t subscribers;
	uint64_t readers; /* of them, those that read for themselves */
	uint64_t lag;     /* bytes that the slowest has not been sent yet */
	struct status_server server; /* of its source */
};

struct status_worker {
	uint64_t uptime_s;
	uint64_t connections;
	uint64_t requests;
	uint64_t gone[CLIENT_WHYS]; /* connections */
	uint64_t clients_max;
	uint64_t readers; /* that read just now */
	uint64_t readers_waiting;
	uint64_t reloads;
	uint64_t reloads_failed;
	uint64_t descriptors;
	uint64_t resident; /* bytes */
};

struct status {
	struct status_worker worker;
	const struct status_stream *streams;
	size_t streams_count;
};

/* What the page is, for Content-Type. */
const char *status_type(enum status_form form);

/* The form that a client asks for with its header Accept, or NULL. */
enum status_form status_form_of(const char *accept);

/* The parts of the page: each is short. */
size_t status_steps(const struct status *status, enum status_form form);

/* Adds one of them, from 0 on; in their order.  Errors of sse_buf_add(). */
int status_print_step(const struct status *status, enum status_form form,
    size_t step, struct sse_buf *out);

#endif
