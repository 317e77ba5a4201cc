/*
 * fields.c - id, data, event, retry and comment in one stream, and a log of
 * who connects and disconnects on stderr, which web servers keep.
 *
 *	cc -o fields fields.c -lfcgi -lssekit
 *	spawn-fcgi -s fields.sock -F 8 -- ./fields
 *
 * In a cgi-bin the same program serves one client, and ends.  A process for
 * each client: good for tens of them.  That a client has left shows in a
 * write that fails, or the server sends SIGTERM.
 */
#include <signal.h>
#include <ssekit-fcgi.h>
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

	/* It may not end the process before something is said. */
	(void)sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
	(void)fprintf(stderr, "fields: a client has connected\n");
	while (error == 0 && !stopped) {
		error = sse_writer_publish(writer, &event);
		(void)sleep(1);
	}
	(void)fprintf(stderr, "fields: the client has left\n");
	(void)signal(SIGTERM, SIG_DFL);
	if (stopped)
		(void)raise(SIGTERM);
}

int
main(void)
{
	struct sse_fcgi fcgi = {0};

	while (sse_fcgi_next(&fcgi))
		serve(fcgi.writer, &fcgi.request);
	return 0;
}
