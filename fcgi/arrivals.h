/*
 * arrivals.h - clients whose request has come: each is answered, or belongs to
 * a hub, a reader or a page from then on; or it is pending until the log's
 * folder is read, or undecided until its reader has started.
 *
 * What a request asks for is decided by dispatch.h; where its client begins by
 * place.h.
 */
#ifndef ARRIVALS_H
#define ARRIVALS_H

#include "dispatch.h"
#include "overview.h"
#include "pending.h"
#include "readers.h"
#include "undecided.h"

struct arrivals {
	struct dispatch dispatch;
	struct overview overview;
	struct hubs *hubs;
	struct readers *readers;
	struct pending *pending;
	struct undecided *undecided;
	struct reader *decided; /* of the request that is taken; or NULL */
	struct log *log;
	size_t clients_max; /* of all streams */
	bool quiet;         /* sessions are not told */
};

/* Borrowed, all of it. */
struct arrivals_parts {
	const struct libfcgi_ops *ops;
	struct libfcgi *libfcgi;
	const struct sse_clock *clock;
	struct hubs *hubs;
	struct readers *readers;
	struct pending *pending;
	struct undecided *undecided;
	struct log *log;
	/* As in struct overview. */
	void (*gather)(void *context, struct status_worker *ret_worker);
	void *context;
};

/* What the configuration says is filled in by the caller. */
void arrivals_init(
    struct arrivals *arrivals, const struct arrivals_parts *parts);

/* The client's intake has a request complete.  It may be closed afterwards. */
void arrivals_take(struct arrivals *arrivals, struct client *client);

#endif
