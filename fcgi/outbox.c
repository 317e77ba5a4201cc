/*
 * outbox.c - what is sent on one connection.
 */
#include "config.h"

#include "outbox.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

void
outbox_init(struct outbox *outbox, size_t waiting_max, size_t replies_max)
{
	outbox->sent = 0;
	sse_buf_init(&outbox->waiting, waiting_max);
	sse_buf_init(&outbox->replies, replies_max);
}

void
outbox_done(struct outbox *outbox)
{
	sse_buf_done(&outbox->waiting);
	sse_buf_done(&outbox->replies);
}

bool
outbox_waits(const struct outbox *outbox)
{
	return outbox->waiting.size > 0;
}

size_t
outbox_memory(const struct outbox *outbox)
{
	return outbox->waiting.capacity + outbox->replies.capacity;
}

/* ------------------------------------------------------ what has waited -- */

static int
flush_waiting(struct outbox *outbox, int fd, size_t *taken)
{
	struct sse_buf *waiting = &outbox->waiting;

	while (outbox->sent < waiting->size) {
		ssize_t put = send(fd, waiting->data + outbox->sent,
		    waiting->size - outbox->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno == EWOULDBLOCK ? -EAGAIN : -errno;
		outbox->sent += (size_t)put;
		*taken += (size_t)put;
	}
	sse_buf_done(waiting);
	outbox->sent = 0;
	return 0;
}

int
outbox_flush(struct outbox *outbox, int fd, bool replies, size_t *ret_taken)
{
	struct sse_buf empty;
	int error = 0;

	*ret_taken = 0;
	if (outbox_waits(outbox))
		error = flush_waiting(outbox, fd, ret_taken);
	if (error != 0 || !replies || outbox->replies.size == 0)
		return error;
	empty = outbox->waiting;
	outbox->waiting = outbox->replies;
	outbox->waiting.size_max = empty.size_max;
	empty.size_max = outbox->replies.size_max;
	outbox->replies = empty;
	return flush_waiting(outbox, fd, ret_taken);
}

int
outbox_let_replies(struct outbox *outbox)
{
	struct sse_buf *replies = &outbox->replies;
	int error = sse_buf_add(&outbox->waiting, replies->data, replies->size);

	if (error == 0)
		sse_buf_done(replies);
	return error;
}

/* ------------------------------------------------------------ new bytes -- */

/* What the socket did not take of {header, bytes}, in memory of that size. */
static int
keep_rest(struct outbox *outbox, const char *header, struct sse_slice bytes,
    size_t sent)
{
	struct sse_buf *waiting = &outbox->waiting;
	int error = sse_buf_reserve_exactly(
	    waiting, WIRE_HEADER_SIZE + bytes.size - sent);

	if (error == 0 && sent < WIRE_HEADER_SIZE) {
		error = sse_buf_add(
		    waiting, header + sent, WIRE_HEADER_SIZE - sent);
		sent = WIRE_HEADER_SIZE;
	}
	sent -= WIRE_HEADER_SIZE;
	if (error == 0)
		error =
		    sse_buf_add(waiting, bytes.data + sent, bytes.size - sent);
	return error;
}

/* One record.  0 when it is sent, -EAGAIN when its rest waits. */
static int
send_record(
    struct outbox *outbox, int fd, uint16_t request_id, struct sse_slice bytes)
{
	char header[WIRE_HEADER_SIZE];
	struct iovec parts[2] = {{header, sizeof(header)},
	    {(void *)(uintptr_t)bytes.data, bytes.size}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t put;
	int error;

	wire_header(header, WIRE_STDOUT, request_id, bytes.size);
	do
		put = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (put < 0 && errno == EINTR);
	if (put < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		return -errno;
	if (put < 0)
		put = 0;
	if ((size_t)put == sizeof(header) + bytes.size)
		return 0;
	error = keep_rest(outbox, header, bytes, (size_t)put);
	return error != 0 ? error : -EAGAIN;
}

int
outbox_stdout(
    struct outbox *outbox, int fd, uint16_t request_id, struct sse_slice bytes)
{
	int error = 0;

	while (bytes.size > 0 && error == 0) {
		struct sse_slice piece = bytes;

		if (piece.size > WIRE_STDOUT_MAX)
			piece.size = WIRE_STDOUT_MAX;
		error = send_record(outbox, fd, request_id, piece);
		bytes.data += piece.size;
		bytes.size -= piece.size;
	}
	if (error == -EAGAIN && bytes.size > 0)
		error = wire_stdout(&outbox->waiting, request_id, bytes);
	return error == -EAGAIN ? 0 : error;
}
