/*
 * client.h - one connection from a web server, and what is owed to it.
 *
 * A connection serves a client's request, and with KEEP_CONN the next one.
 * Bytes that have to be sent wait in out.  While a request is answered with a
 * stream, the client has an owner, who sends the frames.
 */
#ifndef CLIENT_H
#define CLIENT_H

#include <sys/queue.h>

#include "clock.h"
#include "intake.h"
#include "ledger.h"
#include "loop.h"
#include "outbox.h"
#include "session.h"

#define CLIENT_INTAKE_MS 10000        /* until a request is complete */
#define CLIENT_LINGER_MS 2000         /* until the peer closes, too */
#define CLIENT_WRITE_TIMEOUT_MS 30000 /* where no stream has another one */
#define CLIENT_READ_SIZE 65536        /* bytes of one read */
#define CLIENTS_PARAMS_MAX (32 << 20) /* bytes for all unfinished requests */
#define CLIENTS_OUT_MAX (64 << 20)    /* bytes that wait to be sent, all */
#define CLIENT_OUT_MAX (512 << 20)    /* bytes; a frame of record-max is less */

struct client;

/* Who sends the frames.  Each but the last may be NULL. */
struct client_owner {
	/*
	 * The client takes bytes again, and has all that waited; NULL: then it
	 * waits for nothing.
	 */
	void (*writable)(void *context, struct client *client);
	/* It waits until it can be written to, or does not any more. */
	void (*block)(void *context, struct client *client, bool blocked);
	/* It has to end soon, in good order; NULL: it does so anyway. */
	void (*end)(void *context, struct client *client);
	/*
	 * It is gone, or its request is at its end: it is not owned any more.
	 */
	void (*gone)(void *context, struct client *client);
};

TAILQ_HEAD(client_list, client);

/* All clients of a worker. */
struct clients {
	struct loop *loop;
	const struct sse_clock *clock;
	uint32_t clients_max; /* for the web server that asks */
	bool stopping;        /* no connection is used again */
	struct client *first;
	size_t count;
	size_t most;               /* since memory was given back */
	struct client_list asking; /* without a whole request, oldest first */
	struct ledger params;      /* bytes of unfinished requests */
	struct ledger out;         /* bytes that wait to be sent, in memory */
	struct loop_timer *relief; /* they are too many */
	struct client *buried;     /* closed, to be freed */
	struct loop_timer *burial;
	struct loop_timer *ending; /* not all were asked to end yet */

	/* What the worker is told. */
	void (*request)(void *context, struct client *client);
	void (*closed)(void *context, enum client_why why);
	void *context;

	char input[CLIENT_READ_SIZE];
};

struct client {
	struct clients *all;
	struct client *previous;
	struct client *next;
	TAILQ_ENTRY(client) link; /* of those that ask */
	bool asks;
	struct loop_watch *watch;
	int fd;               /* -1: closed */
	bool finishing;       /* what is in out is the rest */
	bool lingering;       /* everything is sent; the peer is to close */
	bool blocked;         /* waits until it can be written to */
	bool is_asked_to_end; /* by clients_end() */

	struct intake intake;
	struct outbox out;
	struct holding params_held; /* its part of that of all */
	struct holding out_held;    /* likewise */

	const struct client_owner *owner; /* or NULL */
	void *owner_context;
	struct session session;
	bool is_told_why; /* it has to end, and why is known */
	enum client_why why;

	/* For the owner. */
	size_t place;
	uint32_t record_left; /* of a STDOUT record whose header is sent or in
				 out */
	uint64_t joined;      /* offset in the backlog */
	uint64_t joined_frames;

	int64_t begun_ms;   /* monotonic: its request, or its end, is waited for
			       since; -1: neither */
	int64_t unread_ms;  /* monotonic: it was seen with bytes to be read; 0:
			       not since its last request */
	int64_t blocked_ms; /* monotonic: nothing was taken since */
	int64_t write_timeout_ms;
	int64_t end_ms; /* monotonic: max-age; INT64_MAX: none */
};

/*
 * Closes the connection.  The client itself lives until the loop's next turn.
 */
void client_close(struct client *client, enum client_why why);

/* Frees the memory of one that is closed. */
void client_free(struct client *client);

/* Asks its owner, if there is one, to end it in good order. */
void client_end(struct client *client);

/* Hands the client over: the owner before is forgotten and not told. */
void client_own(
    struct client *client, const struct client_owner *owner, void *context);

/* The request has been understood: its bytes are not needed any more. */
void client_forget_request(struct client *client);

/*
 * Sends what waits: 0 when nothing does, also the replies unless a record is
 * unfinished; -EAGAIN; or -errno.  The caller closes it then.
 */
int client_flush(struct client *client);

/* Sends what waits, as far as it is taken; it is closed if that fails. */
void client_send(struct client *client);

/* Whether something is in out. */
bool client_waits(const struct client *client);

/*
 * Says that the peer takes nothing now, or that it does again.  What waits in
 * out is counted then: of all clients it is CLIENTS_OUT_MAX at most, or those
 * that have had most of it for the longest time are closed.
 */
void client_block(struct client *client, bool blocked);

/* The peer has taken something. */
void client_took(struct client *client);

/*
 * Sends the bytes as one STDOUT record (more where they are too many), the
 * rest waits in out, which must be empty before.  0 or -errno.
 */
int client_stdout(struct client *client, struct sse_slice bytes);

/* The whole reply is in out: when it is sent the request is at its end. */
void client_reply(struct client *client);

/* Why it is going to end, if that is not known yet. */
void client_tell_why(struct client *client, enum client_why why);

/* Ends the request: what is in out, and then END_REQUEST. */
void client_finish(struct client *client, enum client_why why);

/* --------------------------------------- for who reads what it says -- */

/* It is one of them all, and asks. */
void client_link(struct client *client);

/* It asks for something from now on, or does not any more. */
void client_set_asks(struct client *client, bool asks);

/* The memory of its unfinished request is so much of those of all. */
void client_count_params(struct client *client);

/* Sends what waits, and ends what is to be ended.  It may be closed then. */
void client_push(struct client *client);

#endif
