/*
 * clock-fcgi.c - clock.c for FastCGI with libfcgi.
 *
 *	cc -o clock-fcgi clock-fcgi.c -lfcgi -lssekit
 *	spawn-fcgi -s clock.sock -F 8 -- ./clock-fcgi
 *
 * A process for each client: good for as many as there are processes, and for
 * code that is not made for threads.  One client more waits until one leaves.
 */
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "fcgx.h"

static void
serve(FCGX_Request *fcgi)
{
	struct sse_writer *writer = sse_writer_new(write_fcgx, fcgi->out, 0);
	struct sse_request request;
	char text[64];
	struct sse_event event = {.data = {text, 0}};
	int go_on;

	sse_request_read(&request, getenv_fcgx, fcgi->envp);
	go_on = sse_writer_answer(writer, &request, NULL, 2000);
	for (int error = 0; go_on == 1 && error == 0; (void)sleep(1)) {
		time_t now = time(NULL);

		event.data.size = strftime(text, sizeof(text),
		    "The server time is: %Y-%m-%d %H:%M:%S", localtime(&now));
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
