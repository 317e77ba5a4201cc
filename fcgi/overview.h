/*
 * overview.h - what is so now, of each stream and of the worker: the status
 * page for those who ask for it.
 */
#ifndef OVERVIEW_H
#define OVERVIEW_H

#include "exchange.h"
#include "hubs.h"
#include "page.h"

/* Borrowed, all of it. */
struct overview {
	const struct hubs *hubs;
	/* Fills in what is known of the worker, but for descriptors. */
	void (*gather)(void *context, struct status_worker *ret_worker);
	void *context;
	size_t pages; /* that are written just now */
};

/*
 * The client gets the page, which is written in parts, or its head; or it is
 * asked to come back, where too many are written.
 */
enum outcome overview_serve(struct overview *overview, struct client *client,
    const struct exchange *exchange);

/* Likewise the list of streams, behind the head of that response. */
enum outcome overview_list(struct overview *overview, struct client *client,
    const struct exchange *exchange, const struct sse_response *response);

#endif
