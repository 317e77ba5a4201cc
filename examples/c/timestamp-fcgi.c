/*
 * timestamp-fcgi.c - timestamp.c for FastCGI with libfcgi.
 *
 *	cc -o timestamp-fcgi timestamp-fcgi.c -lfcgi -lssekit
 *	spawn-fcgi -s timestamp.sock -F 8 -- ./timestamp-fcgi
 *
 * A process for each client: good for as many as there are processes, and for
 * code that is not made for threads.  One client more waits until one leaves.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "fcgx.h"

static void
serve(FCGX_Request *fcgi)
{
	struct sse_writer *writer = sse_writer_new(write_fcgx, fcgi->out, 0);
	struct sse_request request;
	char text[24], data[24];
	struct sse_event event = {.type = sse_slice("timestamp")};
	unsigned long number;
	int error;

	sse_request_read(&request, getenv_fcgx, fcgi->envp);
	error = sse_writer_answer(writer, &request, NULL, 1000) != 1;
	/* From outside: it may be any text, and the number 0. */
	number = strtoul(request.last_event_id, NULL, 10);
	for (; error == 0; (void)sleep(1)) {
		(void)snprintf(text, sizeof(text), "%lu", ++number);
		(void)snprintf(data, sizeof(data), "%ld", (long)time(NULL));
		event.id = sse_slice(text);
		event.data = sse_slice(data);
		error = sse_writer_publish(writer, &event);
	}
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
