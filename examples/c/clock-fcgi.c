/*
 * clock-fcgi.c - clock.c for FastCGI, with libfcgi.
 *
 *	cc -o clock-fcgi clock-fcgi.c -lfcgi -lssekit
 *	spawn-fcgi -s clock.sock -F 8 -- ./clock-fcgi
 *
 * A process for each client: good for as many as there are processes, and for
 * code that is not made for threads.  One client more waits until one leaves.
 */
#include <ssekit-fcgi.h>
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
	struct sse_fcgi fcgi = {0};

	while (sse_fcgi_next(&fcgi))
		serve(fcgi.writer, &fcgi.request);
	return 0;
}
