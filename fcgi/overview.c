/*
 * overview.c - what is so now, of each stream and of the worker.
 */
#include "config.h"

#include "overview.h"

#include <assert.h>
#include <errno.h>

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

static struct status_stream
stream_status(const struct hub *hub)
{
	const struct fanout_sums sums = fanout_sums(&hub->fanout);
	struct status_stream stream = {
	    .name = hub->conf->name,
	    .source = source_of(hub),
	    .trouble = trouble_kind(feed_error(&hub->feed)),
	    .stats = hub->stats,
	    .subscribers = hub_clients(hub),
	    .readers = hub->readers,
	    .lag = sums.lag,
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
	int error =
	    page_new(&overview->pages, hubs->conf, hubs->count, form, ret_page);

	if (error != 0)
		return error;
	for (size_t i = 0; i < hubs->count; i++)
		*page_stream(*ret_page, i) = stream_status(hubs->list[i].hub);
	overview->gather(overview->context, page_worker(*ret_page));
	return 0;
}

static int
begin(const struct exchange *exchange, enum status_form form)
{
	const struct sse_response response = {
	    .status = 200, .type = status_type(form)};

	return exchange_begin(exchange, &response, NULL);
}

/* It is made later: see page.h. */
static int
serve_page(struct overview *overview, struct client *client,
    const struct exchange *exchange, enum status_form form)
{
	struct page *page = NULL;
	int error = make_page(overview, form, &page);

	if (error == 0)
		error = begin(exchange, form);
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

enum outcome
overview_serve(struct overview *overview, struct client *client,
    const struct exchange *exchange)
{
	enum status_form form =
	    status_form_of(exchange_param(exchange, "HTTP_ACCEPT"));
	bool wants_page = exchange->request->method == SSE_METHOD_GET;
	int error = wants_page ? serve_page(overview, client, exchange, form)
			       : begin(exchange, form);

	if (error == -EBUSY)
		return refuse(exchange);
	if (error != 0)
		return OUTCOME_FAILED;
	if (!wants_page)
		client_finish(client, CLIENT_DONE);
	return OUTCOME_SERVED;
}
