/*
 * outbox.h - what is sent on one connection: at once as far as its socket takes
 * it, and the rest waits.
 *
 * Management replies, which may come at any time, wait apart until a record is
 * complete.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "wire.h"

struct outbox {
	struct sse_buf
	    waiting; /* bytes of records, the first one maybe a rest */
	size_t sent; /* of them */
	struct sse_buf replies; /* records */
};

/* With a limit in bytes for each of both.  It has no memory yet. */
void outbox_init(struct outbox *outbox, size_t waiting_max, size_t replies_max);
void outbox_done(struct outbox *outbox);

/* Whether something waits, but for replies. */
bool outbox_waits(const struct outbox *outbox);

/* Bytes of memory that it has. */
size_t outbox_memory(const struct outbox *outbox);

/*
 * Sends what waits, and then the replies if they may go: 0 when that is done,
 * -EAGAIN, or -errno.  *ret_taken: so many bytes were taken now, in any case.
 */
int outbox_flush(
    struct outbox *outbox, int fd, bool replies, size_t *ret_taken);

/*
 * Sends the bytes as one STDOUT record (more where they are too many); the rest
 * waits.  Nothing may wait before.  0 or -errno.
 */
int outbox_stdout(
    struct outbox *outbox, int fd, uint16_t request_id, struct sse_slice bytes);

/* The replies are sent next, before an answer that follows: 0, or -errno. */
int outbox_let_replies(struct outbox *outbox);

#endif
