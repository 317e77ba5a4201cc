/*
 * dispatch.c - what becomes of a request.
 *
 * It goes to libfcgi to be decoded, then to admit() for a decision.  What is
 * no stream is answered at once.  A stream's client gets its head and first
 * event from here, and then belongs to the hub or to a reader.
 */
#include "config.h"

#include "dispatch.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stream/admit.h"
#include "source/gap.h"

#define HEAD_SIZE_MAX 2048  /* bytes of the head of an answer */
#define TEXT_SIZE_MAX 16384 /* bytes of an answer that is not a page */

/* A request that is being decided on. */
struct arrival {
	struct dispatch *dispatch;
	struct client *client;
	const struct sse_request *request;
	struct admission admission;
	struct hub *hub; /* of the stream, once it is found */
	bool is_pending; /* it is not decided on yet */
};

static int64_t
now_ms(const struct arrival *arrival)
{
	return sse_clock_monotonic_ms(arrival->client->all->clock);
}

/* ------------------------------------------------------------- answers -- */

static int
add_head(struct sse_buf *text, const struct sse_response *response)
{
	ssize_t size;
	int error = sse_buf_reserve(text, HEAD_SIZE_MAX);

	if (error != 0)
		return error;
	size =
	    sse_response_head(response, text->data + text->size, HEAD_SIZE_MAX);
	if (size < 0)
		return (int)size;
	text->size += (size_t)size;
	return 0;
}

static int
add_frame(struct sse_buf *text, const struct sse_event *event)
{
	size_t room = sse_encode_size(event);
	int error = sse_buf_reserve(text, room);
	ssize_t size;

	if (error != 0)
		return error;
	size = sse_encode(event, text->data + text->size, room);
	if (size < 0)
		return (int)size;
	text->size += (size_t)size;
	return 0;
}

/* A whole answer, and the end of the request. */
static void
reply(const struct arrival *arrival, const struct sse_response *response,
    struct sse_slice body)
{
	struct client *client = arrival->client;
	struct sse_buf text;
	int error;

	sse_buf_init(&text, TEXT_SIZE_MAX);
	error = add_head(&text, response);
	if (error == 0)
		error = sse_buf_add(&text, body.data, body.size);
	if (error == 0)
		error = libfcgi_reply(arrival->dispatch->libfcgi,
		    sse_buf_slice(&text), &client->out.waiting);
	sse_buf_done(&text);
	if (error != 0)
		client_close(client, CLIENT_LEFT);
	else
		client_reply(client);
}

static void
reply_admission(
    const struct arrival *arrival, const struct admission *admission)
{
	reply(arrival, &admission->response, sse_slice(admission->text));
}

_Static_assert(ADMIT_TEXT_SIZE_MAX >= LOG_REFUSAL_SIZE_MAX,
    "log_refusal() writes into an admission");

static void
refuse(const struct arrival *arrival, int error)
{
	const struct stream_conf *conf = arrival->hub->conf;
	bool is_busy = error == RESULT_BUSY || reader_error_passes(error);
	struct admission refused = is_busy
				       ? admit_busy(arrival->request, conf,
					     arrival->hub->options->random())
				       : admit_error(arrival->request, conf);

	assert(error < 0);
	arrival->hub->stats.refused += is_busy;
	if (!is_busy) {
		feed_tell_trouble(&arrival->hub->feed, error);
		if (refused.text[0] != '\0')
			log_refusal(arrival->dispatch->log, refused.text);
	}
	reply_admission(arrival, &refused);
}

/* The head and the first event, in one record. */
static int
begin_stream(const struct arrival *arrival, const struct sse_event *first)
{
	struct sse_buf text;
	int error;

	sse_buf_init(&text, TEXT_SIZE_MAX);
	error = add_head(&text, &arrival->admission.response);
	if (error == 0)
		error = add_frame(&text, first);
	if (error == 0)
		error = libfcgi_stream(arrival->dispatch->libfcgi,
		    sse_buf_slice(&text), &arrival->client->out.waiting);
	sse_buf_done(&text);
	return error;
}

/* ------------------------------------------------------------- streams -- */

/* max-age, a tenth more or less, so that clients do not come back together. */
static int64_t
end_of_age(const struct hub *hub, int64_t now)
{
	int64_t age_ms = hub->conf->max_age_ms, spread_ms = age_ms / 5;

	if (age_ms == 0)
		return INT64_MAX;
	return now + age_ms - spread_ms / 2 +
	       (int64_t)(hub->options->random() % (uint64_t)(spread_ms + 1));
}

static void
begin_session(const struct arrival *arrival, enum session_start start)
{
	const struct dispatch *dispatch = arrival->dispatch;
	struct session *session = &arrival->client->session;

	if (arrival->request->last_event_id[0] == '\0' &&
	    !stream_start_is_time(&arrival->admission.start))
		start = SESSION_NEW;
	session->stats = &arrival->hub->stats;
	session->visitors = &arrival->hub->visitors;
	session->stream = arrival->hub->conf->name;
	session->log = dispatch->quiet ? NULL : dispatch->log;
	session_begin(session, libfcgi_param(dispatch->libfcgi, "REMOTE_ADDR"),
	    libfcgi_param(dispatch->libfcgi, "REMOTE_USER"), start,
	    now_ms(arrival));
}

static int
add_gap(const struct arrival *arrival, const struct place *place)
{
	struct hub *hub = arrival->hub;
	struct client *client = arrival->client;
	char data[GAP_TEXT_SIZE_MAX];
	struct sse_event event = {.type = sse_slice("gap")};
	struct sse_buf text;
	int error;

	if (place->gap == GAP_NONE)
		return 0;
	hub->stats.gaps[place->gap]++;
	event.data = gap_data(data, place->gap, place->skipped,
	    stream_source(hub->feed.stream)->unit);
	event.comment = sse_slice(place->comment);
	if (hub->conf->ids == CONF_IDS_POSITION)
		event.id = backlog_id_before(hub->feed.backlog, place->offset);
	sse_buf_init(&text, TEXT_SIZE_MAX);
	error = add_frame(&text, &event);
	if (error == 0)
		error = wire_stdout(&client->out.waiting,
		    client->intake.request_id, sse_buf_slice(&text));
	sse_buf_done(&text);
	return error;
}

/* From a place in the backlog on. */
static void
serve_backlog(const struct arrival *arrival, const struct place *place)
{
	struct sse_event first;
	int error;

	begin_session(arrival, SESSION_BACKLOG);
	feed_first(&arrival->hub->feed, place, arrival->hub->options->random(),
	    &first);
	error = begin_stream(arrival, &first);
	if (error == 0)
		error = add_gap(arrival, place);
	if (error == 0)
		error = hub_join(arrival->hub, arrival->client, place->offset);
	if (error != 0)
		client_close(arrival->client, CLIENT_LEFT);
}

/* From the file, by a reader. */
static int
serve_private(const struct arrival *arrival)
{
	struct admission done = admit_done(&arrival->admission);
	struct reader *reader;
	struct sse_event first;
	int error = reader_new(arrival->dispatch->readers, arrival->hub,
	    &arrival->admission.start, &reader);

	if (error != 0)
		return error;
	if (reader_is_done(reader)) {
		reader_free(reader);
		reply_admission(arrival, &done);
		return 0;
	}
	begin_session(arrival, SESSION_FILE);
	reader_first(reader, &first);
	error = begin_stream(arrival, &first);
	if (error == 0)
		reader_serve(reader, arrival->client);
	else {
		reader_free(reader);
		client_close(arrival->client, CLIENT_LEFT);
	}
	return 0;
}

static bool
is_full(const struct arrival *arrival)
{
	const struct dispatch *dispatch = arrival->dispatch;
	const struct hub *hub = arrival->hub;

	return hubs_clients(dispatch->hubs) >= dispatch->clients_max ||
	       (hub->conf->clients_max > 0 &&
		   hub_clients(hub) >= hub->conf->clients_max);
}

/* Whether the client has told that it saw the end of a stream that ends. */
static bool
has_seen_end(const struct arrival *arrival)
{
	return stream_can_end(arrival->hub->feed.stream) &&
	       strcmp(arrival->request->last_event_id, STREAM_END_ID) == 0;
}

/* The newest records are counted, and not all old ones are in the backlog. */
static bool
counts_too_early(const struct arrival *arrival)
{
	return arrival->admission.start.has_last &&
	       arrival->request->last_event_id[0] == '\0' &&
	       !stream_has_given_all(arrival->hub->feed.stream);
}

static struct place
find_place(const struct arrival *arrival)
{
	const struct hub *hub = arrival->hub;
	const struct source_ops *source = stream_source(hub->feed.stream);

	if (source->is_durable &&
	    (!hub->conf->follow || counts_too_early(arrival)))
		return (struct place){.kind = PLACE_PRIVATE};
	return place_of(
	    hub->conf, hub->feed.backlog, source, &arrival->admission.start);
}

/* The hub is open, or it waits and the client may, too; else why not. */
static int
open_hub(const struct arrival *arrival)
{
	struct hub *hub = arrival->hub;
	int error = is_full(arrival) ? RESULT_BUSY : hub_open(hub);

	if (error != 0)
		return error;
	error = feed_waits(&hub->feed);
	return stream_may_wait(hub->conf, &arrival->admission.start, error)
		   ? 0
		   : error;
}

static void
serve_stream(struct arrival *arrival)
{
	struct hub *hub = arrival->hub;
	struct admission done = admit_done(&arrival->admission);
	struct place place;
	int error = open_hub(arrival);

	if (error == RESULT_PARTIAL) {
		error =
		    pending_add(arrival->dispatch->pending, arrival->client);
		arrival->is_pending = error == 0;
		if (error == 0)
			return;
	}
	if (error != 0) {
		refuse(arrival, error);
		return;
	}
	if (has_seen_end(arrival)) {
		reply_admission(arrival, &done);
		return;
	}
	arrival->client->end_ms = end_of_age(hub, now_ms(arrival));
	place = find_place(arrival);
	if (place.kind == PLACE_BACKLOG)
		serve_backlog(arrival, &place);
	else
		error = serve_private(arrival);
	if (error != 0)
		refuse(arrival, error);
}

/* -------------------------------------------------------------- status -- */

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

	stream.stats.sent_frames += sums.frames;
	stream.stats.sent_bytes += sums.bytes;
	return stream;
}

/* What is so now, of each stream and of the worker: as page_new(). */
static int
make_page(const struct arrival *arrival, enum status_form form,
    struct page **ret_page)
{
	struct dispatch *dispatch = arrival->dispatch;
	const struct hubs *hubs = dispatch->hubs;
	int error =
	    page_new(&dispatch->pages, hubs->conf, hubs->count, form, ret_page);

	if (error != 0)
		return error;
	for (size_t i = 0; i < hubs->count; i++)
		*page_stream(*ret_page, i) = stream_status(hubs->list[i].hub);
	dispatch->gather(dispatch->context, page_worker(*ret_page));
	return 0;
}

/* Whether the web server asks for the page; a client cannot. */
static bool
wants_status(const struct arrival *arrival)
{
	const char *name = arrival->dispatch->status;

	return name != NULL && arrival->request->naming == SSE_NAMING_SERVER &&
	       strcmp(arrival->request->stream, name) == 0;
}

static int
send_page_head(const struct arrival *arrival, enum status_form form)
{
	const struct sse_response response = {
	    .status = 200, .type = status_type(form)};
	struct sse_buf head;
	int error;

	sse_buf_init(&head, HEAD_SIZE_MAX);
	error = add_head(&head, &response);
	if (error == 0)
		error = libfcgi_stream(arrival->dispatch->libfcgi,
		    sse_buf_slice(&head), &arrival->client->out.waiting);
	sse_buf_done(&head);
	return error;
}

/* It is made later: see page.h. */
static int
serve_page(const struct arrival *arrival, enum status_form form)
{
	struct page *page = NULL;
	int error = make_page(arrival, form, &page);

	if (error == 0)
		error = send_page_head(arrival, form);
	if (error == 0)
		error = page_serve(page, arrival->client);
	if (error != 0)
		page_free(page);
	return error;
}

/* Too many are written at the same time. */
static void
refuse_page(const struct arrival *arrival)
{
	const struct sse_response response = {.status = 503,
	    .type = "text/plain; charset=utf-8",
	    .retry_after_s = PAGES_RETRY_S};

	reply(arrival, &response,
	    sse_slice("This page is written for others; come back later.\n"));
}

static void
serve_status(const struct arrival *arrival)
{
	enum status_form form = status_form_of(
	    libfcgi_param(arrival->dispatch->libfcgi, "HTTP_ACCEPT"));
	bool wants_page = arrival->request->method == SSE_METHOD_GET;
	int error = wants_page ? serve_page(arrival, form)
			       : send_page_head(arrival, form);

	if (error == -EBUSY)
		refuse_page(arrival);
	else if (error != 0)
		client_close(arrival->client, CLIENT_FAILED);
	else if (!wants_page)
		client_finish(arrival->client, CLIENT_DONE);
}

/* ------------------------------------------------------------ requests -- */

/* Once: it is the same for each such client. */
static void
tell_barred(const struct arrival *arrival)
{
	const struct dispatch *dispatch = arrival->dispatch;
	struct hub *hub =
	    hubs_find(dispatch->hubs, arrival->admission.barred->name);

	assert(hub != NULL);
	if (!hub->barred_told)
		log_line(dispatch->log, "%s: %s", hub->conf->name,
		    admit_barred_text(arrival->request));
	hub->barred_told = true;
}

static void
decide(struct arrival *arrival)
{
	const struct dispatch *dispatch = arrival->dispatch;
	const struct sse_request *request = arrival->request;

	if (wants_status(arrival) && (request->method == SSE_METHOD_GET ||
					 request->method == SSE_METHOD_HEAD)) {
		serve_status(arrival);
		return;
	}
	arrival->admission = admit(request, dispatch->hubs->conf,
	    sse_clock_file_time_ms(arrival->client->all->clock));
	if (arrival->admission.barred != NULL)
		tell_barred(arrival);
	if (arrival->admission.stream == NULL) {
		reply_admission(arrival, &arrival->admission);
		return;
	}
	arrival->hub =
	    hubs_find(dispatch->hubs, arrival->admission.stream->name);
	/* The hubs are those of the conf that it was admitted by. */
	assert(arrival->hub != NULL);
	serve_stream(arrival);
}

/* Why a client goes whose request libfcgi does not take. */
static enum client_why
why_not_taken(int error)
{
	return error == -EPROTO || error == -EMSGSIZE ? CLIENT_MALFORMED
						      : CLIENT_FAILED;
}

void
dispatch_request(struct dispatch *dispatch, struct client *client)
{
	struct sse_request request;
	struct arrival arrival = {
	    .dispatch = dispatch, .client = client, .request = &request};
	int error;

	assert(client->intake.state == INTAKE_ACTIVE && client->owner == NULL);
	error = libfcgi_begin(
	    dispatch->libfcgi, sse_buf_slice(&client->intake.records));
	if (error != 0) {
		client_close(client, why_not_taken(error));
		return;
	}
	dispatch->requests++;
	sse_request_read(&request, libfcgi_param, dispatch->libfcgi);
	/* FastCGI has no arguments. */
	request.query_is_arguments = false;
	decide(&arrival);
	libfcgi_drop(dispatch->libfcgi);
	if (arrival.is_pending)
		dispatch->requests--;
	else
		client_forget_request(client);
}
