/*
 * grow.c - a program that does not know which release it is compiled for.  Its
 * structs are memory that ends where they end, and behind it are bytes that
 * nobody may read as members or write.  With ADDED, events, requests and
 * responses have a member that the library does not know.
 */
#include <errno.h>
#include <ssekit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FENCE_SIZE 64 /* bytes */
#define FENCE 0x55

static int failed;

#define CHECK(what) check((what) != 0, #what, __LINE__)

static void
check(int holds, const char *what, int line)
{
	if (!holds) {
		printf("line %d: %s\n", line, what);
		failed = 1;
	}
}

static void *
fenced(size_t size)
{
	char *bytes = malloc(size + FENCE_SIZE);

	if (bytes == NULL)
		exit(99);
	memset(bytes, 0, size);
	memset(bytes + size, FENCE, FENCE_SIZE);
	return bytes;
}

static int
is_whole(const void *bytes, size_t size)
{
	for (size_t i = 0; i < FENCE_SIZE; i++)
		if (((const char *)bytes)[size + i] != FENCE)
			return 0;
	return 1;
}

static const char *
get(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "REQUEST_METHOD") == 0)
		return "GET";
	if (strcmp(name, "HTTP_ORIGIN") == 0)
		return "https://a.example";
	return strcmp(name, "HTTP_LAST_EVENT_ID") == 0 ? "7" : NULL;
}

static ssize_t
feed(void *context, const void *bytes, size_t size)
{
	sse_decoder_feed(context, bytes, size);
	return (ssize_t)size;
}

static void
check_events(struct sse_writer *writer, struct sse_decoder *decoder)
{
	struct sse_event *event = fenced(sizeof(*event));
	struct sse_event *got = fenced(sizeof(*got));
	char frame[64];

	event->id = sse_slice("1");
	event->data = sse_slice("text");
	CHECK(sse_event_check(event) == 0);
	CHECK(sse_encode_size(event) == 18);
	CHECK(sse_encode(event, frame, sizeof(frame)) == 18);
	CHECK(memcmp(frame, "id: 1\ndata: text\n\n", 18) == 0);
	CHECK(sse_decoder_restart(decoder, sse_slice("")) == 0);
	CHECK(sse_writer_add(writer, event) == 0);
	CHECK(sse_writer_flush(writer) == 0);
	CHECK(sse_decoder_next(decoder, got) == 1);
	CHECK(sse_slice_equal(got->id, event->id));
	CHECK(sse_slice_equal(got->data, event->data));
	CHECK(sse_decoder_next(decoder, got) == 0);
	CHECK(sse_writer_publish(writer, event) == 0);
	CHECK(sse_decoder_next(decoder, got) == 1);
#ifdef ADDED
	CHECK(got->added == 0);
	event->added = 1;
	CHECK(sse_event_check(event) == -E2BIG);
	CHECK(sse_encode(event, frame, sizeof(frame)) == -E2BIG);
	CHECK(sse_writer_add(writer, event) == -E2BIG);
	CHECK(sse_writer_publish(writer, event) == -E2BIG);
	CHECK(sse_writer_pending(writer) == 0);
#endif
	CHECK(is_whole(event, sizeof(*event)));
	CHECK(is_whole(got, sizeof(*got)));
	free(event);
	free(got);
}

static void
check_response(const struct sse_request *request)
{
	struct sse_writer *writer = sse_writer_new(sse_write_stdio, stdout, 0);
	struct sse_response *response = fenced(sizeof(*response));
	char head[SSE_HEAD_SIZE_MAX];

	*response = sse_response_to(request, "https://a.example");
	CHECK(is_whole(response, sizeof(*response)));
	CHECK(response->status == 200 && response->event_stream);
	CHECK(response->origin.data == request->origin);
	CHECK(sse_response_head(response, head, sizeof(head)) > 0);
	CHECK(sse_writer_head(writer, response) == 0);
	CHECK(sse_writer_head(writer, response) == -EPROTO);
	sse_writer_free(writer);
#ifdef ADDED
	CHECK(response->added == 0);
	response->added = 1;
	CHECK(sse_response_head(response, head, sizeof(head)) == -E2BIG);
	writer = sse_writer_new(sse_write_stdio, stdout, 0);
	CHECK(sse_writer_head(writer, response) == -E2BIG);
	sse_writer_free(writer);
#endif
	free(response);
}

int
main(void)
{
	struct sse_request *request = fenced(sizeof(*request));
	struct sse_decoder *decoder = sse_decoder_new(0);
	struct sse_writer *writer = sse_writer_new(feed, decoder, 0);

	memset(request, 'x', sizeof(*request));
	sse_request_read(request, get, NULL);
	CHECK(is_whole(request, sizeof(*request)));
	CHECK(request->method == SSE_METHOD_GET);
	CHECK(strcmp(request->last_event_id, "7") == 0);
	CHECK(strcmp(request->origin, "https://a.example") == 0);
	check_response(request);
#ifdef ADDED
	CHECK(request->added == 0);
	request->added = 1;
	CHECK(sse_writer_answer(writer, request, NULL, 0) == -E2BIG);
	CHECK(sse_response_to(request, NULL).status == 0);
	CHECK(sse_writer_refuse(writer, request, NULL) == -E2BIG);
	request->added = 0;
#endif
	CHECK(sse_writer_answer(writer, request, NULL, 0) == 1);
	check_events(writer, decoder);
	sse_writer_free(writer);
	sse_decoder_free(decoder);
	free(request);
	return failed;
}
