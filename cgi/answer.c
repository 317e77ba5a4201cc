/*
 * answer.c - an answer that is not a stream.
 */
#include "config.h"

#include "answer.h"

#include <assert.h>
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
deadline_ms(void)
{
	return sse_clock_monotonic_ms(sse_clock_system()) + ANSWER_BODY_WAIT_MS;
}

static void
take_body(uint64_t size)
{
	int64_t deadline = deadline_ms();
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

static_assert(ADMIT_TEXT_SIZE_MAX <= SSE_HEAD_SIZE_MAX, "a text has room");

static void
put(const char *bytes, size_t size)
{
	int64_t deadline = deadline_ms();

	while (size > 0 && wait_until(STDOUT_FILENO, POLLOUT, deadline)) {
		ssize_t done = sse_fd_write(STDOUT_FILENO, bytes, size);

		if (done < 0)
			return;
		bytes += done;
		size -= (size_t)done;
	}
}

void
answer_send(
    const struct admission *admission, const struct sse_request *request)
{
	char bytes[2 * SSE_HEAD_SIZE_MAX];
	const char *text = admission->text;
	size_t text_size = strlen(text);
	ssize_t head =
	    sse_response_head(&admission->response, bytes, SSE_HEAD_SIZE_MAX);

	if (head < 0)
		return;
	assert((size_t)head + text_size <= sizeof(bytes));
	take_body(request->content_size);
	(void)memcpy(bytes + head, text, text_size);
	put(bytes, (size_t)head + text_size);
}
