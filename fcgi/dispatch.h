/*
 * dispatch.h - what a request asks for: the status page, the list of streams, a
 * stream, or something that is answered at once.
 *
 * It decides and answers; who serves streams and the page is given to it.  Of
 * the client it only knows whom it is about.
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include "clock.h"
#include "exchange.h"
#include "stream/admit.h"

struct client;

/* Who serves: see arrivals.h. */
struct dispatch_services {
	/* The client may have the stream of the admission. */
	enum outcome (*stream)(void *context, struct client *client,
	    const struct exchange *exchange, const struct admission *admission);
	/* It gets the status page: GET or HEAD. */
	enum outcome (*status)(void *context, struct client *client,
	    const struct exchange *exchange);
	/* It gets the list of streams: GET. */
	enum outcome (*list)(void *context, struct client *client,
	    const struct exchange *exchange, const struct admission *admission);
	/* The stream may not be named as it was: why is a line for the log. */
	void (*barred)(
	    void *context, const struct stream_conf *stream, const char *why);
	void *context;
};

/* Borrowed, all of it. */
struct dispatch {
	const struct libfcgi_ops *ops;
	struct libfcgi *libfcgi;
	const struct sse_clock *clock;
	struct dispatch_services services;
	const struct conf *conf; /* the one that is obeyed */
	const char *status;      /* name of the status page, or NULL */
	uint64_t requests;       /* that were complete, and not pending */
};

/* The request's records are those of an intake; out is the client's. */
enum outcome dispatch_request(struct dispatch *dispatch, struct client *client,
    struct sse_slice records, struct sse_buf *out);

#endif
