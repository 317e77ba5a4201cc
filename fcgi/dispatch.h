/*
 * dispatch.h - what becomes of a request: it is answered at once, or its client
 * belongs to a hub or a reader from then on; or it is pending until the log's
 * folder is read.
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include "hubs.h"
#include "libfcgi.h"
#include "page.h"
#include "pending.h"
#include "readers.h"

/* Borrowed, all of it. */
struct dispatch {
	struct libfcgi *libfcgi;
	struct hubs *hubs;
	struct readers *readers;
	struct pending *pending;
	struct log *log;
	size_t clients_max; /* of all streams */
	bool quiet;         /* sessions are not told */
	const char *status; /* name of the status page, or NULL */
	uint64_t requests;  /* that were complete */
	size_t pages;       /* of the status that are written just now */

	/* Fills in what the dispatch does not know, but for descriptors. */
	void (*gather)(void *context, struct status_worker *ret_worker);
	void *context;
};

/* Answers the request that the client's intake has complete. */
void dispatch_request(struct dispatch *dispatch, struct client *client);

#endif
