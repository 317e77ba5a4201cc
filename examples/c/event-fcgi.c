/*
 * event-fcgi.c - event.c for FastCGI with libfcgi.
 *
 *	cc -o event-fcgi event-fcgi.c -lfcgi -lssekit
 *	spawn-fcgi -s event.sock -F 8 -- ./event-fcgi
 *
 * A process for each client: good for as many as there are processes, and for
 * code that is not made for threads.  One client more waits until one leaves.
 */
#include <signal.h>
#include <string.h>

#include "fcgx.h"

static void
serve(FCGX_Request *fcgi)
{
	struct sse_writer *writer = sse_writer_new(write_fcgx, fcgi->out, 0);
	struct sse_request request;
	static const struct sse_response done = {.status = 204};
	struct sse_event order = {.id = sse_slice("1"),
	    .type = sse_slice("order"),
	    .data = sse_slice("two cups of tea\nno sugar")};
	struct sse_event object = {.id = sse_slice("2"),
	    .data = sse_slice("{\"cups\": 2, \"drink\": \"tea\"}")};

	sse_request_read(&request, getenv_fcgx, fcgi->envp);
	if (strcmp(request.last_event_id, object.id.data) == 0)
		(void)(sse_writer_head(writer, &done) == 0 &&
		       sse_writer_flush(writer));
	else if (sse_writer_answer(writer, &request, NULL, 2000) == 1 &&
		 sse_writer_publish(writer, &order) == 0)
		(void)sse_writer_publish(writer, &object);
	sse_writer_free(writer);
}

int
main(void)
{
	FCGX_Request fcgi;

	if (FCGX_Init() != 0 || FCGX_InitRequest(&fcgi, 0, 0) != 0)
		return 111;
	/* libfcgi has taken it, and would let a stream go on. */
	(void)signal(SIGTERM, SIG_DFL);
	while (FCGX_Accept_r(&fcgi) == 0)
		serve(&fcgi);
	return 111;
}
