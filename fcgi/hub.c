/*
 * hub.c - from one source to many.
 *
 * Frames are pulled one by one, and each is sent to everybody before the next
 * one is pulled: so a subscriber that keeps up has each frame in a record of
 * its own, the moment that it exists.  When there has been more to pull for
 * HUB_BEHIND_MS, everybody is behind, and frames share a round.
 *
 * A turn is bounded in sends and pulls, so that new clients, and other
 * streams, never wait for ten thousand sends.
 */
#include "config.h"

#include "hub.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "stream/look.h"

static int64_t
now_ms(const struct hub *hub)
{
	return sse_clock_monotonic_ms(hub->options->clock);
}

/* ---------------------------------------------------- open and closed -- */

static void
close_hub(struct hub *hub)
{
	loop_watch_free(hub->watch);
	hub->watch = NULL;
	hub->watched_fd = -1;
	fanout_done(&hub->fanout);
	backlog_free(hub->backlog);
	hub->backlog = NULL;
	stream_free(hub->stream);
	stream_free(hub->opening);
	hub->stream = hub->opening = NULL;
	if (hub->listing != NULL)
		listing_cache_rest(hub->listing);
}

bool
hub_is_volatile(const struct hub *hub)
{
	const struct source_ops *source = hub->stream != NULL
					      ? stream_source(hub->stream)
					      : source_kind(hub->conf->source);

	return !source->is_durable;
}

void
hub_tell_trouble(struct hub *hub, int error)
{
	trouble_tell(&hub->trouble, error, hub->conf, hub->options->log);
}

void
hub_count_given_up(struct hub *hub, struct stream *stream)
{
	hub->stats.given_up_searches +=
	    given_up_note(&hub->given_up, stream, hub->conf, hub->options->log);
}

int
hub_waits(const struct hub *hub)
{
	return stream_start_error(hub->stream);
}

/* It may be over while somebody waits for it. */
static bool
may_be_waited_for(int error)
{
	return error != -ENOMEM && error != -EMFILE && error != -ENFILE &&
	       error != RESULT_BUSY;
}

/* What a client without an id gets is in the backlog from the beginning. */
static uint64_t
first_records(const struct stream_conf *conf)
{
	return conf->from == CONF_FROM_RECORDS ? conf->from_records : 0;
}

/* A step: 0; RESULT_PARTIAL: there are more; or why it has not started. */
static int
step_to_start(struct hub *hub)
{
	int got;

	if (hub->opening != NULL) {
		got = stream_go_on_starting(hub->opening);
	} else {
		got = stream_new(hub->conf, hub->options->clock,
		    hub->options->random(), hub->listing, &hub->opening);
		if (got == 0)
			got = stream_start_newest(
			    hub->opening, first_records(hub->conf));
	}
	if (got < 0)
		return got;
	/* A source that takes its time is waited for, with a head. */
	return stream_is_starting(hub->opening) &&
		       stream_poll(hub->opening).timeout_ms == 0
		   ? RESULT_PARTIAL
		   : 0;
}

static int
start_stream(struct hub *hub)
{
	struct sse_event first;
	int error = step_to_start(hub);

	if (error == RESULT_PARTIAL)
		return error;
	hub->stream = hub->opening;
	hub->opening = NULL;
	if (error == 0 || may_be_waited_for(error))
		error = backlog_new(hub->conf->backlog_size, &hub->backlog);
	if (error != 0)
		return error;
	fanout_init(&hub->fanout, hub->backlog);
	stream_first(hub->stream, 0, &first);
	return backlog_begin(hub->backlog, first.id);
}

/* Whoever comes sees the source as it is now. */
static void
look_again(struct hub *hub)
{
	if (hub_waits(hub) != 0 && stream_go_on_starting(hub->stream) >= 0)
		loop_timer_set(hub->timer, 0);
}

int
hub_open(struct hub *hub)
{
	int error;

	assert(!hub->retired);
	if (hub->stream != NULL) {
		look_again(hub);
		return 0;
	}
	error = start_stream(hub);
	if (error == RESULT_PARTIAL) {
		loop_timer_set(hub->timer, HUB_LINGER_MS);
		return error;
	}
	if (error != 0) {
		hub_tell_trouble(hub, error);
		close_hub(hub);
		if (hub_is_volatile(hub))
			loop_timer_set(hub->timer, HUB_RETRY_MS);
		return error;
	}
	hub->busy_ms = hub->deserted_ms = -1;
	hub->sent_ms = now_ms(hub);
	loop_timer_set(hub->timer, 0);
	return 0;
}

int
hub_error(const struct hub *hub)
{
	return hub->stream != NULL ? stream_poll(hub->stream).error
				   : hub->trouble.error;
}

void
hub_look(struct hub *hub, bool at_once)
{
	int error;

	if (hub->stream != NULL)
		return;
	do
		error = look_error(hub->conf, hub->listing);
	while (error == RESULT_PARTIAL && at_once);
	/* The next look goes on, or who opens it. */
	if (error == RESULT_PARTIAL)
		return;
	if (error != 0 && at_once)
		hub_tell_trouble(hub, error);
	else
		trouble_note(&hub->trouble, error, hub->conf, now_ms(hub),
		    hub->options->log);
	if (error != 0)
		return;
	/* Its writers would wait. */
	if (hub_is_volatile(hub))
		(void)hub_open(hub);
	else if (!hub->judged)
		hub->judged = trouble_tell_shape(
		    hub->conf, hub->listing, hub->options->log);
}

/* -------------------------------------------------------------- pulling -- */

/* Its frame is in the backlog's room: its size, or why it is not. */
static ssize_t
encode(struct hub *hub, const struct sse_event *event)
{
	size_t size = sse_encode_size(event);
	char *room = backlog_reserve(hub->backlog, size);

	return room != NULL ? sse_encode(event, room, size) : -ENOBUFS;
}

/* What is in the backlog's room is a frame. */
static void
commit(
    struct hub *hub, size_t size, enum backlog_kind kind, struct sse_slice id)
{
	backlog_commit(hub->backlog, size, kind, id);
	hub->stats.frames++;
	hub->stats.bytes += size;
}

static enum backlog_kind
kind_of(const struct stream_item *item)
{
	return item->kind == STREAM_RECORD || item->kind == STREAM_LEFT_OUT
		   ? BACKLOG_RECORD
		   : BACKLOG_OTHER;
}

static void
publish(struct hub *hub, struct stream_item *item)
{
	enum backlog_kind kind = kind_of(item);
	ssize_t size = encode(hub, &item->event);

	if (size < 0) {
		stream_leave_out(hub->stream, item, (int)size);
		size = encode(hub, &item->event);
	}
	if (size <= 0) {
		log_line(hub->options->log, "%s: a frame was lost: %s",
		    hub->conf->name, strerror((int)-size));
		return;
	}
	commit(hub, (size_t)size, kind, item->event.id);
}

/* Whether there was one. */
static bool
pull_one(struct hub *hub)
{
	struct stream_item item;
	int got = stream_next(hub->stream, &item);

	hub_count_given_up(hub, hub->stream);
	if (got != 1)
		return false;
	publish(hub, &item);
	stream_forget(hub->stream);
	stats_add_item(&hub->stats, &item);
	return true;
}

/* Whether frames share a round: nobody keeps up, or nobody is there. */
static bool
shares_rounds(const struct hub *hub, int64_t now)
{
	return hub->conf->flush == CONF_FLUSH_READY || hub->fanout.count == 0 ||
	       (hub->busy_ms >= 0 && now - hub->busy_ms > HUB_BEHIND_MS);
}

/* It shows that the connection lives, when nothing else did. */
static void
beat(struct hub *hub, int64_t now)
{
	const size_t size = sizeof(SSE_HEARTBEAT) - 1;
	char *room;

	if (stream_ended(hub->stream) || hub->fanout.count == 0 ||
	    now - hub->sent_ms < hub->conf->heartbeat_ms)
		return;
	room = backlog_reserve(hub->backlog, size);
	if (room == NULL)
		return;
	memcpy(room, SSE_HEARTBEAT, size);
	commit(hub, size, BACKLOG_OTHER, (struct sse_slice){0});
}

/* A round must not push out of the ring what nobody has had yet. */
static size_t
run_size_max(const struct hub *hub)
{
	size_t part = backlog_frame_size_max(hub->backlog);

	return part < HUB_RUN_SIZE ? part : HUB_RUN_SIZE;
}

/* Frames for one round: whether there are any. */
static bool
pull(struct hub *hub, const struct budget *budget)
{
	int64_t now = now_ms(hub);
	uint64_t from = backlog_head(hub->backlog);
	size_t run_size = shares_rounds(hub, now) ? run_size_max(hub) : 0;

	/* All have had what was pulled before. */
	assert(!hub->fanout.running);
	while (pull_one(hub))
		if (backlog_head(hub->backlog) - from >= run_size ||
		    budget_is_over(budget))
			break;
	if (backlog_head(hub->backlog) == from)
		beat(hub, now);
	if (backlog_head(hub->backlog) == from) {
		if (stream_poll(hub->stream).timeout_ms > 0)
			hub->busy_ms = -1;
		return false;
	}
	hub->sent_ms = now;
	if (hub->busy_ms < 0)
		hub->busy_ms = now;
	fanout_begin(&hub->fanout, from);
	return true;
}

/* --------------------------------------------------------------- turns -- */

size_t
hub_clients(const struct hub *hub)
{
	return hub->fanout.count + hub->readers;
}

static void take_turn(void *context);

/* At once: what is new does not wait until a timer's turn has come. */
static void
take_ready(void *context, bool readable, bool writable)
{
	(void)readable;
	(void)writable;
	take_turn(context);
}

/* The descriptor to wait for may be another one after each turn. */
static void
watch_source(struct hub *hub)
{
	struct source_poll poll = stream_poll(hub->stream);
	int fd = stream_ended(hub->stream) ? -1 : poll.fd;

	if (fd == hub->watched_fd && poll.events == hub->watched_events)
		return;
	loop_watch_free(hub->watch);
	hub->watch = NULL;
	hub->watched_fd = -1;
	if (fd < 0)
		return;
	hub->watch =
	    loop_watch_new_urgent(hub->options->loop, fd, take_ready, hub);
	if (hub->watch == NULL ||
	    loop_watch_set(hub->watch, (poll.events & POLLIN) != 0,
		(poll.events & POLLOUT) != 0) != 0)
		return;
	hub->watched_fd = fd;
	hub->watched_events = poll.events;
}

/* Whether it was closed: nobody has been there for a while. */
static bool
close_deserted(struct hub *hub, int64_t now)
{
	if (hub_clients(hub) > 0 || hub_is_volatile(hub)) {
		hub->deserted_ms = -1;
		return false;
	}
	if (hub->deserted_ms < 0)
		hub->deserted_ms = now;
	if (now - hub->deserted_ms < HUB_LINGER_MS)
		return false;
	close_hub(hub);
	return true;
}

static void
log_overruns(struct hub *hub, int64_t now)
{
	uint64_t overruns = hub->stats.gone[CLIENT_OVERRUN];
	uint64_t count = overruns - hub->overruns_logged;

	if (count == 0 || now - hub->overruns_logged_ms < HUB_LOG_MS)
		return;
	hub->overruns_logged = overruns;
	hub->overruns_logged_ms = now;
	log_line(hub->options->log,
	    "%s: clients closed that were too far behind: %llu",
	    hub->conf->name, (unsigned long long)count);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* How long nothing needs to be done. */
static int64_t
rest_ms(const struct hub *hub, int64_t now)
{
	int64_t left_ms = HUB_LINGER_MS;

	if (stream_ended(hub->stream))
		return left_ms;
	left_ms = least(left_ms, stream_poll(hub->stream).timeout_ms);
	if (hub->fanout.count > 0)
		left_ms = least(
		    left_ms, hub->sent_ms + hub->conf->heartbeat_ms - now);
	return left_ms;
}

static void
settle(struct hub *hub, bool more, const struct budget *budget)
{
	int64_t now = now_ms(hub);

	trouble_note(&hub->trouble, stream_poll(hub->stream).error, hub->conf,
	    now, hub->options->log);
	log_overruns(hub, now);
	if (stream_ended(hub->stream) && !hub->fanout.running)
		more = fanout_end(&hub->fanout, CLIENT_ENDED, budget) || more;
	if (close_deserted(hub, now))
		return;
	watch_source(hub);
	loop_timer_set(hub->timer, more ? 0 : rest_ms(hub, now));
	if (hub->readers > 0)
		hub->options->moved(hub->options->context);
}

static void
take_turn(void *context)
{
	struct hub *hub = context;
	struct budget budget = budget_begin(hub->options->clock, HUB_TURN_MS);
	int sends = HUB_SENDS_MAX, pulls = HUB_PULLS_MAX;
	bool more = true, over = false;

	if (hub->stream == NULL) {
		/* Nobody has gone on with it. */
		close_hub(hub);
		if (hub_is_volatile(hub))
			(void)hub_open(hub);
		return;
	}
	while (more && !over && sends > 0 && pulls-- > 0) {
		if (hub->fanout.running)
			(void)fanout_run(&hub->fanout, &sends);
		else
			more = pull(hub, &budget);
		over = budget_is_over(&budget);
	}
	settle(hub, more, &budget);
}

/* ------------------------------------------------------------- clients -- */

int
hub_new(const struct stream_conf *conf, const struct hub_options *options,
    struct hub **ret_hub)
{
	struct hub *hub = calloc(1, sizeof(*hub));
	int error;

	if (hub == NULL)
		return -ENOMEM;
	hub->conf = conf;
	hub->options = options;
	hub->watched_fd = -1;
	hub->timer = loop_timer_new(options->loop, take_turn, hub);
	error = hub->timer != NULL
		    ? listing_cache_new(conf->source, conf->generations,
			  options->folders, &hub->listing)
		    : -ENOMEM;
	if (error == -ENOMEM) {
		hub_free(hub);
		return error;
	}
	*ret_hub = hub;
	return 0;
}

void
hub_free(struct hub *hub)
{
	if (hub == NULL)
		return;
	assert(hub->visitors == 0 && hub->readers == 0);
	close_hub(hub);
	listing_cache_free(hub->listing);
	loop_timer_free(hub->timer);
	free(hub);
}

void
hub_first(
    struct hub *hub, const struct place *place, struct sse_event *ret_event)
{
	stream_first(hub->stream, hub->options->random(), ret_event);
	ret_event->id = sse_slice(NULL);
	if (hub->conf->ids == CONF_IDS_POSITION && place->gap == GAP_NONE)
		ret_event->id = backlog_id_before(hub->backlog, place->offset);
}

int
hub_join(struct hub *hub, struct client *client, uint64_t offset)
{
	int error;

	assert(hub->stream != NULL && !hub->retired);
	error = fanout_add(&hub->fanout, client, offset);
	if (error != 0)
		return error;
	client->write_timeout_ms = hub->conf->write_timeout_ms;
	if (stream_ended(hub->stream))
		loop_timer_set(hub->timer, 0);
	else if (!hub->fanout.running && hub->fanout.count == 1)
		loop_timer_set(hub->timer, rest_ms(hub, now_ms(hub)));
	return 0;
}

void
hub_count_reader(struct hub *hub, int change)
{
	assert(change == 1 || (change == -1 && hub->readers > 0));
	hub->readers += (size_t)change;
	if (hub->readers == 0 && hub->stream != NULL && hub->deserted_ms < 0 &&
	    hub->fanout.count == 0)
		loop_timer_set(hub->timer, 0);
}

void
hub_retire(struct hub *hub)
{
	assert(!hub->retired);
	hub->retired = true;
	hub->fanout.running = false;
	loop_timer_free(hub->timer);
	hub->timer = NULL;
	loop_watch_free(hub->watch);
	hub->watch = NULL;
	/* Another hub may want to open what this one had. */
	stream_free(hub->stream);
	stream_free(hub->opening);
	hub->stream = hub->opening = NULL;
}

bool
hub_dismiss(struct hub *hub, const struct budget *budget)
{
	assert(hub->retired);
	return fanout_end(&hub->fanout, CLIENT_RELOADED, budget);
}
