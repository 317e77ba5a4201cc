/*
 * intake.h - the records that a web server sends on one connection.
 *
 * It is resumable at every byte, and bounded: what arrives in pieces of any
 * size gives the same.  It touches no descriptor; what has to be answered at
 * once (management records, refusals) is added to the replies.
 *
 * A connection serves one request at a time, and with KEEP_CONN one after
 * another.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "wire.h"

#define INTAKE_PARAMS_MAX 65536 /* bytes of the PARAMS of one request */
#define INTAKE_NAMES_MAX 1024   /* name-value pairs of one request */
#define INTAKE_VALUES_MAX 1024  /* bytes of a GET_VALUES that are looked at */
#define INTAKE_REPLIES_MAX 4096 /* bytes that wait; more end it */

enum intake_state {
	INTAKE_IDLE,   /* no request */
	INTAKE_PARAMS, /* its PARAMS come in */
	INTAKE_ACTIVE  /* complete: it is being answered */
};

enum intake_event {
	INTAKE_NOTHING, /* all bytes are used up */
	INTAKE_REQUEST, /* the PARAMS are complete: the request is active */
	INTAKE_ABORTED  /* the server has aborted it; said once of a request */
};

struct intake {
	enum intake_state state;
	uint16_t request_id;  /* of the request in hand, or the last one */
	bool keep_conn;       /* likewise */
	bool aborted;         /* INTAKE_ABORTED was said of it */
	uint32_t clients_max; /* for GET_VALUES */

	/* The record that is coming in. */
	uint8_t header[WIRE_HEADER_SIZE];
	uint8_t header_size;
	uint8_t padding_left;
	uint16_t content_left;
	bool broken; /* it has failed: -EPROTO for ever */

	/*
	 * The request in hand for libfcgi: its BEGIN_REQUEST and its PARAMS,
	 * checked, in records that are all its own.  Empty when idle; while the
	 * PARAMS come in, their bytes as they came.
	 */
	struct sse_buf records;
	struct sse_buf content; /* of a record that must be whole */
};

void intake_init(struct intake *intake, uint32_t clients_max);
void intake_done(struct intake *intake);

/*
 * Takes bytes from the front of *bytes until something happens or all are
 * used up: an intake_event; or, and then the connection has to be closed:
 *  -EPROTO    it is no FastCGI 1.0, or a request that is malformed
 *  -EMSGSIZE  the PARAMS are over a limit
 *  -ENOBUFS   the server does not take its replies: with the next one there
 *             would be more than INTAKE_REPLIES_MAX bytes in *replies
 *  -ENOMEM
 * After any of them all memory is given back, and -EPROTO follows for ever.
 * After INTAKE_REQUEST or INTAKE_ABORTED call again for the rest.  Bytes of
 * STDIN and DATA, of requests that are not in hand, and of unknown types are
 * passed over.  An ABORT of a request whose PARAMS come in is answered here,
 * and no event.
 */
int intake_feed(
    struct intake *intake, struct sse_slice *bytes, struct sse_buf *replies);

/* The records are not needed any more: the memory is given back. */
void intake_forget(struct intake *intake);

/* The request in hand has been answered to its end: the next one may begin. */
void intake_end(struct intake *intake);

#endif
