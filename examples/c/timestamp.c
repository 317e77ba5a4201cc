/*
 * timestamp.c - "timestamp" events; who comes back goes on after the last id.
 *
 *	cc -o timestamp timestamp.c -lfcgi -lssekit
 *	spawn-fcgi -s timestamp.sock -F 8 -- ./timestamp
 *
 * In a cgi-bin the same program serves one client, and ends.  A process for
 * each client: good for tens of them.  The head has
 * X-Accel-Buffering: no, so nginx passes each event on at once.
 */
#include <ssekit-fcgi.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void
serve(struct sse_writer *writer, const struct sse_request *request)
{
	char text[24], data[24];
	struct sse_event event = {.type = sse_slice("timestamp")};
	unsigned long number;
	int error = sse_writer_answer(writer, request, NULL, 1000) != 1;

	/* From outside: it may be any text, and the number 0. */
	number = strtoul(request->last_event_id, NULL, 10);
	for (; error == 0; (void)sleep(1)) {
		(void)snprintf(text, sizeof(text), "%lu", ++number);
		(void)snprintf(data, sizeof(data), "%ld", (long)time(NULL));
		event.id = sse_slice(text);
		event.data = sse_slice(data);
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
