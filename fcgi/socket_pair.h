/*
 * socket_pair.h - two connected sockets of the process, of which one is given
 * to a library that does not know what it reads from and writes to.  No call
 * blocks.
 */
#ifndef SOCKET_PAIR_H
#define SOCKET_PAIR_H

#include <stdbool.h>

#include "buf.h"

struct socket_pair {
	int ours; /* -1: none */
	int theirs;
};

#define SOCKET_PAIR_NONE ((struct socket_pair){-1, -1})

/* 0 or -errno.  Their end is not descriptor 0. */
int socket_pair_open(struct socket_pair *pair);
void socket_pair_close(struct socket_pair *pair);

/* To their end: 0, -EMSGSIZE when it does not fit, or -errno. */
int socket_pair_send(const struct socket_pair *pair, struct sse_slice bytes);

/* Whether they have taken all that was sent. */
bool socket_pair_is_taken(const struct socket_pair *pair);

/*
 * Adds what they have written to out; none is 0, too.  -EPROTO: their end is
 * closed, or at least `limit` bytes have come; errors of sse_buf_reserve();
 * -errno.
 */
int socket_pair_receive(
    const struct socket_pair *pair, size_t limit, struct sse_buf *out);

#endif
