/*
 * admit_fuzz.c - no request has a stream that it may not name so, and every
 * answer can be written, with a body that is as its head says.
 *
 *	input: strings "NAME=value", each ended by a NUL
 */
#include "config.h"

#include "fuzz.h"

#include "stream/admit.h"

#define NOW_MS INT64_C(1795168800000)
#define HEAD_SIZE_MAX 4096

static const char text[] = "[path]\nsource = /nowhere/a\n"
			   "[query]\nsource = /nowhere/b\nselect = query\n"
			   "[both]\nsource = /nowhere/c\nselect = path query\n"
			   "origin = https://a.example https://b.example\n"
			   "[server]\nsource = /nowhere/d\nselect = server\n"
			   "[page]\nsource = /nowhere/e\nviewer = yes\n"
			   "index = yes\norigin = *\n";

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

static const struct conf *
configured(void)
{
	static struct conf *conf;
	struct conf_error error;

	if (conf != NULL)
		return conf;
	conf = conf_new();
	REQUIRE(conf != NULL);
	REQUIRE(conf_add_text(
		    conf, "/etc/ssekit.conf", sse_slice(text), &error) == 0);
	REQUIRE(conf_finish(conf, &error) == 0);
	return conf;
}

static void
check_stream(
    const struct sse_request *request, const struct stream_conf *stream)
{
	REQUIRE(request->method == SSE_METHOD_GET ||
		request->method == SSE_METHOD_HEAD ||
		request->method == SSE_METHOD_OPTIONS);
	/* There are several: one has to be named. */
	REQUIRE(request->naming != SSE_NAMING_NONE);
	REQUIRE(strcmp(request->stream, stream->name) == 0);
	if (request->naming == SSE_NAMING_PATH)
		REQUIRE((stream->select & CONF_SELECT_PATH) != 0);
	if (request->naming == SSE_NAMING_QUERY)
		REQUIRE((stream->select & CONF_SELECT_QUERY) != 0);
}

static void
check_answer(
    const struct sse_request *request, const struct admission *admission)
{
	struct sse_slice body = admit_body(admission);
	char head[HEAD_SIZE_MAX];
	ssize_t size =
	    sse_response_head(&admission->response, head, sizeof(head));

	REQUIRE(size > 4);
	REQUIRE(memmem(head, (size_t)size, "\r\n\r\n", 4) == head + size - 4);
	REQUIRE(request->method != SSE_METHOD_HEAD || body.size == 0);
	REQUIRE(admission->response.status != 204 || body.size == 0);
	if (admission->text[0] != '\0')
		REQUIRE(admission->text[strlen(admission->text) - 1] == '\n');
	/* An answer to a site that is not allowed does not say that it is. */
	if (admission->response.origin.data != NULL &&
	    !sse_slice_equal(admission->response.origin, sse_slice("*")))
		REQUIRE(sse_slice_equal(
		    admission->response.origin, sse_slice(request->origin)));
}

void
admit_fuzz(struct sse_slice input)
{
	char *strings = malloc(input.size + 1);
	struct sse_slice all = {strings, input.size};
	struct sse_request request;
	struct admission admission;

	REQUIRE(strings != NULL);
	if (input.size > 0)
		memcpy(strings, input.data, input.size);
	strings[input.size] = '\0';
	sse_request_read(&request, get, &all);
	admission = admit(&request, configured(), NOW_MS);
	check_answer(&request, &admission);
	if (admission.stream != NULL)
		check_stream(&request, admission.stream);
	if (admission.barred != NULL)
		REQUIRE(admission.stream == NULL &&
			admission.response.status == 404);
	free(strings);
}
