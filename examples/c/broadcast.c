/*
 * broadcast.c - streams that all clients share: ?stream=time begins with what
 * comes next, ?stream=count with the last ten events before.  FastCGI with
 * libfcgi, a thread for each client: good for hundreds of them.
 *	cc -pthread -o broadcast broadcast.c -lfcgi -lssekit
 *	spawn-fcgi -s broadcast.sock -- ./broadcast
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"
#include "fcgx.h"
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
serve(FCGX_Request *fcgi)
{
	struct sse_writer *writer = sse_writer_new(write_fcgx, fcgi->out, 0);
	struct sse_request request;
	bool is_time, is_count;

	sse_request_read(&request, getenv_fcgx, fcgi->envp);
	is_time = strcmp(request.stream, "time") == 0;
	is_count = strcmp(request.stream, "count") == 0;
	if (!is_time && !is_count)
		FCGX_PutS("Status: 404 Not Found\r\n\r\n", fcgi->out);
	else if (sse_writer_answer(writer, &request, NULL, 2000) == 1)
		follow(writer, is_time ? &time_channel : &count_channel);
	sse_writer_free(writer);
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
