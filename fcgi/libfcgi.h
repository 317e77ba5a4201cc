/*
 * libfcgi.h - libfcgi, fenced in: it decodes complete requests, and encodes
 * complete replies and the heads of streams.
 *
 * It is given bytes and gives bytes, through a private pair of sockets that
 * never block.  It sees no connection: so it cannot block on one, read too
 * much of it, or close it.  One request at a time is in hand.
 */
#ifndef LIBFCGI_H
#define LIBFCGI_H

#include "buf.h"

#define LIBFCGI_REPLY_MAX 131072 /* bytes of one reply or head */
#define LIBFCGI_RECORD_MAX 8184  /* bytes that libfcgi puts into one record */

struct libfcgi;

/*
 * Sets libfcgi up, and runs one request through it.  It sets signal handlers
 * of its own (SIGPIPE, SIGUSR1, SIGTERM): the program's have to follow.  0 and
 * *ret_libfcgi, -ENOMEM, -EMFILE, ..., or -EPROTO when the request did not come
 * through.
 */
int libfcgi_new(struct libfcgi **ret_libfcgi);

/* NULL is allowed. */
void libfcgi_free(struct libfcgi *libfcgi);

/*
 * Takes a request in hand: records are those of an intake.  0, -EMSGSIZE when
 * they do not fit, -EPROTO when libfcgi does not like them, or -errno; then
 * nothing is in hand.
 */
int libfcgi_begin(struct libfcgi *libfcgi, struct sse_slice records);

/*
 * A parameter of the request in hand, or NULL.  It is a sse_getenv_function:
 * context is the struct libfcgi.  It lives until the request ends.
 */
const char *libfcgi_param(void *context, const char *name);

/*
 * Adds the bytes to out as the STDOUT of the request in hand, in one record if
 * there are at most LIBFCGI_RECORD_MAX; the request stays open for the peer.
 * Nothing is in hand afterwards.  0, -EMSGSIZE, -ENOMEM, or -errno; after an
 * error out is as it was.
 */
int libfcgi_stream(
    struct libfcgi *libfcgi, struct sse_slice bytes, struct sse_buf *out);

/* The same for a whole reply: the end of STDOUT and END_REQUEST follow. */
int libfcgi_reply(
    struct libfcgi *libfcgi, struct sse_slice bytes, struct sse_buf *out);

/* Lets go of the request in hand, if there is one, unanswered. */
void libfcgi_drop(struct libfcgi *libfcgi);

/* What is done with each request, by who does not care how. */
struct libfcgi_ops {
	int (*begin)(struct libfcgi *libfcgi, struct sse_slice records);
	const char *(*param)(void *libfcgi, const char *name);
	int (*stream)(struct libfcgi *libfcgi, struct sse_slice bytes,
	    struct sse_buf *out);
	int (*reply)(struct libfcgi *libfcgi, struct sse_slice bytes,
	    struct sse_buf *out);
	void (*drop)(struct libfcgi *libfcgi);
};

/* libfcgi_begin() to libfcgi_drop(). */
extern const struct libfcgi_ops libfcgi_ops;

#endif
