/*
 * loop.c - libevent; the only file that knows it.
 *
 * Of descriptors it knows two epolls, in which they are: watched.h.
 */
#include "config.h"

#include "loop.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#include "clock.h"

#define SIGNALS_MAX 4
#define AFTER_MAX_MS INT64_C(86400000) /* a day: then the caller looks anew */

struct loop_signal {
	struct event *event;
	loop_time_function *function;
	void *context;
};

struct loop {
	struct event_base *base;
	struct loop_signal signals[SIGNALS_MAX];
	int signals_count;
	struct watched watched;
	struct event *urgent; /* of its two epolls */
	struct event *others;
};

struct loop_timer {
	struct event *event;
	struct loop *loop;
	loop_time_function *time;
	void *context;
	bool set;  /* else it only keeps its place */
	bool soon; /* it was set to 0, and has not been called yet */
};

/* ------------------------------------------------------- descriptors -- */

static void
take_urgent(evutil_socket_t fd, short what, void *context)
{
	struct loop *loop = context;

	(void)fd;
	(void)what;
	watched_take_urgent(&loop->watched);
}

static void
take_others(evutil_socket_t fd, short what, void *context)
{
	struct loop *loop = context;

	(void)fd;
	(void)what;
	watched_take_others(&loop->watched);
}

/* NULL: no memory. */
static struct event *
wait_for_epoll(struct loop *loop, int fd, event_callback_fn take)
{
	struct event *event =
	    event_new(loop->base, fd, EV_READ | EV_PERSIST, take, loop);

	if (event == NULL || event_add(event, NULL) == 0)
		return event;
	event_free(event);
	return NULL;
}

/* 0, -ENOMEM, or why there are no descriptors for it. */
static int
make_watched(struct loop *loop)
{
	int error = watched_init(&loop->watched);

	if (error != 0)
		return error;
	loop->urgent = wait_for_epoll(loop, loop->watched.urgent, take_urgent);
	loop->others = wait_for_epoll(loop, loop->watched.others, take_others);
	return loop->urgent != NULL && loop->others != NULL ? 0 : -ENOMEM;
}

struct loop_watch *
loop_watch_new(
    struct loop *loop, int fd, loop_ready_function *ready, void *context)
{
	return watched_add(&loop->watched, false, fd, ready, context);
}

struct loop_watch *
loop_watch_new_urgent(
    struct loop *loop, int fd, loop_ready_function *ready, void *context)
{
	return watched_add(&loop->watched, true, fd, ready, context);
}

void
loop_look(struct loop *loop)
{
	watched_look(&loop->watched);
}

/* ------------------------------------------------------------- times -- */

/*
 * Waits, at most for a day: 0 or -1.  libevent allocates a place for each that
 * waits, and where it cannot, a timer would never be called again.  So each has
 * its place from the beginning, and never gives it up.
 */
static int
wait_for(struct loop_timer *timer, int64_t after_ms)
{
	const struct timeval after = {
	    .tv_sec = (time_t)(after_ms / 1000),
	    .tv_usec = (suseconds_t)(after_ms % 1000 * 1000),
	};

	return event_add(timer->event, &after);
}

static void
tell_time(evutil_socket_t fd, short what, void *context)
{
	struct loop_timer *timer = context;
	struct loop *loop = timer->loop;
	int64_t began_us = sse_clock_monotonic_us(sse_clock_system());
	bool set = timer->set;

	(void)fd;
	(void)what;
	timer->soon = timer->set = false;
	(void)wait_for(timer, AFTER_MAX_MS);
	if (set)
		timer->time(timer->context);
	watched_spend(&loop->watched, began_us);
}

void
loop_timer_free(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	event_free(timer->event);
	free(timer);
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_time_function *time, void *context)
{
	struct loop_timer *timer = calloc(1, sizeof(*timer));

	if (timer == NULL)
		return NULL;
	timer->loop = loop;
	timer->time = time;
	timer->context = context;
	timer->event = event_new(loop->base, -1, 0, tell_time, timer);
	if (timer->event == NULL) {
		free(timer);
		return NULL;
	}
	if (wait_for(timer, AFTER_MAX_MS) != 0) {
		loop_timer_free(timer);
		return NULL;
	}
	return timer;
}

void
loop_timer_set(struct loop_timer *timer, int64_t after_ms)
{
	/* To set one anew that is due would put it off again and again. */
	if (timer->soon)
		return;
	timer->set = true;
	timer->soon = after_ms <= 0;
	if (after_ms < 0)
		after_ms = 0;
	if (after_ms > AFTER_MAX_MS)
		after_ms = AFTER_MAX_MS;
	(void)wait_for(timer, after_ms);
}

static void
tell_signal(evutil_socket_t number, short what, void *context)
{
	const struct loop_signal *signal = context;

	(void)number;
	(void)what;
	signal->function(signal->context);
}

int
loop_signal(
    struct loop *loop, int number, loop_time_function *function, void *context)
{
	struct loop_signal *signal = &loop->signals[loop->signals_count];

	if (loop->signals_count == SIGNALS_MAX)
		return -ENOMEM;
	signal->function = function;
	signal->context = context;
	signal->event = evsignal_new(loop->base, number, tell_signal, signal);
	if (signal->event == NULL)
		return -ENOMEM;
	loop->signals_count++;
	return event_add(signal->event, NULL) == 0 ? 0 : -ENOMEM;
}

/* -------------------------------------------------------------- life -- */

/*
 * Many functions may be called in one turn, and each of them may take as long
 * as its own budget is: so their sum has a limit, too.
 */
static int
limit_turns(struct event_config *config)
{
	const struct timeval limit = {.tv_usec = LOOP_TURN_MS * 1000};

	return event_config_set_max_dispatch_interval(config, &limit, -1, 0);
}

int
loop_new(struct loop **ret_loop)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	struct event_config *config = event_config_new();
	int error;

	if (loop != NULL)
		loop->watched.urgent = loop->watched.others = -1;
	if (loop != NULL && config != NULL && limit_turns(config) == 0) {
		/* Timers of 0 need no more than the clock of the loop. */
		(void)event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
		loop->base = event_base_new_with_config(config);
	}
	if (config != NULL)
		event_config_free(config);
	if (loop == NULL || loop->base == NULL) {
		free(loop);
		return -ENOMEM;
	}
	error = make_watched(loop);
	if (error != 0) {
		loop_free(loop);
		return error;
	}
	*ret_loop = loop;
	return 0;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	for (int i = 0; i < loop->signals_count; i++)
		event_free(loop->signals[i].event);
	if (loop->urgent != NULL)
		event_free(loop->urgent);
	if (loop->others != NULL)
		event_free(loop->others);
	watched_done(&loop->watched);
	event_base_free(loop->base);
	free(loop);
}

int
loop_run(struct loop *loop)
{
	loop->watched.stops = false;
	return event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0 ? -EIO
									: 0;
}

void
loop_stop(struct loop *loop)
{
	loop->watched.stops = true;
	(void)event_base_loopbreak(loop->base);
}
