/*
 * request_fuzz.c - any variables are read without harm and within limits, and
 * what they hold cannot get into a response's head.
 *
 *	input: strings "NAME=value", each ended by a NUL
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

static const char *
get(void *context, const char *name)
{
	const struct sse_slice *all = context;
	const char *at = all->data, *end = all->data + all->size;
	size_t size = strlen(name);

	for (; at < end; at += strlen(at) + 1)
		if (strncmp(at, name, size) == 0 && at[size] == '=')
			return at + size + 1;
	return NULL;
}

static void
check_head(struct sse_slice origin)
{
	struct sse_response response = {
	    .status = 200, .event_stream = true, .origin = origin};
	char head[SSE_HEAD_SIZE_MAX];
	ssize_t size = sse_response_head(&response, head, sizeof(head));
	size_t ends = 0;

	if (size < 0) {
		REQUIRE(size == -EINVAL || size == -ENOBUFS);
		return;
	}
	for (ssize_t i = 0; i < size; i++)
		ends += head[i] == '\n';
	REQUIRE(ends == (origin.data != NULL ? 7 : 6));
}

static void
check_request(const struct sse_request *request)
{
	const char *stream = request->stream;

	REQUIRE(strlen(stream) <= SSE_NAME_SIZE_MAX + 1);
	/* Nobody, or a server or a path that names none. */
	REQUIRE(request->naming != SSE_NAMING_NONE || *stream == '\0');
	REQUIRE(request->naming != SSE_NAMING_QUERY || *stream != '\0');
	REQUIRE(strlen(request->last_event_id) <= SSE_ID_SIZE_MAX + 1);
	REQUIRE(strlen(request->since) <= SSE_SINCE_SIZE_MAX + 1);
	REQUIRE(strlen(request->last) <= SSE_LAST_SIZE_MAX + 1);
	REQUIRE(strlen(request->origin) <= SSE_ORIGIN_SIZE_MAX + 1);
	REQUIRE(request->method == SSE_METHOD_NONE || request->from_server);
	if (sse_name_valid(sse_slice(stream)))
		REQUIRE(strlen(stream) <= SSE_NAME_SIZE_MAX &&
			strchr(stream, '/') == NULL && *stream != '.');
	check_head(sse_slice(request->origin));
}

void
request_fuzz(struct sse_slice input)
{
	char *strings = malloc(input.size + 1);
	struct sse_slice all = {strings, input.size};
	struct sse_request request;

	REQUIRE(strings != NULL);
	if (input.size > 0)
		memcpy(strings, input.data, input.size);
	strings[input.size] = '\0';
	sse_request_read(&request, get, &all);
	check_request(&request);
	free(strings);
}
