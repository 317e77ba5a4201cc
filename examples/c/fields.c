/*
 * fields.c - id, data, event, retry and comment in one stream, and a log of
 * who connects and disconnects on stderr, which web servers keep.
 *
 *	cc -o cgi-bin/fields fields.c -lssekit
 *
 * A CGI program, a process for each client: good for tens of them.  That a
 * client has left shows in a write that fails, or the server sends SIGTERM.
 */
#include <signal.h>
#include <ssekit.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t stopped;

static void
stop(int number)
{
	stopped = number;
}

static void
serve(struct sse_writer *writer, const struct sse_request *request)
{
	static const struct sse_event event = {
	    .comment = {"not for the page", 16},
	    .id = {"7", 1},
	    .type = {"tick", 4},
	    .data = {"all five fields", 15},
	    .has_retry = true,
	    .retry_ms = 3000,
	};
	int error = sse_writer_answer(writer, request, NULL, 3000) != 1;

	(void)fprintf(stderr, "fields: a client has connected\n");
	while (error == 0 && !stopped) {
		error = sse_writer_publish(writer, &event);
		(void)sleep(1);
	}
	(void)fprintf(stderr, "fields: the client has left\n");
}

int
main(void)
{
	struct sse_writer *writer = sse_writer_new(sse_write_stdio, stdout, 0);
	struct sse_request request;

	/* Neither may end the process: it has something to say first. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
	sse_request_read(&request, sse_getenv, NULL);
	serve(writer, &request);
	sse_writer_free(writer);
	return 0;
}
