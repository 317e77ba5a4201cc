/*
 * overview.c - what is so now, of each stream and of the worker.
 */
#include "config.h"

#include "overview.h"

#include <assert.h>
#include <errno.h>

#include "stream/index.h"

static enum status_source
source_of(const struct hub *hub)
{
	int error;

	if (feed_is_open(&hub->feed) && stream_ended(hub->feed.stream))
		return STATUS_ENDED;
	error = feed_error(&hub->feed);
	if (error == 0 && !feed_is_open(&hub->feed))
		return STATUS_CLOSED;
	if (stream_error_waits(error))
		return STATUS_WAITING;
	return error != 0 ? STATUS_FAILED : STATUS_OPEN;
}

/* The server that its source is on, if it is on one. */
static struct status_server
server_of(const struct hub *hub)
{
	const char *text = hub->conf->source;
	struct status_server server = {.endpoint = NULL};

	if (!source_kind(text)->is_remote)
		return server;
	server.endpoint = text;
	server.has_unread = feed_is_open(&hub->feed) &&
			    stream_unread(hub->feed.stream, &server.unread);
	return server;
}

static struct status_stream
stream_status(const struct hub *hub)
{
	const struct fanout_sums sums = fanout_sums(&hub->fanout);
	struct status_stream stream = {
	    .name = hub->conf->name,
	    .listed = index_lists(hub->conf),
	    .source = source_of(hub),
	    .trouble = trouble_kind(feed_error(&hub->feed)),
	    .stats = hub->stats,
	    .subscribers = hub_clients(hub),
	    .readers = hub->readers,
	    .lag = sums.lag,
	    .server = server_of(hub),
	};

	assert(stream.readers <= stream.subscribers);
	stream.stats.sent_frames += sums.frames;
	stream.stats.sent_bytes += sums.bytes;
	return stream;
}

/* As page_new(). */
static int
make_page(
    struct overview *overview, enum status_form form, struct page **ret_page)
{
	const struct hubs *hubs = overview->hubs;
	int error = page_new(&overview->pages, hubs->count, form, ret_page);

	if (error != 0)
		return error;
	for (size_t i = 0; i < hubs->count; i++) {
		const struct served *served = &hubs->list[i];

		*page_stream(*ret_page, i, served->conf) =
		    stream_status(served->hub);
	}
	overview->gather(overview->context, page_worker(*ret_page));
	return 0;
}

/* It is made later: see page.h. */
static int
serve_page(struct overview *overview, struct client *client,
    const struct exchange *exchange, const struct sse_response *response,
    enum status_form form)
{
	struct page *page = NULL;
	int error = make_page(overview, form, &page);

	if (error == 0)
		error = exchange_begin(exchange, response, NULL);
	if (error == 0)
		error = page_serve(page, client);
	if (error != 0)
		page_free(page);
	return error;
}

/* Too many are written at the same time. */
static enum outcome
refuse(const struct exchange *exchange)
{
	const struct sse_response response = {.status = 503,
	    .type = "text/plain; charset=utf-8",
	    .retry_after_s = PAGES_RETRY_S};

	return exchange_reply(exchange, &response,
	    sse_slice("This page is written for others; come back later.\n"));
}

static enum outcome
outcome_of(const struct exchange *exchange, int error)
{
	if (error == -EBUSY)
		return refuse(exchange);
	return error != 0 ? OUTCOME_FAILED : OUTCOME_SERVED;
}

enum outcome
overview_serve(struct overview *overview, struct client *client,
    const struct exchange *exchange)
{
	enum status_form form =
	    status_form_of(exchange_param(exchange, "HTTP_ACCEPT"));
	const struct sse_response response = {
	    .status = 200, .type = status_type(form)};
	bool wants_page = exchange->request->method == SSE_METHOD_GET;
	int error =
	    wants_page ? serve_page(overview, client, exchange, &response, form)
		       : exchange_begin(exchange, &response, NULL);

	if (error == 0 && !wants_page)
		client_finish(client, CLIENT_DONE);
	return outcome_of(exchange, error);
}

enum outcome
overview_list(struct overview *overview, struct client *client,
    const struct exchange *exchange, const struct sse_response *response)
{
	return outcome_of(exchange,
	    serve_page(overview, client, exchange, response, STATUS_INDEX));
}
