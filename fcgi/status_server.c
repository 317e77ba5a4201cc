/*
 * status_server.c - what a status page tells of the server of a source.
 */
#include "config.h"

#include "status_server.h"

#include <inttypes.h>

#include "base/escape.h"
#include "base/print.h"

enum family {
	ENDPOINT,
	UNREAD
};

/*
 * The text in quotes.  It is ASCII then, of which JSON and OpenMetrics escape
 * the same.
 */
static int
print_quoted(const char *text, struct sse_buf *out)
{
	char plain[STATUS_ENDPOINT_SIZE_MAX];
	int error = sse_buf_add(out, "\"", 1);

	(void)escape_text(sse_slice(text), plain, sizeof(plain));
	for (const char *at = plain; *at != '\0' && error == 0; at++) {
		if (*at == '"' || *at == '\\')
			error = sse_buf_add(out, "\\", 1);
		if (error == 0)
			error = sse_buf_add(out, at, 1);
	}
	return error == 0 ? sse_buf_add(out, "\"", 1) : error;
}

int
status_server_print_json(
    const struct status_server *server, struct sse_buf *out)
{
	int error;

	if (server->endpoint == NULL)
		return 0;
	error = print_text(out, ", \"endpoint\": ");
	if (error == 0)
		error = print_quoted(server->endpoint, out);
	if (error == 0 && server->has_unread)
		error = print_text(
		    out, ", \"unread_entries\": %" PRIu64, server->unread);
	return error;
}

int
status_server_print_head(size_t family, struct sse_buf *out)
{
	if (family == ENDPOINT)
		return print_text(out,
		    "# TYPE sse_stream_endpoint info\n"
		    "# HELP sse_stream_endpoint Where the server of the"
		    " source is.\n");
	return print_text(out,
	    "# TYPE sse_stream_unread_entries gauge\n"
	    "# HELP sse_stream_unread_entries What the server has that was"
	    " not read yet.\n");
}

static int
print_endpoint(
    const char *stream, const struct status_server *server, struct sse_buf *out)
{
	int error = print_text(
	    out, "sse_stream_endpoint_info{stream=\"%s\",endpoint=", stream);

	if (error == 0)
		error = print_quoted(server->endpoint, out);
	return error == 0 ? print_text(out, "} 1\n") : error;
}

int
status_server_print_sample(size_t family, const char *stream,
    const struct status_server *server, struct sse_buf *out)
{
	if (server->endpoint == NULL)
		return 0;
	if (family == ENDPOINT)
		return print_endpoint(stream, server, out);
	if (!server->has_unread)
		return 0;
	return print_text(out,
	    "sse_stream_unread_entries{stream=\"%s\"} %" PRIu64 "\n", stream,
	    server->unread);
}
