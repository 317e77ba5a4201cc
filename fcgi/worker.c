/*
 * worker.c - the process: connections, times and signals.
 */
#include "config.h"

#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "clients.h"
#include "dispatch.h"
#include "notify.h"
#include "process.h"
#include "program/program.h"

struct worker {
	struct worker_options options;
	struct loop *loop;
	struct libfcgi *libfcgi;
	struct clients clients;
	struct readers readers;
	struct source_hints *hints; /* for all sources */
	struct hub_options hub_options;
	struct hubs hubs;
	struct dispatch dispatch;
	struct pending pending;
	size_t spare; /* connections beyond the clients, to be turned away */
	int64_t begun_ms;
	uint64_t gone[CLIENT_WHYS];
	uint64_t reloads;
	uint64_t reloads_failed;
	struct loop_watch *watch;  /* of the listener */
	int accept_error;          /* that was logged */
	struct loop_timer *resume; /* accepting */
	struct loop_timer *tick;
	struct loop_timer *stop;
};

/* ----------------------------------------------------------- accepting -- */

static bool
is_full(const struct worker *worker)
{
	return worker->clients.count >=
	       worker->dispatch.clients_max + worker->spare;
}

static bool
has_place(const struct worker *worker)
{
	return !is_full(worker) || clients_are_idle(&worker->clients);
}

/* 0 or -ENOMEM; to stop never fails. */
static int
accept_more(struct worker *worker, bool more)
{
	if (worker->watch == NULL)
		return 0;
	return loop_watch_set(worker->watch, more, false);
}

/* One of those that wait: 0, or why not. */
static int
accept_one(struct worker *worker)
{
	int fd = listener_accept(worker->options.listener);

	if (fd == -EACCES || fd == -ECONNABORTED || fd == -EINTR)
		return 0;
	if (fd < 0)
		return fd;
	/* Who has not asked for the longest time gives its place to it. */
	if (is_full(worker))
		clients_close_idle(&worker->clients);
	(void)client_new(&worker->clients, fd);
	/* A worker without clients sleeps. */
	if (worker->clients.count == 1)
		loop_timer_set(worker->tick, WORKER_TICK_MS);
	return 0;
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
	struct budget budget =
	    budget_begin(sse_clock_system(), WORKER_ACCEPT_MS);
	int error = 0;

	(void)readable;
	(void)writable;
	while (has_place(worker) && error == 0) {
		error = accept_one(worker);
		/* The others' turn; those who wait are told of again. */
		if (error == 0 && budget_is_over(&budget))
			return;
	}
	if (error == -EAGAIN) {
		worker->accept_error = 0;
		return;
	}
	if (error != 0 && error != worker->accept_error) {
		worker->accept_error = error;
		log_line(worker->options.log, "accept: %s", strerror(-error));
	}
	(void)accept_more(worker, false);
	loop_timer_set(worker->resume, WORKER_PAUSE_MS);
}

static void
resume_accepting(void *context)
{
	struct worker *worker = context;

	if (accept_more(worker, true) != 0)
		loop_timer_set(worker->resume, WORKER_PAUSE_MS);
}

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

	dispatch_request(&worker->dispatch, client);
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

	(void)notify_send(worker->options.notify, "STOPPING=1");
	loop_watch_free(worker->watch);
	worker->watch = NULL;
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
	struct dispatch *dispatch = &worker->dispatch;

	assert(setup->share.clients > 0 && setup->share.readers > 0);
	dispatch->clients_max = setup->share.clients;
	dispatch->quiet = conf.quiet;
	dispatch->status = conf.status;
	worker->clients.clients_max = (uint32_t)setup->share.clients;
	worker->readers.reading_max = setup->share.readers;
	worker->spare = setup->share.spare;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The socket is not made anew: nobody could connect in between. */
static void
tell_what_stays(struct worker *worker, const struct conf *conf)
{
	if (!same_text(conf_worker(worker->hubs.conf).listen,
		conf_worker(conf).listen))
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
	tell_what_stays(worker, setup.conf);
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
	int error = log_reopen(log, conf_log(worker->hubs.conf));

	if (error != 0)
		log_line(log, "log: cannot be opened anew, and stays: %s",
		    strerror(-error));
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
	if (error == 0)
		log_line(worker->options.log, "the configuration is read anew");
	else if (error == -EINVAL)
		log_line(worker->options.log,
		    "nothing is changed, as the configuration is refused: %s",
		    why.text);
	else
		log_line(worker->options.log,
		    "nothing is changed, as the configuration is not taken: %s",
		    strerror(-error));
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
	    .requests = worker->dispatch.requests,
	    .clients_max = worker->dispatch.clients_max,
	    .readers = readers->reading_count,
	    .readers_waiting = readers_waiting(readers),
	    .reloads = worker->reloads,
	    .reloads_failed = worker->reloads_failed,
	    .resident = process_resident(),
	};
	memcpy(ret_worker->gone, worker->gone, sizeof(worker->gone));
}

/* Those that the worker obeys. */
static int
mask_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return sigprocmask(how, &set, NULL) == 0 ? 0 : -errno;
}

int
worker_hold_signals(void)
{
	return mask_signals(SIG_BLOCK);
}

static int
take_signals(struct worker *worker)
{
	static const int ends[] = {SIGTERM, SIGINT};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	int error = 0;

	if (sigaction(SIGPIPE, &ignore, NULL) != 0 ||
	    sigaction(SIGUSR1, &ignore, NULL) != 0)
		return -errno;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (error == 0)
			error = loop_signal(
			    worker->loop, ends[i], take_stop, worker);
	if (error == 0)
		error = loop_signal(worker->loop, SIGHUP, take_reload, worker);
	return error == 0 ? mask_signals(SIG_UNBLOCK) : error;
}

/* ---------------------------------------------------------------- life -- */

static int
make_hubs(struct worker *worker)
{
	int error;

	worker->hints = source_hints_new();
	if (worker->hints == NULL)
		return -ENOMEM;
	worker->hub_options = (struct hub_options){
	    .loop = worker->loop,
	    .clock = sse_clock_system(),
	    .log = worker->options.log,
	    .hints = worker->hints,
	    .random = program_random,
	    .followers = readers_followers(&worker->readers),
	};
	error = hubs_init(&worker->hubs, &worker->hub_options, &hub_ops);
	return error != 0
		   ? error
		   : hubs_load(&worker->hubs, worker->options.setup.conf);
}

static void
make_dispatch(struct worker *worker)
{
	worker->dispatch = (struct dispatch){
	    .libfcgi = worker->libfcgi,
	    .hubs = &worker->hubs,
	    .readers = &worker->readers,
	    .pending = &worker->pending,
	    .log = worker->options.log,
	    .gather = gather,
	    .context = worker,
	};
	obey(worker, &worker->options.setup);
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
		error = readers_init(&worker->readers, worker->loop, clock);
	if (error == 0)
		error = pending_init(&worker->pending, worker->loop, clock,
		    take_request, worker);
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
	make_dispatch(worker);
	worker->begun_ms = sse_clock_monotonic_ms(sse_clock_system());
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
	pending_done(&worker->pending);
	readers_done(&worker->readers);
	hubs_done(&worker->hubs);
	source_hints_free(worker->hints);
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
	int error;

	assert(worker->watch != NULL && worker->clients.count == 0);
	hubs_begin(&worker->hubs);
	error = accept_more(worker, true);
	if (error != 0)
		return error;
	(void)notify_send(worker->options.notify, "READY=1");
	return loop_run(worker->loop);
}
