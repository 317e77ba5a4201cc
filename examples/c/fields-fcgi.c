/*
 * fields-fcgi.c - fields.c for FastCGI with libfcgi.
 *
 *	cc -o fields-fcgi fields-fcgi.c -lfcgi -lssekit
 *	spawn-fcgi -s fields.sock -F 8 -- ./fields-fcgi
 *
 * A process for each client: good for as many as there are processes, and for
 * code that is not made for threads.  One client more waits until one leaves.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "fcgx.h"

static void
serve(FCGX_Request *fcgi)
{
	struct sse_writer *writer = sse_writer_new(write_fcgx, fcgi->out, 0);
	struct sse_request request;
	struct sse_event event = {.comment = sse_slice("not for the page"),
	    .id = sse_slice("7"),
	    .type = sse_slice("tick"),
	    .data = sse_slice("all five fields"),
	    .has_retry = true,
	    .retry_ms = 3000};

	sse_request_read(&request, getenv_fcgx, fcgi->envp);
	(void)fprintf(stderr, "fields: a client has connected\n");
	if (sse_writer_answer(writer, &request, NULL, 3000) == 1)
		while (sse_writer_publish(writer, &event) == 0)
			(void)sleep(1);
	(void)fprintf(stderr, "fields: the client has left\n");
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
