/*
 * cur-time-fcgi.c - cur-time.c for FastCGI with libfcgi.
 *
 *	cc -o cur-time-fcgi cur-time-fcgi.c -lfcgi -lssekit
 *	spawn-fcgi -s cur-time.sock -F 8 -- ./cur-time-fcgi
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
	struct sse_event event = {.type = sse_slice("cur_time")};
	const char *origins = FCGX_GetParam("SSE_ORIGINS", fcgi->envp);
	char data[64];
	int error;

	event.data.data = data;
	sse_request_read(&request, getenv_fcgx, fcgi->envp);
	error = sse_writer_answer(writer, &request, origins, 10000) != 1;
	for (int second = 0; error == 0; (void)sleep(1), second++) {
		time_t now = time(NULL);

		event.data.size = strftime(data, sizeof(data),
		    "{\"cur_time\": \"%Y-%m-%dT%H:%M:%SZ\"}", gmtime(&now));
		error = second % 5 == 0 ? sse_writer_publish(writer, &event)
					: sse_writer_heartbeat(writer, 1000);
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
