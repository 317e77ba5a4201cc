/*
 * admit.c - the decision about a request.
 *
 * First what makes the request none at all, then whether the stream exists,
 * then the method: so that no stream at all means 404 for everybody.  A text
 * never repeats a word of the request.
 */
#include "stream/admit.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conf/since_text.h"
#include "stream/index.h"
#include "stream/viewer.h"

/*
 * What a page of another site needs to read the answer, whatever that is: an
 * EventSource that may not read it is closed for good.  stream may be NULL.
 */
static void
allow_origin(struct sse_response *response, const struct sse_request *request,
    const struct stream_conf *stream)
{
	struct sse_response allowed;

	if (stream == NULL)
		return;
	allowed = sse_response_to(request, stream->origin);
	response->origin = allowed.origin;
	response->vary_origin = allowed.vary_origin;
	/* Where there are credentials, the list is not "*": see conf.c. */
	response->credentials =
	    stream->credentials && allowed.origin.data != NULL;
	response->allow_headers = stream->allow_headers;
	/* What a cache keeps, it gives to those who want the same. */
	response->vary = stream->viewer ? "Accept" : NULL;
}

/* One whose pages the origin of the request may read, where there is one. */
static const struct stream_conf *
any_allowed(const struct sse_request *request, const struct conf *conf)
{
	const struct stream_conf *listed = NULL;

	for (size_t i = 0; conf != NULL && i < conf_streams(conf); i++) {
		const struct stream_conf *stream = conf_stream(conf, i);

		if (sse_response_to(request, stream->origin).origin.data !=
		    NULL)
			return stream;
		if (stream->origin[0] != '\0')
			listed = stream;
	}
	return listed;
}

/* An answer without a stream; HEAD has no body. */
static struct admission
refuse(const struct sse_request *request, const struct stream_conf *stream,
    int status, const char *text)
{
	struct admission admission = {.response = {.status = status}};

	assert(text[0] == '\0' || text[strlen(text) - 1] == '\n');
	allow_origin(&admission.response, request, stream);
	if (request->method != SSE_METHOD_HEAD)
		(void)snprintf(
		    admission.text, sizeof(admission.text), "%s", text);
	return admission;
}

static struct admission
not_found(const struct sse_request *request, const struct conf *conf)
{
	const struct stream_conf *allowed = any_allowed(request, conf);

	if (conf_streams(conf) == 0)
		return refuse(
		    request, allowed, 404, "No stream is configured.\n");
	if (request->naming == SSE_NAMING_NONE)
		return refuse(request, allowed, 404,
		    "There are several streams; name one of them.\n");
	return refuse(request, allowed, 404, "There is no such stream.\n");
}

/* The stream that is asked for: where none is named, the only one. */
static const struct stream_conf *
stream_of(const struct sse_request *request, const struct conf *conf)
{
	if (request->naming != SSE_NAMING_NONE)
		return conf_find(conf, sse_slice(request->stream));
	return conf_streams(conf) == 1 ? conf_stream(conf, 0) : NULL;
}

/* Without a name it is the only stream: any client may mean it. */
static bool
may_select(const struct sse_request *request, const struct stream_conf *stream)
{
	switch (request->naming) {
	case SSE_NAMING_SERVER:
		return true;
	case SSE_NAMING_PATH:
		return (stream->select & CONF_SELECT_PATH) != 0;
	case SSE_NAMING_QUERY:
		return (stream->select & CONF_SELECT_QUERY) != 0;
	case SSE_NAMING_NONE:
		break;
	}
	return stream->select != CONF_SELECT_SERVER;
}

static bool
only_reads(const struct sse_request *request)
{
	return request->method == SSE_METHOD_GET ||
	       request->method == SSE_METHOD_HEAD;
}

/* A browser's address bar does, and an EventSource does not. */
static bool
wants_page(const struct sse_request *request)
{
	return only_reads(request) &&
	       (request->accepts & SSE_ACCEPTS_HTML) != 0 &&
	       (request->accepts & SSE_ACCEPTS_EVENT_STREAM) == 0;
}

static void
give_page(const struct sse_request *request, struct admission *admission)
{
	admission->response.event_stream = false;
	admission->response.type = VIEWER_TYPE;
	admission->response.policy = viewer.policy;
	if (request->method == SSE_METHOD_GET)
		admission->page = viewer.page;
}

static struct admission
by_method(const struct sse_request *request, const struct stream_conf *stream)
{
	struct admission admission = {
	    .response = sse_response_to(request, stream->origin)};

	allow_origin(&admission.response, request, stream);
	if (stream->viewer && wants_page(request))
		give_page(request, &admission);
	else if (request->method == SSE_METHOD_GET)
		admission.stream = stream;
	if (admission.response.status == 405)
		(void)snprintf(admission.text, sizeof(admission.text),
		    "This stream can only be read: use GET.\n");
	return admission;
}

/* Who asks for an event stream has to name one, unless JSON will do. */
static bool
wants_list(const struct sse_request *request, const struct conf *conf)
{
	return request->naming == SSE_NAMING_NONE && only_reads(request) &&
	       index_has_streams(conf) &&
	       ((request->accepts & SSE_ACCEPTS_EVENT_STREAM) == 0 ||
		   (request->accepts & SSE_ACCEPTS_JSON) != 0);
}

static struct admission
give_list(const struct sse_request *request, const struct conf *conf)
{
	struct admission admission = {
	    .response = {.status = 200, .vary = "Accept"}};

	if (wants_page(request) && index_has_pages(conf)) {
		give_page(request, &admission);
		return admission;
	}
	admission.response.type = INDEX_TYPE;
	admission.wants_list = request->method == SSE_METHOD_GET;
	return admission;
}

/*
 * The time to begin at.  One that cannot be is told in the stream: a 400 would
 * end an EventSource for good (9.2.2).
 */
static void
read_since(const struct sse_request *request, const struct stream_conf *stream,
    int64_t now_ms, struct stream_start *start)
{
	if (request->since[0] == '\0')
		return;
	if (stream->time_format[0] == '\0' && !source_has_times(stream->source))
		start->fault = "since: this stream cannot begin at a time; it "
			       "has no time-format";
	else if (since_text_read(
		     sse_slice(request->since), now_ms, &start->since_ms) != 0)
		start->fault =
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
read_last(const struct sse_request *request, struct stream_start *start)
{
	if (request->last[0] == '\0' || request->since[0] != '\0')
		return;
	start->has_last = read_count(sse_slice(request->last), &start->last);
	if (!start->has_last)
		start->fault = "last is not a number of records like 100";
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
		return refuse(request, any_allowed(request, conf), 400,
		    "A query without \"=\" is not allowed here.\n");
	if (request->method == SSE_METHOD_NONE)
		return refuse(request, any_allowed(request, conf), 400,
		    "The request has no method.\n");
	stream = stream_of(request, conf);
	if (stream == NULL && wants_list(request, conf))
		return give_list(request, conf);
	if (stream == NULL)
		return not_found(request, conf);
	if (!may_select(request, stream)) {
		admission = not_found(request, conf);
		admission.barred = stream;
		return admission;
	}
	admission = by_method(request, stream);
	admission.start = (struct stream_start){.since_ms = STREAM_SINCE_NONE};
	if (request->last_event_id[0] != '\0')
		admission.start.last_event_id =
		    sse_slice(request->last_event_id);
	read_since(request, stream, now_ms, &admission.start);
	read_last(request, &admission.start);
	return admission;
}

struct sse_slice
admit_body(const struct admission *admission)
{
	return admission->page.data != NULL ? admission->page
					    : sse_slice(admission->text);
}

const char *
admit_barred_text(const struct sse_request *request)
{
	switch (request->naming) {
	case SSE_NAMING_PATH:
		return "select: a path named this stream, which may not be so"
		       " without \"select = path\"";
	case SSE_NAMING_QUERY:
		return "select: a query named this stream, which may not be so"
		       " without \"select = query\"";
	case SSE_NAMING_SERVER:
	case SSE_NAMING_NONE:
		break;
	}
	return "select: the web server has to name this stream, by SSE_STREAM";
}

struct admission
admit_error(const struct sse_request *request, const struct stream_conf *stream)
{
	return refuse(request, stream, 500,
	    "The stream cannot be served; the server's log says why.\n");
}

struct admission
admit_busy(const struct sse_request *request, const struct stream_conf *stream,
    uint64_t random)
{
	unsigned retry_ms =
	    ADMIT_BUSY_MS + (unsigned)(random % (ADMIT_BUSY_SPREAD_MS + 1));
	struct admission busy = {.response = {.status = 200,
				     .event_stream = true,
				     .retry_after_s = (retry_ms + 999) / 1000}};

	allow_origin(&busy.response, request, stream);
	(void)snprintf(busy.text, sizeof(busy.text),
	    "retry: %u\n"
	    ": there are too many clients; come back later\n\n",
	    retry_ms);
	return busy;
}

struct admission
admit_done(const struct admission *admission)
{
	struct admission done = {.response = admission->response};

	assert(admission->stream != NULL);
	done.response.status = 204;
	done.response.event_stream = false;
	return done;
}
