/*
 * broadcast.c - streams that all clients share: ?stream=time begins with what
 * comes next, ?stream=count with the last ten events before.  FastCGI with
 * libfcgi, a thread for each client: good for hundreds of them.
 *	cc -pthread -o broadcast broadcast.c -lfcgi -lssekit
 *	spawn-fcgi -s broadcast.sock -- ./broadcast
 */
#include <ssekit-fcgi.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "threads.h"

static struct channel time_channel = {.replay = 0};
static struct channel count_channel = {.replay = CHANNEL_KEPT};

static void
follow(struct sse_writer *writer, struct channel *channel)
{
	unsigned number = channel_begin(channel);
	struct sse_event event = {.has_retry = false};
	char text[CHANNEL_TEXT_SIZE];

	do {
		channel_next(channel, &number, text);
		event.data = sse_slice(text);
	} while (sse_writer_publish(writer, &event) == 0);
}

static void
serve(struct sse_fcgi *fcgi)
{
	static const struct sse_response none = {.status = 404};
	struct sse_writer *writer = fcgi->writer;
	bool is_time = strcmp(fcgi->request.stream, "time") == 0;
	bool is_count = strcmp(fcgi->request.stream, "count") == 0;

	if (!is_time && !is_count)
		(void)(sse_writer_head(writer, &none) == 0 &&
		       sse_writer_flush(writer));
	else if (sse_writer_answer(writer, &fcgi->request, NULL, 2000) == 1)
		follow(writer, is_time ? &time_channel : &count_channel);
}

int
main(void)
{
	char text[CHANNEL_TEXT_SIZE];

	serve_in_threads();
	for (unsigned count = 1;; (void)sleep(1), count++) {
		(void)snprintf(text, sizeof(text), "%ld", (long)time(NULL));
		channel_publish(&time_channel, text);
		(void)snprintf(text, sizeof(text), "%u", count);
		channel_publish(&count_channel, text);
	}
}
