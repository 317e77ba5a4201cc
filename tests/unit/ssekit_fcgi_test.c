#include "test.h"

#include <errno.h>
#include <signal.h>
#include <ssekit-fcgi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STREAM_TYPE_STDOUT 6 /* FastCGI 1.0, 8 */
#define HEADER_SIZE 8        /* bytes before the content of a record */

TEST(a_parameter_is_a_variable)
{
	char one[] = "REQUEST_METHOD=GET", two[] = "HTTP_LAST_EVENT_ID=7";
	char *envp[] = {one, two, NULL};
	struct sse_request request;

	sse_request_read(&request, sse_fcgx_getenv, envp);
	CHECK(request.method == SSE_METHOD_GET);
	CHECK_EQUAL_TEXT(sse_slice(request.last_event_id), SLICE("7"));
	CHECK(sse_fcgx_getenv(envp, "PATH_INFO") == NULL);
}

/* It is flushed each time, and says when nobody takes it any more. */
TEST(bytes_are_written_as_records)
{
	char bytes[64];
	int fds[2];
	static FCGX_Stream *out; /* libfcgi cannot free all of it */
	ssize_t taken = 0;

	(void)signal(SIGPIPE, SIG_IGN);
	CHECK_EQUAL_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_EQUAL_INT(FCGX_Init(), 0);
	out = FCGX_CreateWriter(fds[0], 1, 8192, STREAM_TYPE_STDOUT);
	CHECK(out != NULL);
	CHECK_EQUAL_INT(sse_fcgx_write(out, "data: x\n\n", 9), 9);
	CHECK_EQUAL_INT(
	    recv(fds[1], bytes, HEADER_SIZE + 9, MSG_WAITALL), HEADER_SIZE + 9);
	CHECK(memcmp(bytes + HEADER_SIZE, "data: x\n\n", 9) == 0);
	(void)close(fds[1]);
	for (int i = 0; i < 2 && taken >= 0; i++)
		taken = sse_fcgx_write(out, "x", 1);
	CHECK_EQUAL_INT(taken, -EPIPE);
	(void)close(fds[0]);
}

/* What a test has as descriptor 0 is not a socket that listens. */
TEST(a_cgi_program_has_one_client)
{
	struct sse_fcgi fcgi = {0};
	struct sigaction before, after;

	CHECK_EQUAL_INT(setenv("REQUEST_METHOD", "GET", 1), 0);
	CHECK_EQUAL_INT(setenv("SSE_ORIGINS", "*", 1), 0);
	CHECK_EQUAL_INT(sigaction(SIGTERM, NULL, &before), 0);
	CHECK(sse_fcgi_next(&fcgi));
	CHECK_EQUAL_INT(sigaction(SIGTERM, NULL, &after), 0);
	CHECK(after.sa_handler == before.sa_handler);
	CHECK(fcgi.is_cgi && fcgi.writer != NULL);
	CHECK(fcgi.request.method == SSE_METHOD_GET);
	CHECK_EQUAL_TEXT(
	    sse_slice(sse_fcgi_getenv(&fcgi, "SSE_ORIGINS")), SLICE("*"));
	CHECK(!sse_fcgi_next(&fcgi));
	CHECK(fcgi.writer == NULL);
	sse_fcgi_end(&fcgi);
}

TEST(null_as_everywhere)
{
	struct sse_fcgi fcgi = {0};

	CHECK(!sse_fcgi_next(NULL));
	sse_fcgi_end(NULL);
	sse_fcgi_end(&fcgi);
	CHECK(sse_fcgi_getenv(NULL, "PATH_INFO") == NULL);
	CHECK(sse_fcgx_getenv(NULL, "PATH_INFO") == NULL);
	CHECK(sse_fcgx_getenv((char *[]){NULL}, NULL) == NULL);
	CHECK_EQUAL_INT(sse_fcgx_write(NULL, "x", 1), -EINVAL);
}
