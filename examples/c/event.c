/*
 * event.c - an event with an id, a name and two lines, and one of JSON.
 *
 *	cc -o event event.c -lfcgi -lssekit
 *	spawn-fcgi -s event.sock -F 8 -- ./event
 *
 * In a cgi-bin the same program serves one client, and ends.  A process for
 * each client: good for what comes to an end.
 */
#include <ssekit-fcgi.h>
#include <string.h>

static void
serve(struct sse_writer *writer, const struct sse_request *request)
{
	static const struct sse_response done = {.status = 204};
	struct sse_event order = {.id = sse_slice("1"),
	    .type = sse_slice("order"),
	    .data = sse_slice("two cups of tea\nno sugar")};
	struct sse_event object = {.id = sse_slice("2"),
	    .data = sse_slice("{\"cups\": 2, \"drink\": \"tea\"}")};

	/* Who has both is told not to come back. */
	if (strcmp(request->last_event_id, object.id.data) == 0) {
		if (sse_writer_head(writer, &done) == 0)
			(void)sse_writer_flush(writer);
	} else if (sse_writer_answer(writer, request, NULL, 2000) == 1 &&
		   sse_writer_publish(writer, &order) == 0) {
		(void)sse_writer_publish(writer, &object);
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
