/*
 * acceptor.h - connections that wait at the listener become clients, as many as
 * may be.
 */
#ifndef ACCEPTOR_H
#define ACCEPTOR_H

#include "clients.h"
#include "listen.h"
#include "program/log.h"

#define ACCEPTOR_TURN_MS 5    /* of new connections, in a turn of the loop */
#define ACCEPTOR_PAUSE_MS 100 /* before accepting is tried again */

struct acceptor {
	struct listener *listener;
	struct clients *clients;
	struct log *log;          /* or NULL */
	size_t connections_max;   /* the caller may change it */
	struct loop_watch *watch; /* of the listener; NULL: stopped */
	struct loop_timer *resume;
	int error;    /* that was logged, and is not over; 0: none */
	bool refused; /* it was logged that somebody may not connect */

	/* There is a client, and there was none. */
	void (*woken)(void *context);
	void *context;
};

/*
 * Nobody is accepted yet.  All is borrowed; connections_max, and whom to tell
 * that there is a client, are filled in by the caller.  0 or -ENOMEM, and then
 * acceptor_done() follows, too.
 */
int acceptor_init(struct acceptor *acceptor, struct loop *loop,
    struct listener *listener, struct clients *clients, struct log *log);
void acceptor_done(struct acceptor *acceptor);

/* Connections are accepted from now on: 0 or -ENOMEM. */
int acceptor_begin(struct acceptor *acceptor);

/* No more, ever. */
void acceptor_stop(struct acceptor *acceptor);

#endif
