/*
 * answer.c - an answer that is not a stream.
 */
#include "config.h"

#include "answer.h"

#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fdio.h"

/* Waits until the descriptor is ready or the deadline is over. */
static bool
wait_until(int fd, short events, int64_t deadline_ms)
{
	const struct sse_clock *clock = sse_clock_system();
	int64_t left_ms = deadline_ms - sse_clock_monotonic_ms(clock);
	struct pollfd poll_fd = {.fd = fd, .events = events};

	return left_ms > 0 && poll(&poll_fd, 1, (int)left_ms) > 0;
}

static int64_t
deadline_in(int64_t ms)
{
	return sse_clock_monotonic_ms(sse_clock_system()) + ms;
}

static void
take_body(uint64_t size)
{
	int64_t deadline = deadline_in(ANSWER_BODY_WAIT_MS);
	char bytes[4096];
	uint64_t left =
	    size < ANSWER_BODY_SIZE_MAX ? size : ANSWER_BODY_SIZE_MAX;

	while (left > 0 && wait_until(STDIN_FILENO, POLLIN, deadline)) {
		size_t most =
		    left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
		ssize_t got = sse_fd_read(STDIN_FILENO, bytes, most);

		if (got <= 0)
			return;
		left -= (uint64_t)got;
	}
}

/* A pipe that has room has some for so much, and a write does not wait. */
static size_t
piece_of(size_t size)
{
	return size < PIPE_BUF ? size : PIPE_BUF;
}

static void
put(struct sse_slice bytes)
{
	while (bytes.size > 0 && wait_until(STDOUT_FILENO, POLLOUT,
				     deadline_in(ANSWER_TAKE_WAIT_MS))) {
		ssize_t done = sse_fd_write(
		    STDOUT_FILENO, bytes.data, piece_of(bytes.size));

		if (done < 0)
			return;
		bytes.data += done;
		bytes.size -= (size_t)done;
	}
}

/* What is short leaves together with its head. */
static void
put_answer(struct sse_slice head, struct sse_slice body)
{
	char bytes[2 * ANSWER_HEAD_SIZE_MAX];

	if (body.size > sizeof(bytes) - head.size) {
		put(head);
		put(body);
		return;
	}
	(void)memcpy(bytes, head.data, head.size);
	if (body.size > 0)
		(void)memcpy(bytes + head.size, body.data, body.size);
	put((struct sse_slice){bytes, head.size + body.size});
}

void
answer_send(
    const struct admission *admission, const struct sse_request *request)
{
	char head[ANSWER_HEAD_SIZE_MAX];
	ssize_t size =
	    sse_response_head(&admission->response, head, sizeof(head));

	if (size < 0)
		return;
	take_body(request->content_size);
	put_answer(
	    (struct sse_slice){head, (size_t)size}, admit_body(admission));
}
