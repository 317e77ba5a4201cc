/*
 * redis_link.c - a connection to a Redis server.
 */
#include "config.h"

#include "source/redis_link.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/result.h"
#include "fdio.h"
#include "source/redis_reader.h"
#include "source/source_ops.h"

static int64_t
now_ms(const struct redis_link *link)
{
	return sse_clock_monotonic_ms(link->clock);
}

void
redis_link_init(
    struct redis_link *link, const struct sse_clock *clock, size_t room_size)
{
	*link = (struct redis_link){
	    .clock = clock, .room_size = room_size, .fd = -1};
	sse_buf_init(&link->out, REDIS_LINK_SEND_SIZE_MAX);
}

void
redis_link_close(struct redis_link *link)
{
	sse_fd_close(link->fd);
	redis_reader_free(link->reader);
	free(link->in);
	sse_buf_done(&link->out);
	redis_link_init(link, link->clock, link->room_size);
}

/* ---------------------------------------------------------- connecting -- */

static int
begin_to_connect(struct redis_link *link, const struct redis_endpoint *endpoint)
{
	link->fd = socket(endpoint->address.any.sa_family,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (link->fd < 0)
		return -errno;
	if (connect(link->fd, &endpoint->address.any, endpoint->address_size) ==
	    0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -errno;
	link->connecting = true;
	return 0;
}

int
redis_link_open(struct redis_link *link, const struct redis_endpoint *endpoint)
{
	int error;

	assert(link->fd < 0);
	link->reader = redis_reader_new(link->room_size);
	link->in = malloc(REDIS_LINK_READ_SIZE);
	error = link->reader != NULL && link->in != NULL
		    ? begin_to_connect(link, endpoint)
		    : -ENOMEM;
	redis_link_allow(link, REDIS_LINK_TIMEOUT_MS);
	if (error != 0)
		redis_link_close(link);
	return error;
}

/* Whether it is connected: 1; 0: not yet; -errno. */
static int
finish_connecting(struct redis_link *link)
{
	struct pollfd out = {.fd = link->fd, .events = POLLOUT};
	int error = 0;
	socklen_t size = sizeof(error);

	if (!link->connecting)
		return 1;
	if (poll(&out, 1, 0) != 1)
		return 0;
	if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return -errno;
	if (error != 0)
		return -error;
	link->connecting = false;
	return 1;
}

/* ------------------------------------------------------------- sending -- */

/* "*3\r\n", or "$3\r\n". */
static int
add_size(struct sse_buf *out, char kind, size_t size)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%c%zu\r\n", kind, size);

	return sse_buf_add(out, text, (size_t)length);
}

static int
add_word(struct sse_buf *out, struct sse_slice word)
{
	int error = add_size(out, '$', word.size);

	if (error == 0 && word.size > 0)
		error = sse_buf_add(out, word.data, word.size);
	return error == 0 ? sse_buf_add(out, "\r\n", 2) : error;
}

int
redis_link_send(
    struct redis_link *link, const struct sse_slice *words, size_t count)
{
	int error;

	assert(link->fd >= 0);
	error = add_size(&link->out, '*', count);
	for (size_t i = 0; error == 0 && i < count; i++)
		error = add_word(&link->out, words[i]);
	if (link->owed == 0)
		redis_link_allow(link, REDIS_LINK_TIMEOUT_MS);
	link->owed++;
	return error;
}

/* MSG_NOSIGNAL: a program that uses it may not ignore SIGPIPE. */
static int
flush(struct redis_link *link)
{
	ssize_t put;

	if (link->out.size == 0)
		return 0;
	put = send(link->fd, link->out.data, link->out.size, MSG_NOSIGNAL);
	if (put < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	sse_buf_drop(&link->out, (size_t)put);
	return 0;
}

void
redis_link_flush(struct redis_link *link)
{
	if (link->fd >= 0 && !link->connecting)
		(void)flush(link);
}

/* ----------------------------------------------------------- receiving -- */

void
redis_link_allow(struct redis_link *link, int64_t ms)
{
	link->due_ms = now_ms(link) + ms;
}

/* As redis_link_next(), of what was read. */
static int
take_answer(struct redis_link *link, const struct redis_value **ret_answer)
{
	int got = redis_reader_take(link->reader, &link->rest, ret_answer);

	if (got != 1)
		return got;
	/* Nobody has asked. */
	if (link->owed == 0)
		return -EPROTO;
	link->owed--;
	return 1;
}

static int
read_some(struct redis_link *link)
{
	ssize_t got = sse_fd_read(link->fd, link->in, REDIS_LINK_READ_SIZE);

	if (got == -EAGAIN)
		return now_ms(link) >= link->due_ms && link->owed > 0
			   ? -ETIMEDOUT
			   : 0;
	if (got <= 0)
		return got < 0 ? (int)got : -ECONNRESET;
	link->rest = (struct sse_slice){link->in, (size_t)got};
	redis_link_allow(link, REDIS_LINK_TIMEOUT_MS);
	return RESULT_PARTIAL;
}

int
redis_link_next(struct redis_link *link, const struct redis_value **ret_answer)
{
	bool has_rest = link->rest.size > 0;
	int got, more;

	assert(link->fd >= 0);
	got = finish_connecting(link);
	if (got == 0 && now_ms(link) >= link->due_ms)
		return -ETIMEDOUT;
	if (got != 1)
		return got;
	got = flush(link);
	if (got == 0)
		got = take_answer(link, ret_answer);
	if (got != 0)
		return got;
	/* That was as much as a read brings: enough for a turn. */
	if (has_rest)
		return RESULT_PARTIAL;
	more = read_some(link);
	if (more != RESULT_PARTIAL)
		return more;
	got = take_answer(link, ret_answer);
	return got != 0 ? got : more;
}

short
redis_link_events(const struct redis_link *link)
{
	return link->connecting || link->out.size > 0 ? POLLIN | POLLOUT
						      : POLLIN;
}

int64_t
redis_link_left_ms(const struct redis_link *link)
{
	int64_t left_ms;

	if (link->owed == 0 && !link->connecting)
		return SOURCE_FOREVER_MS;
	left_ms = link->due_ms - now_ms(link);
	return left_ms > 0 ? left_ms : 0;
}
