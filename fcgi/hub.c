/*
 * hub.c - from one source to many.
 *
 * Frames are pulled one by one, and each is sent to everybody before the next
 * one is pulled: so a subscriber that keeps up has each frame in a record of
 * its own, the moment that it exists.  When there has been more to pull for
 * HUB_BEHIND_MS, everybody is behind, and frames share a round.
 *
 * With flush = TIME the source is not looked at for so long after frames were
 * sent, if there were no more: what comes meanwhile shares a round.
 *
 * A turn is bounded in sends and pulls, so that new clients, and other
 * streams, never wait for ten thousand sends.
 */
#include "config.h"

#include "hub.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/budget.h"

static int64_t
now_ms(const struct hub *hub)
{
	return sse_clock_monotonic_ms(hub->options->clock);
}

/* ---------------------------------------------------- open and closed -- */

static void
close_hub(struct hub *hub)
{
	assert(hub->fanout.count == 0);
	source_watch_done(&hub->watch);
	fanout_done(&hub->fanout);
	feed_close(&hub->feed);
}

/* Whoever comes sees the source as it is now. */
static void
look_again(struct hub *hub)
{
	if (feed_waits(&hub->feed) != 0 &&
	    stream_go_on_starting(hub->feed.stream) >= 0)
		loop_timer_set(hub->timer, 0);
}

int
hub_open(struct hub *hub)
{
	int error;

	assert(!hub->retired);
	if (feed_is_open(&hub->feed)) {
		look_again(hub);
		return 0;
	}
	error = feed_open(&hub->feed, hub->options->random());
	if (error == RESULT_PARTIAL) {
		loop_timer_set(hub->timer, HUB_LINGER_MS);
		return error;
	}
	if (error != 0) {
		if (feed_is_volatile(&hub->feed))
			loop_timer_set(hub->timer, HUB_RETRY_MS);
		return error;
	}
	fanout_init(&hub->fanout, hub->feed.backlog);
	hub->busy_ms = hub->deserted_ms = -1;
	hub->is_cut_off = false;
	hub->window = (struct flush_window){0};
	hub->sent_ms = now_ms(hub);
	loop_timer_set(hub->timer, 0);
	return 0;
}

static void
look(struct hub *hub, bool at_once)
{
	if (feed_is_open(&hub->feed) || feed_look(&hub->feed, at_once) != 0)
		return;
	/* Its writers would wait. */
	if (feed_is_volatile(&hub->feed))
		(void)hub_open(hub);
}

void
hub_look(struct hub *hub)
{
	look(hub, false);
}

void
hub_begin(struct hub *hub)
{
	if (feed_is_volatile(&hub->feed))
		(void)hub_open(hub);
	else
		look(hub, true);
}

/* -------------------------------------------------------------- rounds -- */

/* Whether frames share a round: nobody keeps up, or nobody is there. */
static bool
shares_rounds(const struct hub *hub, int64_t now)
{
	return hub->conf->flush != CONF_FLUSH_FRAME || hub->fanout.count == 0 ||
	       (hub->busy_ms >= 0 && now - hub->busy_ms > HUB_BEHIND_MS);
}

/* When nothing else was sent, and somebody is there. */
static void
beat(struct hub *hub, int64_t now)
{
	if (!stream_ended(hub->feed.stream) && hub->fanout.count > 0 &&
	    now - hub->sent_ms >= hub->conf->heartbeat_ms)
		(void)feed_beat(&hub->feed);
}

/* A round must not push out of the ring what nobody has had yet. */
static size_t
run_size_max(const struct hub *hub)
{
	size_t part = backlog_frame_size_max(hub->feed.backlog);

	return part < HUB_RUN_SIZE ? part : HUB_RUN_SIZE;
}

/* Frames of the source, up to so many bytes, or one. */
static void
pull_frames(struct hub *hub, size_t run_size, const struct budget *budget)
{
	uint64_t from = backlog_head(hub->feed.backlog);

	while (feed_pull(&hub->feed, run_size > 0 ? SIZE_MAX : 1)) {
		hub->window.has_frames = true;
		if (backlog_head(hub->feed.backlog) - from >= run_size ||
		    budget_is_over(budget))
			return;
	}
	flush_window_open(
	    &hub->window, hub->feed.stream, hub->conf->flush_ms, now_ms(hub));
}

/* Frames for one round: whether there are any. */
static bool
pull(struct hub *hub, const struct budget *budget)
{
	int64_t now = now_ms(hub);
	uint64_t from = backlog_head(hub->feed.backlog);
	size_t run_size = shares_rounds(hub, now) ? run_size_max(hub) : 0;

	/* All have had what was pulled before. */
	assert(!hub->fanout.running);
	if (flush_window_left_ms(&hub->window, now) == 0)
		pull_frames(hub, run_size, budget);
	if (backlog_head(hub->feed.backlog) == from)
		beat(hub, now);
	if (backlog_head(hub->feed.backlog) == from) {
		if (stream_poll(hub->feed.stream).timeout_ms > 0)
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

/*
 * The descriptor to wait for may be another one after each turn.  Without
 * memory it is looked at when the timer says so.
 */
static void
watch_source(struct hub *hub)
{
	const struct source_waiter waiter = {.loop = hub->options->loop,
	    .ready = take_ready,
	    .context = hub,
	    .urgent = true};
	struct source_poll poll = stream_poll(hub->feed.stream);

	if (stream_ended(hub->feed.stream) ||
	    flush_window_left_ms(&hub->window, now_ms(hub)) > 0)
		source_watch_done(&hub->watch);
	else
		(void)source_watch_set(&hub->watch, &poll, &waiter);
}

/* Hints say so; when a window of flush is over it is looked at anyway. */
static void
wake(void *context)
{
	struct hub *hub = context;

	if (feed_is_open(&hub->feed) && !stream_ended(hub->feed.stream) &&
	    flush_window_left_ms(&hub->window, now_ms(hub)) == 0)
		take_turn(hub);
}

/* Whether it was closed: nobody has been there for a while. */
static bool
close_deserted(struct hub *hub, int64_t now)
{
	if (hub_clients(hub) > 0 || feed_is_volatile(&hub->feed)) {
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
	int64_t left_ms = flush_window_left_ms(&hub->window, now);

	if (stream_ended(hub->feed.stream))
		return HUB_LINGER_MS;
	if (left_ms == 0)
		left_ms = stream_poll(hub->feed.stream).timeout_ms;
	if (hub->fanout.count > 0)
		left_ms = least(
		    left_ms, hub->sent_ms + hub->conf->heartbeat_ms - now);
	return least(left_ms, HUB_LINGER_MS);
}

static bool
is_cut_off(const struct hub *hub)
{
	return stream_source(hub->feed.stream)->is_remote &&
	       stream_poll(hub->feed.stream).error != 0;
}

static void
settle(struct hub *hub, bool more, const struct budget *budget)
{
	int64_t now = now_ms(hub);

	feed_note_trouble(&hub->feed);
	hub->is_cut_off = is_cut_off(hub);
	log_overruns(hub, now);
	fanout_rest(&hub->fanout);
	if (stream_ended(hub->feed.stream) && !hub->fanout.running)
		more = fanout_end(&hub->fanout, CLIENT_ENDED, budget) || more;
	if (close_deserted(hub, now))
		return;
	watch_source(hub);
	loop_timer_set(hub->timer, more ? 0 : rest_ms(hub, now));
	if (hub->readers > 0)
		hub->options->followers.wake(hub->options->followers.context);
}

static void
take_turn(void *context)
{
	struct hub *hub = context;
	struct budget budget = budget_begin(hub->options->clock, HUB_TURN_MS);
	int sends = HUB_SENDS_MAX, pulls = HUB_PULLS_MAX;
	bool more = true, over = false;

	if (hub->feed.stream == NULL) {
		/* Nobody has gone on with it. */
		close_hub(hub);
		if (feed_is_volatile(&hub->feed))
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
	hub->timer = loop_timer_new(options->loop, take_turn, hub);
	error = feed_init(&hub->feed, conf, options->clock, options->log,
	    options->hints, &hub->stats);
	if (hub->timer == NULL)
		error = -ENOMEM;
	hub->waiter = (struct hint_waiter){.wake = wake, .context = hub};
	source_shared_wake(hub->feed.shared, &hub->waiter);
	if (error != 0) {
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
	feed_done(&hub->feed);
	hint_waiter_rest(hub->options->hints, &hub->waiter);
	loop_timer_free(hub->timer);
	free(hub);
}

int
hub_join(struct hub *hub, struct client *client, uint64_t offset)
{
	int error;

	assert(hub->feed.stream != NULL && !hub->retired);
	error = fanout_add(&hub->fanout, client, offset);
	if (error != 0)
		return error;
	client->write_timeout_ms = hub->conf->write_timeout_ms;
	if (stream_ended(hub->feed.stream))
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
	if (hub->readers == 0 && hub->feed.stream != NULL &&
	    hub->deserted_ms < 0 && hub->fanout.count == 0)
		loop_timer_set(hub->timer, 0);
}

void
hub_retire(struct hub *hub)
{
	assert(!hub->retired);
	hub->retired = true;
	hub->is_cut_off = false;
	hub->fanout.running = false;
	loop_timer_free(hub->timer);
	hub->timer = NULL;
	source_watch_done(&hub->watch);
	/* Another hub may want to open what this one had. */
	feed_stop(&hub->feed);
}

bool
hub_dismiss(struct hub *hub, const struct budget *budget)
{
	const struct hub_followers *followers = &hub->options->followers;

	assert(hub->retired);
	/* Of all streams' readers those of this one are looked for. */
	return (hub->readers > 0 &&
		   followers->dismiss(followers->context, hub, budget)) ||
	       fanout_end(&hub->fanout, CLIENT_RELOADED, budget);
}

const struct hub_ops hub_ops = {
    .make = hub_new,
    .free = hub_free,
    .begin = hub_begin,
    .look = hub_look,
    .clients = hub_clients,
    .retire = hub_retire,
    .dismiss = hub_dismiss,
};
