/*
 * subscriber.c - what one of many is sent that does not go the short way.
 *
 * Invariant: the record_left bytes that a client is owed of its record begin
 * at the subscriber's cursor.
 */
#include "config.h"

#include "subscriber.h"

#include <assert.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/result.h"

/* Bytes of the record that it is in.  Whether all of them were taken. */
static int
send_rest(struct subscriber *subscriber, const struct backlog *backlog)
{
	struct client *client = subscriber->client;
	struct sse_slice bytes = backlog_read(backlog, subscriber->cursor);
	ssize_t put;

	assert(client->record_left <= bytes.size);
	put = send(client->fd, bytes.data, client->record_left,
	    MSG_NOSIGNAL | MSG_DONTWAIT);
	if (put < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	assert((size_t)put <= client->record_left);
	subscriber->cursor += (uint64_t)put;
	client->record_left -= (uint32_t)put;
	client_took(client);
	return 0;
}

int
subscriber_took(
    struct subscriber *subscriber, const char *header, size_t size, size_t put)
{
	struct client *client = subscriber->client;
	size_t content = put > WIRE_HEADER_SIZE ? put - WIRE_HEADER_SIZE : 0;

	assert(content <= size && client->record_left == 0);
	client->record_left = (uint32_t)(size - content);
	subscriber->cursor += content;
	if (put == 0)
		client->record_left = 0;
	else if (put < WIRE_HEADER_SIZE)
		return sse_buf_add(
		    &client->out.waiting, header + put, WIRE_HEADER_SIZE - put);
	return 0;
}

static int
send_next(struct subscriber *subscriber, const struct backlog *backlog,
    uint64_t limit)
{
	char header[WIRE_HEADER_SIZE];
	struct sse_slice bytes = backlog_read(backlog, subscriber->cursor);
	struct iovec parts[2] = {{header, sizeof(header)},
	    {(void *)(uintptr_t)bytes.data, bytes.size}};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	uint64_t size = limit - subscriber->cursor;
	ssize_t put;

	assert(subscriber->cursor < limit);
	/* A record begins behind all that was owed before. */
	assert(!client_waits(subscriber->client));
	if (size > WIRE_STDOUT_MAX)
		size = WIRE_STDOUT_MAX;
	parts[1].iov_len = (size_t)size;
	wire_header(header, WIRE_STDOUT, subscriber->request_id, (size_t)size);
	put = sendmsg(subscriber->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (put < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	client_took(subscriber->client);
	return subscriber_took(subscriber, header, (size_t)size, (size_t)put);
}

static uint64_t
limit_of(const struct subscriber *subscriber, const struct backlog *backlog)
{
	uint64_t head = backlog_head(backlog);

	return subscriber->end < head ? subscriber->end : head;
}

/* All that it takes now: 0 when it has everything, -EAGAIN, or -errno. */
static int
send_all(struct subscriber *subscriber, const struct backlog *backlog)
{
	struct client *client = subscriber->client;
	uint64_t limit = limit_of(subscriber, backlog);
	int error = 0;

	while (error == 0) {
		error = client_flush(client);
		if (error != 0)
			break;
		if (subscriber->cursor < backlog_tail(backlog))
			return RESULT_CHANGED;
		if (client->record_left > 0)
			error = send_rest(subscriber, backlog);
		else if (subscriber->cursor < limit)
			error = send_next(subscriber, backlog, limit);
		else
			return 0;
		if (error == -EINTR)
			error = 0;
	}
	return error;
}

void
subscriber_push(struct subscriber *subscriber, const struct backlog *backlog)
{
	struct client *client = subscriber->client;
	int error = send_all(subscriber, backlog);

	if (error == -EAGAIN)
		client_block(client, true);
	else if (error == RESULT_CHANGED)
		client_close(client, CLIENT_OVERRUN);
	else if (error != 0)
		client_close(client, CLIENT_LEFT);
	else if (subscriber->end <= subscriber->cursor)
		client_finish(client, CLIENT_ENDED);
	else
		client_block(client, false);
}

void
subscriber_end_at(
    struct subscriber *subscriber, const struct backlog *backlog, uint64_t end)
{
	subscriber->end = end;
	subscriber->aside = true;
	if (!subscriber->client->blocked)
		subscriber_push(subscriber, backlog);
}
