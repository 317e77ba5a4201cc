/*
 * request.c - CGI variables into what a client asks for.
 *
 * This is the one place that knows the names of the variables.  Nothing is
 * decided here, and nothing is trusted: values are cut to their limits, and
 * kept in the request.
 */
#include "ssekit.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "query.h"
#include "sized.h"

#define IN_PLACE_OF_NUL '\xff' /* in no valid UTF-8 */

/* Where the variables come from. */
struct variables {
	sse_getenv_function *get;
	void *context;
};

/* The value; absent when it is not set. */
static struct sse_slice
set_variable(const struct variables *variables, const char *name)
{
	if (variables->get == NULL)
		return sse_slice(NULL);
	return sse_slice(variables->get(variables->context, name));
}

/* The value, absent when it is empty, too (RFC 3875, 4.1). */
static struct sse_slice
variable(const struct variables *variables, const char *name)
{
	struct sse_slice value = set_variable(variables, name);

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

/* The bytes of a field of the request are a C string. */
static void
end_string(char *field, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (field[i] == '\0')
			field[i] = IN_PLACE_OF_NUL;
	field[size] = '\0';
}

/* field_size includes the NUL; what is longer is cut. */
static void
keep(char *field, size_t field_size, struct sse_slice text)
{
	assert(field_size > 0);
	if (text.size > field_size - 1)
		text.size = field_size - 1;
	if (text.size > 0)
		memcpy(field, text.data, text.size);
	end_string(field, text.size);
}

/* A field of the query; whether it is there, and not empty. */
static bool
keep_query_field(
    char *field, size_t field_size, struct sse_slice query, const char *name)
{
	ssize_t size = sse_query_find(query, name, field, field_size - 1);

	end_string(field, size > 0 ? (size_t)size : 0);
	return size > 0;
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
	struct sse_slice name = set_variable(variables, "SSE_STREAM");

	request->naming = SSE_NAMING_SERVER;
	if (name.data == NULL) {
		request->naming = SSE_NAMING_PATH;
		name = name_of_path(variable(variables, "PATH_INFO"));
	}
	if (name.data != NULL)
		keep(request->stream, sizeof(request->stream), name);
	else if (keep_query_field(
		     request->stream, sizeof(request->stream), query, "stream"))
		request->naming = SSE_NAMING_QUERY;
	else
		request->naming = SSE_NAMING_NONE;
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

static void
read_last_event_id(struct sse_request *request,
    const struct variables *variables, struct sse_slice query)
{
	struct sse_slice id = trim(variable(variables, "HTTP_LAST_EVENT_ID"));
	size_t size = sizeof(request->last_event_id);

	if (id.data != NULL)
		keep(request->last_event_id, size, id);
	else if (!keep_query_field(
		     request->last_event_id, size, query, "lastEventId"))
		(void)keep_query_field(
		    request->last_event_id, size, query, "last_event_id");
}

/* What stands before the next end, which *rest is behind. */
static struct sse_slice
cut_at(struct sse_slice *rest, char end)
{
	const char *at = memchr(rest->data, end, rest->size);
	size_t size = at == NULL ? rest->size : (size_t)(at - rest->data);
	struct sse_slice part = {rest->data, size};

	size += at != NULL;
	*rest = (struct sse_slice){rest->data + size, rest->size - size};
	return part;
}

static bool
is_media_type(struct sse_slice type, const char *name)
{
	size_t size = strlen(name);

	return type.size == size && strncasecmp(type.data, name, size) == 0;
}

/* Whether the parameters have q=0, with any zeros: not that (RFC 9110). */
static bool
is_refused(struct sse_slice parameters)
{
	struct sse_slice one, rest = parameters;

	while (rest.size > 0) {
		one = trim(cut_at(&rest, ';'));
		if (one.size < 3 || strncasecmp(one.data, "q=0", 3) != 0)
			continue;
		for (size_t i = 3; i < one.size; i++)
			if (one.data[i] != '.' && one.data[i] != '0')
				return false;
		return true;
	}
	return false;
}

/* One of a list; what stands behind ";" is how much it is liked. */
static uint64_t
accepts_of(struct sse_slice item)
{
	struct sse_slice type = trim(cut_at(&item, ';'));

	if (type.data == NULL || is_refused(item))
		return 0;
	if (is_media_type(type, "text/html"))
		return SSE_ACCEPTS_HTML;
	if (is_media_type(type, "text/event-stream"))
		return SSE_ACCEPTS_EVENT_STREAM;
	return is_media_type(type, "application/json") ? SSE_ACCEPTS_JSON : 0;
}

static uint64_t
read_accepts(struct sse_slice list)
{
	uint64_t accepts = 0;

	while (list.size > 0)
		accepts |= accepts_of(cut_at(&list, ','));
	return accepts;
}

static void
read_all(struct sse_request *request, const struct variables *variables)
{
	struct sse_slice method = variable(variables, "REQUEST_METHOD");
	struct sse_slice query;

	*request = (struct sse_request){.method = method_of(method)};
	request->from_server =
	    method.data != NULL ||
	    variable(variables, "GATEWAY_INTERFACE").data != NULL;
	request->content_size =
	    content_size_of(variable(variables, "CONTENT_LENGTH"));
	request->accepts = read_accepts(variable(variables, "HTTP_ACCEPT"));
	keep(request->origin, sizeof(request->origin),
	    variable(variables, "HTTP_ORIGIN"));
	query = variable(variables, "QUERY_STRING");
	request->query_is_arguments =
	    query.size > 0 && memchr(query.data, '=', query.size) == NULL;
	read_stream(request, variables, query);
	read_last_event_id(request, variables, query);
	(void)keep_query_field(
	    request->since, sizeof(request->since), query, "since");
	(void)keep_query_field(
	    request->last, sizeof(request->last), query, "last");
}

_Static_assert(sizeof(struct sse_request) ==
		   offsetof(struct sse_request, accepts) + sizeof(uint64_t),
    "a request has no padding at its end");

void
sse_request_read_sized(struct sse_request *request, size_t request_size,
    sse_getenv_function *get, void *context)
{
	const struct variables variables = {get, context};
	struct sse_request own;

	read_all(&own, &variables);
	sse_sized_put(request, request_size, &own, sizeof(own));
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
	if (name.data == NULL || name.size == 0 ||
	    name.size > SSE_NAME_SIZE_MAX || !is_letter_or_digit(*name.data))
		return false;
	for (size_t i = 1; i < name.size; i++)
		if (!is_letter_or_digit(name.data[i]) && name.data[i] != '.' &&
		    name.data[i] != '_' && name.data[i] != '-')
			return false;
	return true;
}
