/*
 * response.c - the head of an answer.
 *
 * Values are checked here, and not trusted to have been checked: a CR, LF or
 * NUL in one of them would be a header or a body of somebody else's making.
 * The head is made twice, first to be checked and measured: so what cannot be
 * written whole is not written at all.
 */
#include "ssekit.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "origin.h"
#include "sized.h"

#define METHODS "GET, HEAD, OPTIONS"
#define PREFLIGHT_S 600 /* that a browser may keep the answer to one */

/* Where the head is written to. */
struct head {
	char *at; /* NULL: it is only measured */
	size_t size;
	int error;
};

static const char *
reason(int status)
{
	switch (status) {
	case 200:
		return "200 OK";
	case 204:
		return "204 No Content";
	case 400:
		return "400 Bad Request";
	case 404:
		return "404 Not Found";
	case 405:
		return "405 Method Not Allowed";
	case 500:
		return "500 Internal Server Error";
	case 503:
		return "503 Service Unavailable";
	}
	return NULL;
}

static bool
is_header_value(struct sse_slice value)
{
	for (size_t i = 0; value.data != NULL && i < value.size; i++)
		if (value.data[i] == '\r' || value.data[i] == '\n' ||
		    value.data[i] == '\0')
			return false;
	return true;
}

static void
add(struct head *head, struct sse_slice text)
{
	if (head->at != NULL && text.size > 0)
		memcpy(head->at + head->size, text.data, text.size);
	head->size += text.size;
}

/* An absent value adds no line. */
static void
add_line(struct head *head, const char *name, struct sse_slice value)
{
	if (value.data == NULL)
		return;
	if (!is_header_value(value))
		head->error = -EINVAL;
	add(head, sse_slice(name));
	add(head, sse_slice(": "));
	add(head, value);
	add(head, sse_slice("\r\n"));
}

static void
add_number(struct head *head, const char *name, unsigned value)
{
	char digits[3 * sizeof(value)];
	char *at = digits + sizeof(digits);

	if (value == 0)
		return;
	for (; value > 0; value /= 10)
		*--at = (char)('0' + value % 10);
	add_line(head, name,
	    (struct sse_slice){at, (size_t)(digits + sizeof(digits) - at)});
}

static void
add_content(struct head *head, const struct sse_response *response)
{
	bool stream = response->event_stream;
	const char *type = response->type;

	if (type == NULL)
		type = stream ? "text/event-stream; charset=utf-8"
			      : "text/plain; charset=utf-8";
	if (response->status != 204)
		add_line(head, "Content-Type", sse_slice(type));
	add_line(head, "Cache-Control",
	    sse_slice(
		stream ? "no-cache, no-store, no-transform" : "no-store"));
	if (stream) {
		add_line(head, "X-Accel-Buffering", sse_slice("no"));
		add_line(head, "Incremental", sse_slice("?1"));
	}
	add_line(head, "X-Content-Type-Options", sse_slice("nosniff"));
	add_line(head, "Content-Security-Policy", sse_slice(response->policy));
}

/* "*" would not do here: it is none where there are credentials. */
static void
add_allow_headers(struct head *head, const char *others)
{
	struct sse_slice name;

	if (others != NULL && !is_header_value(sse_slice(others)))
		head->error = -EINVAL;
	add(head, sse_slice("Access-Control-Allow-Headers: Last-Event-ID"));
	while (others != NULL && (name = sse_list_next(&others)).data != NULL) {
		add(head, sse_slice(", "));
		add(head, name);
	}
	add(head, sse_slice("\r\n"));
}

static void
add_cors(struct head *head, const struct sse_response *response)
{
	bool allowed = response->origin.data != NULL;
	bool preflight = response->status == 204 && response->allow != NULL;

	add_line(head, "Access-Control-Allow-Origin", response->origin);
	if (allowed && response->credentials)
		add_line(head, "Access-Control-Allow-Credentials",
		    sse_slice("true"));
	if (allowed && preflight) {
		add_allow_headers(head, response->allow_headers);
		add_number(head, "Access-Control-Max-Age", PREFLIGHT_S);
	}
	if (response->vary_origin)
		add_line(head, "Vary", sse_slice("Origin"));
	add_line(head, "Vary", sse_slice(response->vary));
}

static void
add_all(struct head *head, const struct sse_response *response)
{
	if (response->status != 200)
		add_line(head, "Status", sse_slice(reason(response->status)));
	add_content(head, response);
	add_line(head, "Allow", sse_slice(response->allow));
	add_number(head, "Retry-After", response->retry_after_s);
	add_cors(head, response);
	add(head, sse_slice("\r\n"));
}

_Static_assert(sizeof(struct sse_response) ==
		   offsetof(struct sse_response, policy) + sizeof(const char *),
    "a response has no padding at its end");

ssize_t
sse_response_head_sized(const struct sse_response *response,
    size_t response_size, char *buffer, size_t size)
{
	struct head measured = {NULL, 0, 0};
	struct head head = {buffer, 0, 0};
	struct sse_response own;
	const struct sse_response *known =
	    sse_sized_get(response, response_size, &own, sizeof(own));

	if (known == NULL)
		return sse_sized_error(response);
	if (buffer == NULL && size > 0)
		return -EINVAL;
	if (reason(known->status) == NULL)
		return -EINVAL;
	add_all(&measured, known);
	if (measured.error != 0)
		return measured.error;
	if (measured.size > size)
		return -ENOBUFS;
	add_all(&head, known);
	assert(head.size == measured.size);
	return (ssize_t)head.size;
}

/* What a page of another site needs to read the answer (Fetch, 3.2). */
static void
allow_origin(struct sse_response *response, const struct sse_request *request,
    const char *origins)
{
	if (origins == NULL || *origins == '\0')
		return;
	response->vary_origin = !sse_origin_list_any(origins);
	if (!response->vary_origin)
		response->origin = sse_slice("*");
	else if (sse_origin_list_has(origins, sse_slice(request->origin)))
		response->origin = sse_slice(request->origin);
}

static bool
asks_for_stream(const struct sse_request *request)
{
	switch (request->method) {
	case SSE_METHOD_GET:
	case SSE_METHOD_HEAD:
		return true;
	case SSE_METHOD_NONE:
		/* Started by hand, a program shows its stream. */
		return !request->from_server;
	case SSE_METHOD_OPTIONS:
	case SSE_METHOD_OTHER:
		break;
	}
	return false;
}

/* The origin of the answer points into the request. */
static struct sse_response
response_to(const struct sse_request *request, const char *origins)
{
	struct sse_response response = {.status = 405, .allow = METHODS};

	if (asks_for_stream(request))
		response =
		    (struct sse_response){.status = 200, .event_stream = true};
	else if (request->method == SSE_METHOD_OPTIONS)
		response.status = 204;
	allow_origin(&response, request, origins);
	return response;
}

void
sse_response_to_sized(const struct sse_request *request, size_t request_size,
    const char *origins, struct sse_response *ret_response,
    size_t response_size)
{
	struct sse_request own;
	const struct sse_request *read =
	    sse_sized_get(request, request_size, &own, sizeof(own));
	struct sse_response response = {.status = 0};

	/* A later release's request may say what this one cannot answer. */
	if (read != NULL)
		response = response_to(read, origins);
	if (read == &own && response.origin.data == own.origin)
		response.origin.data = request->origin;
	sse_sized_put(ret_response, response_size, &response, sizeof(response));
}
