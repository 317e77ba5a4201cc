#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TEST(the_environment_as_a_request)
{
	struct sse_request request;

	CHECK_EQUAL_INT(setenv("REQUEST_METHOD", "GET", 1), 0);
	CHECK_EQUAL_INT(setenv("HTTP_LAST_EVENT_ID", "7", 1), 0);
	CHECK_EQUAL_INT(unsetenv("SSE_STREAM"), 0);
	CHECK_EQUAL_INT(setenv("PATH_INFO", "/time", 1), 0);
	sse_request_read(&request, sse_getenv, NULL);
	CHECK(request.method == SSE_METHOD_GET);
	CHECK_EQUAL_TEXT(sse_slice(request.last_event_id), SLICE("7"));
	CHECK_EQUAL_TEXT(sse_slice(request.stream), SLICE("time"));
}

static void
check_pipe(int fd, const char *want)
{
	char bytes[64];
	ssize_t size = read(fd, bytes, sizeof(bytes));

	CHECK(size >= 0);
	CHECK_EQUAL_TEXT(
	    ((struct sse_slice){bytes, (size_t)size}), sse_slice(want));
}

TEST(a_descriptor_takes_what_it_can)
{
	static char large[1 << 20];
	int ends[2];
	ssize_t taken;

	CHECK_EQUAL_INT(pipe(ends), 0);
	CHECK_EQUAL_INT(sse_write_descriptor(&ends[1], "abc", 3), 3);
	check_pipe(ends[0], "abc");
	CHECK_EQUAL_INT(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	taken = sse_write_descriptor(&ends[1], large, sizeof(large));
	CHECK(taken > 0 && (size_t)taken < sizeof(large));
	CHECK_EQUAL_INT(sse_write_descriptor(&ends[1], "abc", 3), -EAGAIN);
	(void)close(ends[0]);
	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	CHECK_EQUAL_INT(sse_write_descriptor(&ends[1], "abc", 3), -EPIPE);
	(void)close(ends[1]);
	CHECK_EQUAL_INT(sse_write_descriptor(&ends[1], "abc", 3), -EBADF);
}

TEST(a_file_is_flushed)
{
	int ends[2];
	FILE *file;

	CHECK_EQUAL_INT(pipe(ends), 0);
	file = fdopen(ends[1], "w");
	CHECK(file != NULL);
	CHECK_EQUAL_INT(sse_write_stdio(file, "abc", 3), 3);
	check_pipe(ends[0], "abc");
	(void)close(ends[0]);
	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	CHECK_EQUAL_INT(sse_write_stdio(file, "abc", 3), -EPIPE);
	(void)fclose(file);
}

/* What a FILE has not written is lost, so it never says -EAGAIN. */
TEST(a_file_that_cannot_wait_ends_the_stream)
{
	static char large[1 << 20];
	int ends[2];
	FILE *file;

	CHECK_EQUAL_INT(pipe(ends), 0);
	CHECK_EQUAL_INT(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	file = fdopen(ends[1], "w");
	CHECK(file != NULL);
	CHECK_EQUAL_INT(sse_write_stdio(file, large, sizeof(large)), -EIO);
	(void)close(ends[0]);
	CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	(void)fclose(file);
}
