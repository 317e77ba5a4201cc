/*
 * worker.c - who is served by whom.
 *
 * A request goes to libfcgi to be decoded, then to admit() for a decision.
 * What is no stream is answered at once.  A stream's client gets its head and
 * first event from here, and then belongs to the hub or to a reader.
 */
#include "config.h"

#include "worker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "gap.h"
#include "libfcgi.h"
#include "program.h"
#include "reader.h"

#define TEXT_SIZE_MAX 4096 /* octets of a head and what stands below it */

struct worker {
	struct worker_options options;
	struct loop *loop;
	struct libfcgi *libfcgi;
	struct clients clients;
	struct readers readers;
	struct hub_options hub_options;
	struct hub **hubs; /* as the streams of the conf */
	size_t hubs_count;
	struct loop_watch *watch;  /* of the listener */
	int accept_error;          /* that was logged */
	struct loop_timer *resume; /* accepting */
	struct loop_timer *tick;
	struct loop_timer *stop;
};

/* Octets of an answer, as they are put together. */
struct text {
	char octets[TEXT_SIZE_MAX];
	size_t size;
};

/* ------------------------------------------------------------- answers -- */

static struct sse_slice
text_slice(const struct text *text)
{
	return (struct sse_slice){text->octets, text->size};
}

static int
add_head(struct text *text, const struct sse_response *response)
{
	ssize_t size =
	    sse_response_head(response, text->octets, sizeof(text->octets) / 2);

	if (size < 0)
		return (int)size;
	text->size = (size_t)size;
	return 0;
}

static int
add_frame(struct text *text, const struct sse_event *event)
{
	ssize_t size = sse_encode(event, text->octets + text->size,
	    sizeof(text->octets) - text->size);

	if (size < 0)
		return (int)size;
	text->size += (size_t)size;
	return 0;
}

/* A whole answer, and the end of the request. */
static void
reply(struct worker *worker, struct client *client,
    const struct admission *admission)
{
	struct text text;
	const char *body = admission->text != NULL ? admission->text : "";
	size_t size = strlen(body);
	int error = add_head(&text, &admission->response);

	if (error == 0 && size <= sizeof(text.octets) - text.size) {
		memcpy(text.octets + text.size, body, size);
		text.size += size;
		error = libfcgi_reply(
		    worker->libfcgi, text_slice(&text), &client->out);
	}
	if (error != 0)
		client_close(client, CLIENT_LEFT);
	else
		client_reply(client);
}

static void
refuse(struct worker *worker, struct client *client, int error,
    const struct sse_request *request)
{
	bool is_busy = error == -EBUSY || reader_error_passes(error);
	struct admission refused =
	    is_busy ? admit_busy() : admit_error(request);

	reply(worker, client, &refused);
}

/* The head and the first event, in one record. */
static int
begin_stream(struct worker *worker, struct client *client,
    const struct sse_response *response, const struct sse_event *first)
{
	struct text text;
	int error = add_head(&text, response);

	if (error == 0)
		error = add_frame(&text, first);
	if (error == 0)
		error = libfcgi_stream(
		    worker->libfcgi, text_slice(&text), &client->out);
	return error;
}

/* ------------------------------------------------------------- streams -- */

/* max-age, a tenth more or less, so that clients do not come back together. */
static int64_t
end_of_age(const struct hub *hub)
{
	int64_t age_ms = hub->conf->max_age_ms, spread_ms = age_ms / 5;

	if (age_ms == 0)
		return INT64_MAX;
	return sse_clock_monotonic_ms(hub->options->clock) + age_ms -
	       spread_ms / 2 +
	       (int64_t)(hub->options->random() % (uint64_t)(spread_ms + 1));
}

static int
add_gap(struct client *client, const struct hub *hub, const struct place *place)
{
	struct text text = {.size = 0};
	char data[GAP_TEXT_SIZE_MAX];
	struct sse_event event = {.type = sse_slice("gap")};
	int error;

	if (place->gap == GAP_NONE)
		return 0;
	event.data = gap_data(data, place->gap, place->skipped, "records");
	if (hub->conf->ids == CONF_IDS_POSITION)
		event.id = backlog_id_before(hub->backlog, place->offset);
	error = add_frame(&text, &event);
	return error != 0 ? error
			  : wire_stdout(&client->out, client->intake.request_id,
				text_slice(&text));
}

/* From a place in the backlog on. */
static void
serve_backlog(struct worker *worker, struct client *client, struct hub *hub,
    const struct sse_response *response, const struct place *place)
{
	struct sse_event first;
	int error;

	hub_first(hub, place, &first);
	error = begin_stream(worker, client, response, &first);
	if (error == 0)
		error = add_gap(client, hub, place);
	if (error == 0)
		error = hub_join(hub, client, place->offset);
	if (error != 0)
		client_close(client, CLIENT_LEFT);
}

/* From the file, by a reader. */
static int
serve_private(struct worker *worker, struct client *client, struct hub *hub,
    const struct admission *admission, struct sse_slice last_event_id)
{
	struct admission done = admit_done(admission);
	struct reader *reader;
	struct sse_event first;
	int error = reader_new(&worker->readers, hub, last_event_id, &reader);

	if (error != 0)
		return error;
	if (reader_is_done(reader)) {
		reader_free(reader);
		reply(worker, client, &done);
		return 0;
	}
	reader_first(reader, &first);
	error = begin_stream(worker, client, &admission->response, &first);
	if (error == 0)
		reader_serve(reader, client);
	else {
		reader_free(reader);
		client_close(client, CLIENT_LEFT);
	}
	return 0;
}

static bool
is_full(const struct worker *worker, const struct hub *hub)
{
	size_t count = 0;

	for (size_t i = 0; i < worker->hubs_count; i++)
		count += hub_clients(worker->hubs[i]);
	return count >= worker->options.clients_max ||
	       (hub->conf->clients_max > 0 &&
		   hub_clients(hub) >= hub->conf->clients_max);
}

/* Whether the client has told that it saw the end of a stream that ends. */
static bool
has_seen_end(const struct hub *hub, struct sse_slice last_event_id)
{
	bool ends = !hub->conf->follow || strcmp(hub->conf->source, "-") == 0;

	return ends && sse_slice_equal(last_event_id, sse_slice(STREAM_END_ID));
}

static void
serve_stream(struct worker *worker, struct client *client, struct hub *hub,
    const struct admission *admission, const struct sse_request *request)
{
	struct sse_slice id = request->last_event_id;
	struct admission done = admit_done(admission);
	struct place place = {.kind = PLACE_PRIVATE};
	bool durable;
	int error = is_full(worker, hub) ? -EBUSY : hub_open(hub);

	if (error != 0) {
		refuse(worker, client, error, request);
		return;
	}
	if (has_seen_end(hub, id)) {
		reply(worker, client, &done);
		return;
	}
	client->end_ms = end_of_age(hub);
	durable = stream_is_durable(hub->stream);
	if (!durable || hub->conf->follow)
		place = place_of(hub->conf, hub->backlog, durable, id);
	if (place.kind == PLACE_BACKLOG)
		serve_backlog(
		    worker, client, hub, &admission->response, &place);
	else
		error = serve_private(worker, client, hub, admission, id);
	if (error != 0)
		refuse(worker, client, error, request);
}

static struct hub *
hub_of(const struct worker *worker, const struct stream_conf *stream)
{
	for (size_t i = 0; i < worker->hubs_count; i++)
		if (worker->hubs[i]->conf == stream)
			return worker->hubs[i];
	return NULL;
}

/* A request is complete. */
static void
take_request(void *context, struct client *client)
{
	struct worker *worker = context;
	struct sse_request request;
	struct admission admission;
	int error = libfcgi_begin(
	    worker->libfcgi, sse_buf_slice(&client->intake.records));

	if (error != 0) {
		client_close(client, CLIENT_MALFORMED);
		return;
	}
	sse_request_read(&request, libfcgi_param, worker->libfcgi);
	/* FastCGI has no arguments. */
	request.query_is_arguments = false;
	admission = admit(&request, worker->options.conf);
	if (admission.stream != NULL)
		serve_stream(worker, client, hub_of(worker, admission.stream),
		    &admission, &request);
	else
		reply(worker, client, &admission);
	libfcgi_drop(worker->libfcgi);
	client_forget_request(client);
}

/* ----------------------------------------------------------- accepting -- */

/* A kept connection without a request gives its place to a new one. */
static bool
has_place(struct worker *worker)
{
	return worker->clients.count <
		   worker->options.clients_max + WORKER_SPARE ||
	       clients_close_idle(&worker->clients);
}

static void
accept_more(struct worker *worker, bool more)
{
	if (worker->watch != NULL)
		(void)loop_watch_set(worker->watch, more, false);
}

/*
 * All that wait: a queue of the kernel that is full makes nginx answer 502.
 * Without a descriptor or a place it is tried again a little later; those who
 * come wait in the kernel's queue.
 */
static void
take_connections(void *context, bool readable, bool writable)
{
	struct worker *worker = context;
	int fd = 0;

	(void)readable;
	(void)writable;
	while (has_place(worker)) {
		fd = listener_accept(worker->options.listener);
		if (fd == -EACCES || fd == -ECONNABORTED || fd == -EINTR)
			continue;
		if (fd < 0)
			break;
		(void)client_new(&worker->clients, fd);
		/* A worker without clients sleeps. */
		if (worker->clients.count == 1)
			loop_timer_set(worker->tick, WORKER_TICK_MS);
	}
	if (fd == -EAGAIN) {
		worker->accept_error = 0;
		return;
	}
	if (fd < 0 && fd != worker->accept_error) {
		worker->accept_error = fd;
		log_line(worker->options.log, "accept: %s", strerror(-fd));
	}
	accept_more(worker, false);
	loop_timer_set(worker->resume, WORKER_PAUSE_MS);
}

static void
resume_accepting(void *context)
{
	accept_more(context, true);
}

static void
take_closed(void *context, enum client_why why)
{
	struct worker *worker = context;

	(void)why;
	if (worker->clients.stopping && worker->clients.count == 0)
		loop_timer_set(worker->stop, 0);
}

/* ----------------------------------------------------- times and signals -- */

static void
take_tick(void *context)
{
	struct worker *worker = context;
	int64_t next_ms = clients_tick(&worker->clients);

	if (worker->clients.count == 0)
		return;
	loop_timer_set(
	    worker->tick, next_ms < WORKER_TICK_MS ? next_ms : WORKER_TICK_MS);
}

static void
take_moved(void *context)
{
	struct worker *worker = context;

	readers_wake(&worker->readers);
}

static void
end_loop(void *context)
{
	struct worker *worker = context;

	loop_stop(worker->loop);
}

/* No new clients; those that are there get what they are in the middle of. */
static void
take_stop(void *context)
{
	struct worker *worker = context;

	loop_watch_free(worker->watch);
	worker->watch = NULL;
	clients_end(&worker->clients);
	loop_timer_set(
	    worker->stop, worker->clients.count > 0 ? WORKER_STOP_MS : 0);
}

static int
take_signals(struct worker *worker)
{
	static const int ends[] = {SIGTERM, SIGINT, SIGHUP};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	int error = 0;

	if (sigaction(SIGPIPE, &ignore, NULL) != 0 ||
	    sigaction(SIGUSR1, &ignore, NULL) != 0)
		return -errno;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (error == 0)
			error = loop_signal(
			    worker->loop, ends[i], take_stop, worker);
	return error;
}

/* ---------------------------------------------------------------- life -- */

static int
make_hubs(struct worker *worker)
{
	const struct conf *conf = worker->options.conf;
	size_t count = conf_streams(conf);
	int error = 0;

	worker->hub_options = (struct hub_options){
	    .loop = worker->loop,
	    .clock = sse_clock_system(),
	    .log = worker->options.log,
	    .random = program_random,
	    .moved = take_moved,
	    .context = worker,
	};
	worker->hubs = calloc(count + 1, sizeof(struct hub *));
	if (worker->hubs == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count && error == 0; i++) {
		error = hub_new(conf_stream(conf, i), &worker->hub_options,
		    &worker->hubs[i]);
		worker->hubs_count += error == 0;
	}
	return error;
}

static int
make_timers(struct worker *worker)
{
	worker->resume = loop_timer_new(worker->loop, resume_accepting, worker);
	worker->tick = loop_timer_new(worker->loop, take_tick, worker);
	worker->stop = loop_timer_new(worker->loop, end_loop, worker);
	worker->watch = loop_watch_new(worker->loop,
	    listener_fd(worker->options.listener), take_connections, worker);
	return worker->resume != NULL && worker->tick != NULL &&
		       worker->stop != NULL && worker->watch != NULL
		   ? 0
		   : -ENOMEM;
}

static int
make_parts(struct worker *worker)
{
	const struct sse_clock *clock = sse_clock_system();
	int error = loop_new(&worker->loop);

	if (error == 0)
		error = libfcgi_new(&worker->libfcgi);
	if (error == 0)
		error = clients_init(&worker->clients, worker->loop, clock);
	if (error == 0)
		error = readers_init(&worker->readers, worker->loop, clock,
		    worker->options.readers_max);
	if (error == 0)
		error = make_timers(worker);
	if (error == 0)
		error = make_hubs(worker);
	if (error == 0)
		error = take_signals(worker);
	return error;
}

int
worker_new(const struct worker_options *options, struct worker **ret_worker)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	int error;

	if (worker == NULL)
		return -ENOMEM;
	worker->options = *options;
	error = make_parts(worker);
	if (error != 0) {
		worker_free(worker);
		return error;
	}
	worker->clients.clients_max = (uint32_t)options->clients_max;
	worker->clients.request = take_request;
	worker->clients.closed = take_closed;
	worker->clients.context = worker;
	*ret_worker = worker;
	return 0;
}

void
worker_free(struct worker *worker)
{
	if (worker == NULL)
		return;
	clients_done(&worker->clients);
	readers_done(&worker->readers);
	for (size_t i = 0; i < worker->hubs_count; i++)
		hub_free(worker->hubs[i]);
	free(worker->hubs);
	loop_watch_free(worker->watch);
	loop_timer_free(worker->resume);
	loop_timer_free(worker->tick);
	loop_timer_free(worker->stop);
	libfcgi_free(worker->libfcgi);
	loop_free(worker->loop);
	free(worker);
}

int
worker_run(struct worker *worker)
{
	for (size_t i = 0; i < worker->hubs_count; i++)
		if (hub_is_pipe(worker->hubs[i]))
			(void)hub_open(worker->hubs[i]);
	accept_more(worker, true);
	return loop_run(worker->loop);
}
