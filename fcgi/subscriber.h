/*
 * subscriber.h - a client of a backlog: how far it has got in it, and where it
 * ends.
 *
 * What is sent here is whatever it needs beside the next record of all: the
 * rest of one that was taken in part, a run of frames that it is behind, and
 * its end.
 */
#ifndef SUBSCRIBER_H
#define SUBSCRIBER_H

#include "backlog.h"
#include "client.h"

/* 32 bytes: a round of a fanout touches no more of one that keeps up. */
struct subscriber {
	uint64_t cursor; /* the next byte of the backlog that it gets */
	uint64_t end;    /* where it ends; UINT64_MAX: not yet */
	struct client *client;
	int fd;
	uint16_t request_id;
	bool aside; /* it needs more than the next record: it is blocked, ... */
};

/*
 * Sends all that it takes now, of what the client is owed and of the frames up
 * to the head, or to its end.  Afterwards its client may be blocked, have its
 * answer, or be closed: then the subscriber is gone.
 */
void subscriber_push(
    struct subscriber *subscriber, const struct backlog *backlog);

/*
 * Of a record with this header and so many bytes of content, which begin at its
 * cursor, put bytes were taken, the header's included; at first nothing was
 * owed. 0 or -ENOMEM.
 */
int subscriber_took(
    struct subscriber *subscriber, const char *header, size_t size, size_t put);

/* It ends there.  It may be gone afterwards, as above. */
void subscriber_end_at(
    struct subscriber *subscriber, const struct backlog *backlog, uint64_t end);

#endif
