/*
 * redis_link.h - a connection to a Redis server, which never waits: commands go
 * out, and answers come in, as far as the socket takes and has them.
 */
#ifndef REDIS_LINK_H
#define REDIS_LINK_H

#include "buf.h"
#include "clock.h"
#include "source/redis_endpoint.h"
#include "source/redis_value.h"

#define REDIS_LINK_READ_SIZE 65536     /* bytes of one read */
#define REDIS_LINK_SEND_SIZE_MAX 65536 /* bytes of commands that wait */
#define REDIS_LINK_TIMEOUT_MS 5000     /* without a byte of what is awaited */

struct redis_reader;

struct redis_link {
	const struct sse_clock *clock;
	size_t room_size; /* as redis_reader_new() */
	int fd;           /* -1: there is none */
	bool connecting;
	struct sse_buf out; /* commands, and parts of them, not sent yet */
	struct redis_reader *reader;
	char *in; /* what was read, and of that what is not taken yet */
	struct sse_slice rest;
	unsigned owed;  /* answers to what was sent */
	int64_t due_ms; /* monotonic: then it is given up */
};

void redis_link_init(
    struct redis_link *link, const struct sse_clock *clock, size_t room_size);

/* Closes it, whatever is under way.  It may be opened again. */
void redis_link_close(struct redis_link *link);

/* Begins to connect: 0 or -errno, and then it is closed. */
int redis_link_open(
    struct redis_link *link, const struct redis_endpoint *endpoint);

/* A command, to be sent by and by: 0, -ENOMEM, -ENOBUFS. */
int redis_link_send(
    struct redis_link *link, const struct sse_slice *words, size_t count);

/* Sends as much as the socket takes; what is wrong shows at the next one. */
void redis_link_flush(struct redis_link *link);

/* The answers that are owed may take so long in any case. */
void redis_link_allow(struct redis_link *link, int64_t ms);

/*
 * Takes one answer, which lives until the next call: 1; 0: none now;
 * RESULT_PARTIAL: none yet, ask again at once.  It reads and writes at most
 * once.  Errors: -ETIMEDOUT, -ECONNRESET, -EPROTO, -errno.  Then it can only be
 * closed.
 */
int redis_link_next(
    struct redis_link *link, const struct redis_value **ret_answer);

/* For which events of poll() it waits, and how long at most. */
short redis_link_events(const struct redis_link *link);
int64_t redis_link_left_ms(const struct redis_link *link);

#endif
