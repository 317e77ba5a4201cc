/*
 * request.c - CGI variables into what a client asks for.
 *
 * This is the one place that knows the names of the variables.  Nothing is
 * decided here, and nothing is trusted: values are cut to their limits and
 * handed on.
 */
#include "ssekit.h"

#include <string.h>

#include "query.h"

/* Where the variables come from. */
struct variables {
	sse_getenv_function *get;
	void *context;
};

/* The value, absent when it is empty (RFC 3875, 4.1). */
static struct sse_slice
variable(const struct variables *variables, const char *name)
{
	struct sse_slice value =
	    sse_slice(variables->get(variables->context, name));

	return value.size > 0 ? value : sse_slice(NULL);
}

static enum sse_method
method_of(struct sse_slice name)
{
	if (name.data == NULL)
		return SSE_METHOD_NONE;
	if (strcmp(name.data, "GET") == 0)
		return SSE_METHOD_GET;
	if (strcmp(name.data, "HEAD") == 0)
		return SSE_METHOD_HEAD;
	if (strcmp(name.data, "OPTIONS") == 0)
		return SSE_METHOD_OPTIONS;
	return SSE_METHOD_OTHER;
}

/* A number beyond the range is the largest: it is there to be limited. */
static uint64_t
content_size_of(struct sse_slice digits)
{
	uint64_t size = 0;

	for (size_t i = 0; i < digits.size; i++) {
		unsigned digit = (unsigned char)digits.data[i] - (unsigned)'0';

		if (digit > 9)
			return 0;
		if (size > (UINT64_MAX - digit) / 10)
			size = UINT64_MAX;
		else
			size = size * 10 + digit;
	}
	return size;
}

static struct sse_slice
cut(struct sse_slice text, size_t size_max)
{
	if (text.size > size_max)
		text.size = size_max;
	return text;
}

/* A field of the query, in the request's own storage; absent when empty. */
static struct sse_slice
query_field(
    struct sse_slice query, const char *name, char *storage, size_t size_max)
{
	ssize_t size = sse_query_find(query, name, storage, size_max);

	if (size <= 0)
		return sse_slice(NULL);
	return (struct sse_slice){storage, (size_t)size};
}

/*
 * All behind the first "/"; absent in "/" alone.  What is behind a name makes
 * it another one, since a web server may protect the path of a name alone.
 */
static struct sse_slice
name_of_path(struct sse_slice path)
{
	if (path.size == 0)
		return sse_slice(NULL);
	if (*path.data != '/')
		return sse_slice("");
	path = (struct sse_slice){path.data + 1, path.size - 1};
	return path.size > 0 ? path : sse_slice(NULL);
}

/* The first that names one decides alone, also where its name is none. */
static void
read_stream(struct sse_request *request, const struct variables *variables,
    struct sse_slice query)
{
	struct sse_slice name =
	    sse_slice(variables->get(variables->context, "SSE_STREAM"));

	request->naming = SSE_NAMING_SERVER;
	if (name.data == NULL) {
		request->naming = SSE_NAMING_PATH;
		name = name_of_path(variable(variables, "PATH_INFO"));
	}
	if (name.data == NULL) {
		request->naming = SSE_NAMING_QUERY;
		name = query_field(query, "stream", request->stream_storage,
		    SSE_NAME_SIZE_MAX + 1);
	}
	if (name.data == NULL)
		request->naming = SSE_NAMING_NONE;
	request->stream = cut(name, SSE_NAME_SIZE_MAX + 1);
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct sse_slice
trim(struct sse_slice text)
{
	while (text.size > 0 && is_blank(text.data[text.size - 1]))
		text.size--;
	while (text.size > 0 && is_blank(*text.data)) {
		text.data++;
		text.size--;
	}
	return text.size > 0 ? text : sse_slice(NULL);
}

static struct sse_slice
last_event_id_of(struct sse_request *request, const struct variables *variables,
    struct sse_slice query)
{
	struct sse_slice id = trim(variable(variables, "HTTP_LAST_EVENT_ID"));

	if (id.data == NULL)
		id = query_field(query, "lastEventId", request->id_storage,
		    SSE_ID_SIZE_MAX + 1);
	if (id.data == NULL)
		id = query_field(query, "last_event_id", request->id_storage,
		    SSE_ID_SIZE_MAX + 1);
	return id;
}

void
sse_request_read(
    struct sse_request *request, sse_getenv_function *get, void *context)
{
	const struct variables variables = {get, context};
	struct sse_slice method = variable(&variables, "REQUEST_METHOD");
	struct sse_slice query = variable(&variables, "QUERY_STRING");

	*request = (struct sse_request){
	    .method = method_of(method),
	    .from_server =
		method.data != NULL ||
		variable(&variables, "GATEWAY_INTERFACE").data != NULL,
	    .query_is_arguments =
		query.size > 0 && memchr(query.data, '=', query.size) == NULL,
	    .origin = variable(&variables, "HTTP_ORIGIN"),
	    .content_size =
		content_size_of(variable(&variables, "CONTENT_LENGTH")),
	};
	read_stream(request, &variables, query);
	request->last_event_id = last_event_id_of(request, &variables, query);
	request->since = query_field(
	    query, "since", request->since_storage, SSE_SINCE_SIZE_MAX + 1);
	request->last = query_field(
	    query, "last", request->last_storage, SSE_LAST_SIZE_MAX + 1);
}

static bool
is_letter_or_digit(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9');
}

bool
sse_name_valid(struct sse_slice name)
{
	if (name.size == 0 || name.size > SSE_NAME_SIZE_MAX ||
	    !is_letter_or_digit(*name.data))
		return false;
	for (size_t i = 1; i < name.size; i++)
		if (!is_letter_or_digit(name.data[i]) && name.data[i] != '.' &&
		    name.data[i] != '_' && name.data[i] != '-')
			return false;
	return true;
}
