/*
 * acceptor.c - connections that wait become clients.
 */
#include "config.h"

#include "acceptor.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/budget.h"
#include "base/result.h"
#include "connection.h"

static bool
is_full(const struct acceptor *acceptor)
{
	return acceptor->clients->count >= acceptor->connections_max;
}

static bool
has_place(const struct acceptor *acceptor)
{
	return !is_full(acceptor) || clients_are_idle(acceptor->clients);
}

/* 0 or -ENOMEM; to stop never fails. */
static int
accept_more(struct acceptor *acceptor, bool more)
{
	if (acceptor->watch == NULL)
		return 0;
	return loop_watch_set(acceptor->watch, more, false);
}

/* A web server answers 502 for it, and has no more to say. */
static void
tell_refused(struct acceptor *acceptor)
{
	if (acceptor->refused)
		return;
	acceptor->refused = true;
	log_line(acceptor->log,
	    "accept: an address that is not in FCGI_WEB_SERVER_ADDRS may not"
	    " connect (this is said once)");
}

/*
 * One of those that wait: 0, or why not.  Who has not asked for the longest
 * time gives its place to it.
 */
static int
accept_one(struct acceptor *acceptor)
{
	struct clients *clients = acceptor->clients;
	struct client *idle = NULL;
	int fd;

	if (is_full(acceptor)) {
		idle = clients_find_idle(clients);
		if (idle == NULL)
			return RESULT_PARTIAL;
	}
	fd = listener_accept(acceptor->listener);
	if (fd == -EACCES)
		tell_refused(acceptor);
	if (fd == -EACCES || fd == -ECONNABORTED || fd == -EINTR)
		return 0;
	if (fd < 0)
		return fd;
	if (idle != NULL)
		clients_close_idle(idle);
	(void)connection_new(clients, fd);
	if (clients->count == 1)
		acceptor->woken(acceptor->context);
	return 0;
}

/*
 * All that wait: a queue of the kernel that is full makes nginx answer 502.
 * Without a descriptor or a place it is tried again a little later; those who
 * come wait in the kernel's queue.
 */
static void
take_connections(void *context, bool readable, bool writable)
{
	struct acceptor *acceptor = context;
	struct budget budget =
	    budget_begin(sse_clock_system(), ACCEPTOR_TURN_MS);
	int error = 0;

	(void)readable;
	(void)writable;
	while (has_place(acceptor) && error == 0) {
		error = accept_one(acceptor);
		/* The others' turn; those who wait are told of again. */
		if (error == 0 && budget_is_over(&budget))
			return;
	}
	/* Those who have asked are read first. */
	if (error == RESULT_PARTIAL)
		return;
	if (error == -EAGAIN) {
		acceptor->error = 0;
		return;
	}
	if (error != 0 && error != acceptor->error) {
		acceptor->error = error;
		log_line(acceptor->log, "accept: %s", strerror(-error));
	}
	(void)accept_more(acceptor, false);
	loop_timer_set(acceptor->resume, ACCEPTOR_PAUSE_MS);
}

static void
resume(void *context)
{
	struct acceptor *acceptor = context;

	if (accept_more(acceptor, true) != 0)
		loop_timer_set(acceptor->resume, ACCEPTOR_PAUSE_MS);
}

int
acceptor_init(struct acceptor *acceptor, struct loop *loop,
    struct listener *listener, struct clients *clients, struct log *log)
{
	*acceptor = (struct acceptor){
	    .listener = listener, .clients = clients, .log = log};
	acceptor->resume = loop_timer_new(loop, resume, acceptor);
	acceptor->watch = loop_watch_new(
	    loop, listener_fd(listener), take_connections, acceptor);
	return acceptor->resume != NULL && acceptor->watch != NULL ? 0
								   : -ENOMEM;
}

void
acceptor_done(struct acceptor *acceptor)
{
	acceptor_stop(acceptor);
	loop_timer_free(acceptor->resume);
	acceptor->resume = NULL;
}

int
acceptor_begin(struct acceptor *acceptor)
{
	assert(acceptor->watch != NULL && acceptor->connections_max > 0);
	assert(acceptor->woken != NULL);
	return accept_more(acceptor, true);
}

void
acceptor_stop(struct acceptor *acceptor)
{
	loop_watch_free(acceptor->watch);
	acceptor->watch = NULL;
}
