/*
 * worker.c - the process: its parts, what was said of all of them together, and
 * its end.
 */
#include "config.h"

#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "acceptor.h"
#include "arrivals.h"
#include "clients.h"
#include "conf/conf_error.h"
#include "conf/conf_setting.h"
#include "notify.h"
#include "process.h"
#include "program/program.h"
#include "signals.h"
#include "source/watch.h"
#include "wakeup.h"

/* Each user may have so many instances, all programs together. */
#define NO_HINTS                                                        \
	"no inotify instance is left: logs are looked at every %d ms; " \
	"raise the sysctl fs.inotify.max_user_instances, and start again"

struct worker {
	struct worker_options options;
	struct loop *loop;
	struct libfcgi *libfcgi;
	struct clients clients;
	struct readers readers;
	struct wakeup wakeup;
	struct hub_options hub_options;
	struct hubs hubs;
	struct arrivals arrivals;
	struct pending pending;
	struct undecided undecided;
	int64_t begun_ms;
	uint64_t gone[CLIENT_WHYS];
	uint64_t reloads;
	uint64_t reloads_failed;
	struct acceptor acceptor;
	struct loop_timer *tick;
	struct loop_timer *stop;
};

/* ------------------------------------------------------- its clients -- */

static void
take_closed(void *context, enum client_why why)
{
	struct worker *worker = context;

	assert(why < CLIENT_WHYS);
	worker->gone[why]++;
	if (worker->clients.stopping && worker->clients.count == 0)
		loop_timer_set(worker->stop, 0);
}

static void
take_request(void *context, struct client *client)
{
	struct worker *worker = context;

	arrivals_take(&worker->arrivals, client);
}

/* ----------------------------------------------- its times and its end -- */

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

/* A worker without clients sleeps. */
static void
take_woken(void *context)
{
	struct worker *worker = context;

	loop_timer_set(worker->tick, WORKER_TICK_MS);
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

	/* Who tells it again and again does not put off its end. */
	if (worker->clients.stopping)
		return;
	(void)notify_send(worker->options.notify, "STOPPING=1");
	acceptor_stop(&worker->acceptor);
	clients_end(&worker->clients);
	loop_timer_set(
	    worker->stop, worker->clients.count > 0 ? WORKER_STOP_MS : 0);
}

/* ---------------------------------------------------------------- setup -- */

/* What was said for all streams together. */
static void
obey(struct worker *worker, const struct worker_setup *setup)
{
	const struct worker_conf conf = conf_worker(setup->conf);
	struct arrivals *arrivals = &worker->arrivals;

	assert(setup->share.clients > 0 && setup->share.readers > 0);
	arrivals->clients_max = setup->share.clients;
	arrivals->quiet = conf.quiet;
	arrivals->dispatch.conf = worker->hubs.conf;
	arrivals->dispatch.status = conf.status;
	worker->clients.clients_max = (uint32_t)setup->share.clients;
	worker->readers.reading_max = setup->share.readers;
	/* Those beyond the clients are turned away. */
	worker->acceptor.connections_max =
	    setup->share.clients + setup->share.spare;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/*
 * The socket is not made anew, as nobody could connect in between: it is that
 * of the start.
 */
static void
tell_what_stays(struct worker *worker)
{
	const char *first = conf_worker(worker->options.setup.conf).listen;

	if (!same_text(first, conf_worker(worker->hubs.conf).listen))
		log_line(worker->options.log,
		    "listen: the socket stays as it is until a restart");
}

static int
reload(struct worker *worker, struct conf_error *ret_error)
{
	const struct worker_options *options = &worker->options;
	struct worker_setup setup = {.conf = NULL};
	int error = options->read(options->context, &setup, ret_error);

	if (error != 0)
		return error;
	error = hubs_load(&worker->hubs, setup.conf);
	if (error == 0)
		obey(worker, &setup);
	conf_free(setup.conf);
	return error;
}

/* A log that was moved away is made anew, whatever else is wrong. */
static void
reopen_log(struct worker *worker)
{
	struct log *log = worker->options.log;
	const struct conf *conf = worker->hubs.conf;
	const struct conf_place place = conf_place_of(conf, CONF_KEY_LOG);
	struct conf_error why;
	int error = log_reopen(log, conf_log(conf));

	if (error == 0)
		return;
	(void)conf_refuse(&why, &place,
	    "%s cannot be opened, and the log stays what it is: %s",
	    conf_quote(sse_slice(conf_log(conf))).text, strerror(-error));
	log_line(log, "%s", why.text);
}

static void
take_reload(void *context)
{
	struct worker *worker = context;
	const char *notify = worker->options.notify;
	struct conf_error why = {""};
	int error;

	if (worker->clients.stopping)
		return;
	(void)notify_reloading(notify);
	error = reload(worker, &why);
	reopen_log(worker);
	worker->reloads += error == 0;
	worker->reloads_failed += error != 0;
	if (error == 0) {
		tell_what_stays(worker);
		log_line(worker->options.log, "the configuration is read anew");
	} else if (error == -EINVAL)
		log_line(worker->options.log,
		    "nothing is changed, as the configuration is refused: %s",
		    why.text);
	else
		log_line(worker->options.log,
		    "nothing is changed, as the configuration is not taken: %s",
		    strerror(-error));
	if (!wakeup_works(&worker->wakeup))
		log_line(worker->options.log, NO_HINTS, WATCH_POLL_MS);
	hubs_begin(&worker->hubs);
	(void)notify_send(notify, "READY=1");
}

static void
gather(void *context, struct status_worker *ret_worker)
{
	const struct worker *worker = context;
	const struct readers *readers = &worker->readers;
	int64_t now = sse_clock_monotonic_ms(sse_clock_system());

	*ret_worker = (struct status_worker){
	    .uptime_s = (uint64_t)(now - worker->begun_ms) / 1000,
	    .connections = worker->clients.count,
	    .requests = worker->arrivals.dispatch.requests,
	    .clients_max = worker->arrivals.clients_max,
	    .readers = readers->reading_count,
	    .readers_waiting = readers_waiting(readers),
	    .reloads = worker->reloads,
	    .reloads_failed = worker->reloads_failed,
	    .resident = process_resident(),
	};
	memcpy(ret_worker->gone, worker->gone, sizeof(worker->gone));
}

/* ---------------------------------------------------------------- life -- */

static int
make_hubs(struct worker *worker)
{
	int error;

	error = wakeup_init(&worker->wakeup, worker->loop, sse_clock_system());
	if (error != 0)
		return error;
	worker->hub_options = (struct hub_options){
	    .loop = worker->loop,
	    .clock = sse_clock_system(),
	    .log = worker->options.log,
	    .hints = worker->wakeup.hints,
	    .random = program_random,
	    .followers = readers_followers(&worker->readers),
	};
	error = hubs_init(&worker->hubs, &worker->hub_options, &hub_ops);
	return error != 0
		   ? error
		   : hubs_load(&worker->hubs, worker->options.setup.conf);
}

static void
make_arrivals(struct worker *worker)
{
	const struct arrivals_parts parts = {
	    .ops = &libfcgi_ops,
	    .clock = sse_clock_system(),
	    .libfcgi = worker->libfcgi,
	    .hubs = &worker->hubs,
	    .readers = &worker->readers,
	    .pending = &worker->pending,
	    .undecided = &worker->undecided,
	    .log = worker->options.log,
	    .gather = gather,
	    .context = worker,
	};

	arrivals_init(&worker->arrivals, &parts);
	obey(worker, &worker->options.setup);
}

static int
make_timers(struct worker *worker)
{
	worker->tick = loop_timer_new(worker->loop, take_tick, worker);
	worker->stop = loop_timer_new(worker->loop, end_loop, worker);
	return worker->tick != NULL && worker->stop != NULL ? 0 : -ENOMEM;
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
		error = readers_init(&worker->readers, worker->loop, clock);
	if (error == 0)
		error = pending_init(&worker->pending, worker->loop, clock,
		    take_request, worker);
	if (error == 0)
		error = undecided_init(&worker->undecided, worker->loop, clock);
	if (error == 0)
		error = make_timers(worker);
	if (error == 0)
		error = acceptor_init(&worker->acceptor, worker->loop,
		    worker->options.listener, &worker->clients,
		    worker->options.log);
	if (error == 0)
		error = make_hubs(worker);
	if (error == 0)
		error =
		    signals_take(worker->loop, take_stop, take_reload, worker);
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
	make_arrivals(worker);
	worker->begun_ms = sse_clock_monotonic_ms(sse_clock_system());
	worker->clients.request = take_request;
	worker->clients.closed = take_closed;
	worker->clients.context = worker;
	worker->acceptor.woken = take_woken;
	worker->acceptor.context = worker;
	*ret_worker = worker;
	return 0;
}

void
worker_free(struct worker *worker)
{
	if (worker == NULL)
		return;
	clients_done(&worker->clients);
	pending_done(&worker->pending);
	undecided_done(&worker->undecided);
	readers_done(&worker->readers);
	hubs_done(&worker->hubs);
	wakeup_done(&worker->wakeup);
	acceptor_done(&worker->acceptor);
	loop_timer_free(worker->tick);
	loop_timer_free(worker->stop);
	libfcgi_free(worker->libfcgi);
	loop_free(worker->loop);
	free(worker);
}

int
worker_run(struct worker *worker)
{
	int error;

	assert(worker->clients.count == 0 && !worker->clients.stopping);
	if (!wakeup_works(&worker->wakeup))
		log_line(worker->options.log, NO_HINTS, WATCH_POLL_MS);
	hubs_begin(&worker->hubs);
	error = acceptor_begin(&worker->acceptor);
	if (error != 0)
		return error;
	(void)notify_send(worker->options.notify, "READY=1");
	return loop_run(worker->loop);
}
