/*
 * admit.c - the decision about a request.
 *
 * First what makes the request none at all, then whether the stream exists,
 * then the method: so that no stream at all means 404 for everybody.  A text
 * never repeats a word of the request.
 */
#include "admit.h"

#include "since_text.h"

/* An answer without a stream; HEAD has no body. */
static struct admission
refuse(const struct sse_request *request, int status, const char *text)
{
	struct admission admission = {.response = {.status = status}};

	if (request->method != SSE_METHOD_HEAD)
		admission.text = text;
	return admission;
}

static struct admission
not_found(const struct sse_request *request, const struct conf *conf)
{
	if (conf_streams(conf) == 0)
		return refuse(request, 404, "No stream is configured.\n");
	if (request->stream.data == NULL)
		return refuse(request, 404,
		    "There are several streams; name one of them.\n");
	return refuse(request, 404, "There is no such stream.\n");
}

/* The stream that is asked for: where none is named, the only one. */
static const struct stream_conf *
stream_of(const struct sse_request *request, const struct conf *conf)
{
	if (request->stream.data != NULL)
		return conf_find(conf, request->stream);
	return conf_streams(conf) == 1 ? conf_stream(conf, 0) : NULL;
}

static struct admission
by_method(const struct sse_request *request, const struct stream_conf *stream)
{
	struct admission admission = {
	    .response = sse_response_to(request, stream->origin)};

	/* Where there are credentials, the list is not "*": see conf.c. */
	admission.response.credentials =
	    stream->credentials && admission.response.origin.data != NULL;
	if (request->method == SSE_METHOD_GET)
		admission.stream = stream;
	if (admission.response.status == 405)
		admission.text = "This stream can only be read: use GET.\n";
	return admission;
}

/*
 * The time to begin at.  One that cannot be is told in the stream: a 400 would
 * end an EventSource for good (9.2.2).
 */
static void
read_since(const struct sse_request *request, const struct stream_conf *stream,
    int64_t now_ms, struct stream_wish *wish)
{
	if (request->since.size == 0)
		return;
	if (stream->time_format[0] == '\0')
		wish->fault = "since: this stream cannot begin at a time; it "
			      "has no time-format";
	else if (since_text_read(request->since, now_ms, &wish->since_ms) != 0)
		wish->fault =
		    "since is not a time like 2026-11-20T10:00:00Z, "
		    "2026-11-20 10:00, 2026-11-20, 1795168800 or -30m";
}

/* A number beyond the range is the largest: there are not so many records. */
static bool
read_count(struct sse_slice digits, uint64_t *ret_count)
{
	uint64_t count = 0;

	if (digits.size > SSE_LAST_SIZE_MAX)
		return false;
	for (size_t i = 0; i < digits.size; i++) {
		unsigned digit = (unsigned char)digits.data[i] - (unsigned)'0';

		if (digit > 9)
			return false;
		count = count > (STREAM_LAST_MAX - digit) / 10
			    ? STREAM_LAST_MAX
			    : 10 * count + digit;
	}
	*ret_count = count;
	return true;
}

/* So many of the newest records; a time is the better answer. */
static void
read_last(const struct sse_request *request, struct stream_wish *wish)
{
	if (request->last.size == 0 || request->since.size > 0)
		return;
	wish->has_last = read_count(request->last, &wish->last);
	if (!wish->has_last)
		wish->fault = "last is not a number of records like 100";
}

struct admission
admit(
    const struct sse_request *request, const struct conf *conf, int64_t now_ms)
{
	const struct stream_conf *stream;
	struct admission admission;

	/*
	 * The server may have made the query into arguments, and changed it:
	 * so it is refused as such, whatever the arguments are.
	 */
	if (request->from_server && request->query_is_arguments)
		return refuse(request, 400,
		    "A query without \"=\" is not allowed here.\n");
	if (request->method == SSE_METHOD_NONE)
		return refuse(request, 400, "The request has no method.\n");
	stream = stream_of(request, conf);
	if (stream == NULL)
		return not_found(request, conf);
	admission = by_method(request, stream);
	admission.wish =
	    (struct stream_wish){.last_event_id = request->last_event_id,
		.since_ms = STREAM_SINCE_NONE};
	read_since(request, stream, now_ms, &admission.wish);
	read_last(request, &admission.wish);
	return admission;
}

struct admission
admit_error(const struct sse_request *request)
{
	return refuse(request, 500,
	    "The stream cannot be served; the server's log says why.\n");
}

struct admission
admit_busy(void)
{
	return (struct admission){
	    .response = {.status = 200,
		.event_stream = true,
		.retry_after_s = ADMIT_BUSY_S},
	    .text = "retry: 30000\n"
		    ": there are too many clients; come back later\n\n",
	};
}

struct admission
admit_done(const struct admission *admission)
{
	struct admission done = {.response = admission->response};

	done.response.status = 204;
	done.response.event_stream = false;
	return done;
}
