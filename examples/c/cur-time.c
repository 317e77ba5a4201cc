/*
 * cur-time.c - "cur_time" events in JSON, for pages of another site, too.
 *
 *	cc -o cur-time cur-time.c -lfcgi -lssekit
 *	spawn-fcgi -s cur-time.sock -F 8 -- ./cur-time
 *
 * In a cgi-bin the same program serves one client, and ends.  A process for
 * each client: good for tens of them.  Other sites that may read it are
 * those in SSE_ORIGINS, set by the web server: https://app.example
 */
#include <ssekit-fcgi.h>
#include <time.h>
#include <unistd.h>

static int
publish_time(struct sse_writer *writer)
{
	char data[64];
	time_t now = time(NULL);
	struct tm tm;
	struct sse_event event = {.type = sse_slice("cur_time")};

	(void)strftime(data, sizeof(data),
	    "{\"cur_time\": \"%Y-%m-%dT%H:%M:%SZ\"}", gmtime_r(&now, &tm));
	event.data = sse_slice(data);
	return sse_writer_publish(writer, &event);
}

static void
serve(struct sse_writer *writer, const struct sse_request *request,
    const char *origins)
{
	int error = sse_writer_answer(writer, request, origins, 10000) != 1;

	/* Between events, a comment each second keeps the connection open. */
	for (int second = 0; error == 0; second++) {
		error = second % 5 == 0 ? publish_time(writer)
					: sse_writer_heartbeat(writer, 1000);
		(void)sleep(1);
	}
}

int
main(void)
{
	struct sse_fcgi fcgi = {0};

	while (sse_fcgi_next(&fcgi))
		serve(fcgi.writer, &fcgi.request,
		    sse_fcgi_getenv(&fcgi, "SSE_ORIGINS"));
	return 0;
}
