/*
 * arrivals.c - what becomes of a client whose request has come.
 *
 * A stream's client gets its head and first event from here, and then belongs
 * to the hub or to a reader.
 */
#include "config.h"

#include "arrivals.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/shortage.h"
#include "frame.h"
#include "source/gap.h"

/* One that wants a stream. */
struct arrival {
	struct arrivals *all;
	struct client *client;
	const struct exchange *exchange;
	const struct admission *admission;
	struct hub *hub;
};

static int64_t
now_ms(const struct arrival *arrival)
{
	return sse_clock_monotonic_ms(arrival->client->all->clock);
}

static uint64_t
draw(const struct arrival *arrival)
{
	return arrival->hub->options->random();
}

/* ------------------------------------------------------------- answers -- */

static enum outcome
reply(const struct arrival *arrival, const struct admission *admission)
{
	return exchange_reply(arrival->exchange, &admission->response,
	    sse_slice(admission->text));
}

_Static_assert(ADMIT_TEXT_SIZE_MAX >= LOG_REFUSAL_SIZE_MAX,
    "log_refusal() writes into an admission");

static enum outcome
refuse(const struct arrival *arrival, int error)
{
	const struct sse_request *request = arrival->exchange->request;
	struct hub *hub = arrival->hub;
	bool is_busy = error == RESULT_BUSY || error_passes(error);
	struct admission refused =
	    is_busy ? admit_busy(request, hub->conf, draw(arrival))
		    : admit_error(request, hub->conf);

	assert(error < 0);
	hub->stats.refused += is_busy;
	if (!is_busy) {
		feed_tell_trouble(&hub->feed, error);
		if (refused.text[0] != '\0')
			log_refusal(arrival->all->log, refused.text);
	}
	return reply(arrival, &refused);
}

/* It has everything, and nothing will follow. */
static enum outcome
reply_done(const struct arrival *arrival)
{
	const struct admission done = admit_done(arrival->admission);

	return reply(arrival, &done);
}

/* ------------------------------------------------------------- streams -- */

/* max-age, a tenth more or less, so that clients do not come back together. */
static int64_t
end_of_age(const struct arrival *arrival)
{
	int64_t age_ms = arrival->hub->conf->max_age_ms, spread_ms = age_ms / 5;

	if (age_ms == 0)
		return INT64_MAX;
	return now_ms(arrival) + age_ms - spread_ms / 2 +
	       (int64_t)(draw(arrival) % (uint64_t)(spread_ms + 1));
}

/* Its time begins with its head: before that it can only be closed. */
static void
begin_session(const struct arrival *arrival, enum session_start start)
{
	const struct exchange *exchange = arrival->exchange;
	struct session *session = &arrival->client->session;

	if (exchange->request->last_event_id[0] == '\0' &&
	    !stream_start_is_time(&arrival->admission->start))
		start = SESSION_NEW;
	session->stats = &arrival->hub->stats;
	session->visitors = &arrival->hub->visitors;
	session->stream = arrival->hub->conf->name;
	session->log = arrival->all->quiet ? NULL : arrival->all->log;
	session_begin(session, exchange_param(exchange, "REMOTE_ADDR"),
	    exchange_param(exchange, "REMOTE_USER"), start, now_ms(arrival));
	arrival->client->end_ms = end_of_age(arrival);
}

/* The head and the first event. */
static int
begin_stream(const struct arrival *arrival, const struct sse_event *first)
{
	return exchange_begin(
	    arrival->exchange, &arrival->admission->response, first);
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
	sse_buf_init(&text, EXCHANGE_TEXT_MAX);
	error = frame_add(&text, &event);
	if (error == 0)
		error = wire_stdout(&client->out.waiting,
		    client->intake.request_id, sse_buf_slice(&text));
	sse_buf_done(&text);
	return error;
}

/* From a place in the backlog on. */
static enum outcome
serve_backlog(const struct arrival *arrival, const struct place *place)
{
	struct sse_event first;
	int error;

	begin_session(arrival, SESSION_BACKLOG);
	feed_first(&arrival->hub->feed, place, draw(arrival), &first);
	error = begin_stream(arrival, &first);
	if (error == 0)
		error = add_gap(arrival, place);
	if (error == 0)
		error = hub_join(arrival->hub, arrival->client, place->offset);
	return error == 0 ? OUTCOME_SERVED : OUTCOME_LEFT;
}

/* From the source, by a reader. */
static enum outcome
serve_reader(const struct arrival *arrival, struct reader *reader)
{
	struct sse_event first;

	if (reader_is_done(reader)) {
		reader_free(reader);
		return reply_done(arrival);
	}
	begin_session(arrival, SESSION_FILE);
	reader_first(reader, &first);
	if (begin_stream(arrival, &first) != 0) {
		reader_free(reader);
		return OUTCOME_LEFT;
	}
	reader_serve(reader, arrival->client);
	return OUTCOME_SERVED;
}

static enum outcome
serve_private(const struct arrival *arrival)
{
	struct reader *reader;
	int error = reader_new(arrival->all->readers, arrival->hub,
	    &arrival->admission->start, &reader);

	if (error != 0)
		return refuse(arrival, error);
	/* Without memory it comes back once more, and is told then. */
	if (reader_may_be_done(reader) && undecided_add(arrival->all->undecided,
					      arrival->client, reader) == 0)
		return OUTCOME_PENDING;
	return serve_reader(arrival, reader);
}

/*
 * The reader of a request that was undecided; NULL: it was not, or there was a
 * reload.
 */
static struct reader *
take_decided(const struct arrival *arrival)
{
	struct reader *reader = arrival->all->decided;

	if (reader == NULL || reader->hub != arrival->hub)
		return NULL;
	arrival->all->decided = NULL;
	return reader;
}

static bool
is_full(const struct arrival *arrival)
{
	const struct hub *hub = arrival->hub;

	return hubs_clients(arrival->all->hubs) >= arrival->all->clients_max ||
	       (hub->conf->clients_max > 0 &&
		   hub_clients(hub) >= hub->conf->clients_max);
}

/* Whether the client has told that it saw the end of a stream that ends. */
static bool
has_seen_end(const struct arrival *arrival)
{
	return stream_can_end(arrival->hub->feed.stream) &&
	       strcmp(arrival->exchange->request->last_event_id,
		   STREAM_END_ID) == 0;
}

/* The newest records are counted, and not all old ones are in the backlog. */
static bool
counts_too_early(const struct arrival *arrival)
{
	return arrival->admission->start.has_last &&
	       arrival->exchange->request->last_event_id[0] == '\0' &&
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
	    hub->conf, hub->feed.backlog, source, &arrival->admission->start);
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
	return stream_may_wait(hub->conf, &arrival->admission->start, error)
		   ? 0
		   : error;
}

static enum outcome
serve(const struct arrival *arrival)
{
	struct reader *decided = take_decided(arrival);
	struct place place;
	int error;

	if (decided != NULL)
		return serve_reader(arrival, decided);
	error = open_hub(arrival);
	if (error == RESULT_PARTIAL) {
		error = pending_add(arrival->all->pending, arrival->client);
		if (error == 0)
			return OUTCOME_PENDING;
	}
	if (error != 0)
		return refuse(arrival, error);
	if (has_seen_end(arrival))
		return reply_done(arrival);
	place = find_place(arrival);
	return place.kind == PLACE_BACKLOG ? serve_backlog(arrival, &place)
					   : serve_private(arrival);
}

/* ------------------------------------------- what the dispatch asks for -- */

static enum outcome
take_stream(void *context, struct client *client,
    const struct exchange *exchange, const struct admission *admission)
{
	struct arrivals *arrivals = context;
	const struct arrival arrival = {.all = arrivals,
	    .client = client,
	    .exchange = exchange,
	    .admission = admission,
	    .hub = hubs_find(arrivals->hubs, admission->stream->name)};

	/* The hubs are those of the conf that it was admitted by. */
	assert(arrival.hub != NULL);
	return serve(&arrival);
}

static enum outcome
take_status(
    void *context, struct client *client, const struct exchange *exchange)
{
	struct arrivals *arrivals = context;

	return overview_serve(&arrivals->overview, client, exchange);
}

static enum outcome
take_list(void *context, struct client *client, const struct exchange *exchange,
    const struct admission *admission)
{
	struct arrivals *arrivals = context;

	return overview_list(
	    &arrivals->overview, client, exchange, &admission->response);
}

/* Once: it is the same for each such client. */
static void
take_barred(void *context, const struct stream_conf *stream, const char *why)
{
	struct arrivals *arrivals = context;
	struct hub *hub = hubs_find(arrivals->hubs, stream->name);

	assert(hub != NULL);
	if (!hub->barred_told)
		log_line(arrivals->log, "%s: %s", hub->conf->name, why);
	hub->barred_told = true;
}

/* What the request asks for is decided anew, with that reader if it can be. */
static void
take_decided_request(
    void *context, struct client *client, struct reader *reader)
{
	struct arrivals *arrivals = context;

	arrivals->decided = reader;
	arrivals_take(arrivals, client);
	reader_free(arrivals->decided);
	arrivals->decided = NULL;
}

void
arrivals_init(struct arrivals *arrivals, const struct arrivals_parts *parts)
{
	*arrivals = (struct arrivals){
	    .dispatch = {.ops = parts->ops,
		.libfcgi = parts->libfcgi,
		.clock = parts->clock,
		.services = {.stream = take_stream,
		    .status = take_status,
		    .list = take_list,
		    .barred = take_barred,
		    .context = arrivals}},
	    .overview = {.hubs = parts->hubs,
		.gather = parts->gather,
		.context = parts->context},
	    .hubs = parts->hubs,
	    .readers = parts->readers,
	    .pending = parts->pending,
	    .undecided = parts->undecided,
	    .log = parts->log,
	};
	parts->undecided->decided = take_decided_request;
	parts->undecided->context = arrivals;
}

static void
settle(struct client *client, enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_REPLIED:
		client_reply(client);
		break;
	case OUTCOME_SERVED:
	case OUTCOME_PENDING:
		break;
	case OUTCOME_MALFORMED:
		client_close(client, CLIENT_MALFORMED);
		break;
	case OUTCOME_FAILED:
		client_close(client, CLIENT_FAILED);
		break;
	case OUTCOME_LEFT:
		client_close(client, CLIENT_LEFT);
		break;
	}
}

void
arrivals_take(struct arrivals *arrivals, struct client *client)
{
	enum outcome outcome;

	assert(client->intake.state == INTAKE_ACTIVE && client->owner == NULL);
	outcome = dispatch_request(&arrivals->dispatch, client,
	    sse_buf_slice(&client->intake.records), &client->out.waiting);
	if (outcome != OUTCOME_PENDING)
		client_forget_request(client);
	settle(client, outcome);
}
