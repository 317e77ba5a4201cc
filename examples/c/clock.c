/*
 * clock.c - the time, every second: the smallest stream there is.
 *
 *	cc -o cgi-bin/clock clock.c -lssekit
 *
 * A CGI program, a process for each client: good for tens of them.  Its head
 * says that nobody may cache or buffer it; each event is flushed.  When the
 * client has gone, SIGPIPE ends it at the next one.
 */
#include <ssekit.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void
serve(struct sse_writer *writer, const struct sse_request *request)
{
	char text[64];
	struct sse_event event = {.data = {text, 0}};
	int error = sse_writer_answer(writer, request, NULL, 2000) != 1;

	for (; error == 0; (void)sleep(1)) {
		time_t now = time(NULL);

		event.data.size = strftime(text, sizeof(text),
		    "The server time is: %Y-%m-%d %H:%M:%S", localtime(&now));
		error = sse_writer_publish(writer, &event);
	}
}

int
main(void)
{
	struct sse_writer *writer = sse_writer_new(sse_write_stdio, stdout, 0);
	struct sse_request request;

	sse_request_read(&request, sse_getenv, NULL);
	serve(writer, &request);
	sse_writer_free(writer);
	return 0;
}
