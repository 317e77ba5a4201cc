/*
 * exchange.h - a request that is decoded, and the bytes of its answer.
 *
 * It knows no client: what has become of the request is told by its outcome,
 * and who has the client does what follows from that.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "libfcgi.h"

#define EXCHANGE_HEAD_MAX 2048   /* bytes of the head of an answer */
#define EXCHANGE_TEXT_MAX 131072 /* bytes of one that is made at once */

enum outcome {
	OUTCOME_REPLIED,   /* the whole answer is in out */
	OUTCOME_SERVED,    /* its client belongs to somebody, or is gone */
	OUTCOME_PENDING,   /* likewise; it will be asked again, from anew */
	OUTCOME_MALFORMED, /* there is no answer to what is no request, ... */
	OUTCOME_FAILED,    /* ... nor where something is used up, ... */
	OUTCOME_LEFT       /* ... nor where an answer could not be made */
};

/* Borrowed, all of it. */
struct exchange {
	const struct libfcgi_ops *ops;
	struct libfcgi *libfcgi; /* it has the request in hand */
	const struct sse_request *request;
	struct sse_buf *out; /* what waits to be sent to the client */
};

/* A parameter of the request, or NULL. */
const char *exchange_param(const struct exchange *exchange, const char *name);

/* A whole answer: OUTCOME_REPLIED, or OUTCOME_LEFT and out is as it was. */
enum outcome exchange_reply(const struct exchange *exchange,
    const struct sse_response *response, struct sse_slice body);

/*
 * The head of an answer and the first event, or NULL, in one record: 0, or an
 * error and out is as it was.
 */
int exchange_begin(const struct exchange *exchange,
    const struct sse_response *response, const struct sse_event *first);

#endif
