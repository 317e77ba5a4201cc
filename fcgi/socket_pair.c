/*
 * socket_pair.c - two connected sockets of the process.
 */
#include "config.h"

#include "socket_pair.h"

#include <errno.h>
#include <sys/socket.h>

#include "fdio.h"

int
socket_pair_open(struct socket_pair *pair)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		fds) != 0)
		return -errno;
	/* The second is never the lowest that is free, which 0 would be. */
	pair->ours = fds[0];
	pair->theirs = fds[1];
	return 0;
}

void
socket_pair_close(struct socket_pair *pair)
{
	sse_fd_close(pair->ours);
	sse_fd_close(pair->theirs);
	*pair = SOCKET_PAIR_NONE;
}

int
socket_pair_send(const struct socket_pair *pair, struct sse_slice bytes)
{
	ssize_t sent = send(
	    pair->ours, bytes.data, bytes.size, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent >= 0)
		return (size_t)sent == bytes.size ? 0 : -EMSGSIZE;
	return errno == EAGAIN ? -EMSGSIZE : -errno;
}

bool
socket_pair_is_taken(const struct socket_pair *pair)
{
	char byte;

	return recv(pair->theirs, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
	       errno == EAGAIN;
}

int
socket_pair_receive(
    const struct socket_pair *pair, size_t limit, struct sse_buf *out)
{
	ssize_t got;
	int error = sse_buf_reserve(out, limit);

	if (error != 0)
		return error;
	got = recv(pair->ours, out->data + out->size, limit, MSG_DONTWAIT);
	if (got < 0)
		return errno == EAGAIN ? 0 : -errno;
	if (got == 0 || (size_t)got == limit)
		return -EPROTO; /* closed; or there may be more */
	out->size += (size_t)got;
	return 0;
}
