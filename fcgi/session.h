/*
 * session.h - a client's time with a stream: counted, and told in the log when
 * it begins and when it ends.
 */
#ifndef SESSION_H
#define SESSION_H

#include "clock.h"
#include "stats.h"
#include "program/log.h"

#define SESSION_ADDRESS_MAX                               \
	45 /* bytes that are kept; an IPv6 address has 39 \
	    */

enum session_start {
	SESSION_NEW,     /* it brought no id: where "from" says */
	SESSION_BACKLOG, /* its id was in the backlog */
	SESSION_FILE     /* what it had not seen was in the file, or nowhere */
};

#define SESSION_USER_MAX 64 /* bytes that are kept */

struct session {
	struct stats *stats; /* of the stream; NULL: no session */
	size_t *visitors;    /* of the stream: whoever is there holds it */
	const char *stream;  /* its name */
	struct log *log;     /* NULL: nothing is told */
	int64_t begun_ms;    /* monotonic */
	uint64_t frames;     /* that it was sent */
	uint64_t bytes;
	char address[SESSION_ADDRESS_MAX + 1];
	char user[SESSION_USER_MAX + 1]; /* "": none is known */
};

/*
 * The client comes, and is one of the visitors until it goes.  address and
 * user, who has authenticated, are what the web server says of it, or NULL;
 * they are copied.  What the session points to has to outlive it.
 */
void session_begin(struct session *session, const char *address,
    const char *user, enum session_start start, int64_t now_ms);

/* It goes; nothing where there is no session. */
void session_end(struct session *session, enum client_why why, int64_t now_ms);

#endif
