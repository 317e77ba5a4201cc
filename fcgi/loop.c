/*
 * loop.c - libevent; the only file that knows it.
 *
 * Urgent descriptors are in an epoll of their own, which libevent waits for
 * like for any other descriptor.
 */
#include "config.h"

#include "loop.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "clock.h"

#define SIGNALS_MAX 4
#define LOOK_US 200 /* of others, and then what is urgent is looked at */
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
	int urgent; /* an epoll of the urgent ones; -1: there is none */
	struct loop_watch *urgent_watch;
	int64_t spent_us; /* by others, since the urgent ones were looked at */
};

struct loop_watch {
	struct event *event; /* NULL: it is urgent */
	struct loop *loop;
	int fd;
	short events; /* that are waited for */
	loop_ready_function *ready;
	void *context;
};

struct loop_timer {
	struct event *event;
	struct loop *loop;
	loop_time_function *time;
	void *context;
	bool set;  /* else it only keeps its place */
	bool soon; /* it was set to 0, and has not been called yet */
};

/* ------------------------------------------------------------ urgent -- */

/*
 * One at a time: the kernel puts it behind the others that are ready, and its
 * function may free it.
 */
void
loop_look(struct loop *loop)
{
	const unsigned hung = EPOLLHUP | EPOLLERR;
	const struct loop_watch *watch;
	struct epoll_event event;

	if (loop->urgent >= 0 && epoll_wait(loop->urgent, &event, 1, 0) == 1) {
		watch = event.data.ptr;
		watch->ready(watch->context,
		    (event.events & (EPOLLIN | hung)) != 0,
		    (event.events & (EPOLLOUT | hung)) != 0);
	}
	loop->spent_us = 0;
}

static void
take_urgent(void *context, bool readable, bool writable)
{
	(void)readable;
	(void)writable;
	loop_look(context);
}

/*
 * Between two functions of one turn, the first of which began then.  libevent
 * would not: it looks anew only when its limit is over, by a clock of some
 * milliseconds, and calls what was ready before first.  The others have LOOK_US
 * each time, so that they go on however often something is urgent.  What was
 * waited before is not theirs: the urgent ones were waited for, too.
 */
static void
look_in_between(struct loop *loop, int64_t began_us)
{
	loop->spent_us += sse_clock_monotonic_us(sse_clock_system()) - began_us;
	if (loop->spent_us >= LOOK_US)
		loop_look(loop);
}

/* ------------------------------------------------------- descriptors -- */

/* Its function may free it. */
static void
tell_ready(evutil_socket_t fd, short what, void *context)
{
	const struct loop_watch *watch = context;
	struct loop *loop = watch->loop;
	int64_t began_us = sse_clock_monotonic_us(sse_clock_system());

	(void)fd;
	watch->ready(
	    watch->context, (what & EV_READ) != 0, (what & EV_WRITE) != 0);
	look_in_between(loop, began_us);
}

static struct loop_watch *
make_watch(struct loop *loop, int fd, loop_ready_function *ready, void *context)
{
	struct loop_watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return NULL;
	watch->loop = loop;
	watch->fd = fd;
	watch->ready = ready;
	watch->context = context;
	return watch;
}

struct loop_watch *
loop_watch_new(
    struct loop *loop, int fd, loop_ready_function *ready, void *context)
{
	struct loop_watch *watch = make_watch(loop, fd, ready, context);

	if (watch == NULL)
		return NULL;
	watch->event = event_new(loop->base, fd, 0, tell_ready, watch);
	if (watch->event == NULL) {
		free(watch);
		return NULL;
	}
	return watch;
}

void
loop_watch_free(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	(void)loop_watch_set(watch, false, false);
	if (watch->event != NULL)
		event_free(watch->event);
	free(watch);
}

/* 0 or -ENOMEM. */
static int
set_urgent(struct loop_watch *watch, short events)
{
	struct epoll_event wanted = {.data.ptr = watch};

	if (watch->events != 0)
		(void)epoll_ctl(
		    watch->loop->urgent, EPOLL_CTL_DEL, watch->fd, &wanted);
	watch->events = 0;
	if ((events & EV_READ) != 0)
		wanted.events |= EPOLLIN;
	if ((events & EV_WRITE) != 0)
		wanted.events |= EPOLLOUT;
	if (events != 0 && epoll_ctl(watch->loop->urgent, EPOLL_CTL_ADD,
			       watch->fd, &wanted) != 0)
		return -ENOMEM;
	watch->events = events;
	return 0;
}

int
loop_watch_set(struct loop_watch *watch, bool readable, bool writable)
{
	short events =
	    (short)((readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));

	if (events == watch->events)
		return 0;
	if (watch->event == NULL)
		return set_urgent(watch, events);
	(void)event_del(watch->event);
	watch->events = 0;
	if (events == 0)
		return 0;
	(void)event_assign(watch->event, watch->loop->base, watch->fd,
	    (short)(events | EV_PERSIST), tell_ready, watch);
	if (event_add(watch->event, NULL) != 0)
		return -ENOMEM;
	watch->events = events;
	return 0;
}

/* 0, -ENOMEM, or why there is no descriptor for it. */
static int
make_urgent(struct loop *loop)
{
	loop->urgent = epoll_create1(EPOLL_CLOEXEC);
	if (loop->urgent < 0)
		return -errno;
	loop->urgent_watch =
	    loop_watch_new(loop, loop->urgent, take_urgent, loop);
	if (loop->urgent_watch == NULL)
		return -ENOMEM;
	return loop_watch_set(loop->urgent_watch, true, false);
}

struct loop_watch *
loop_watch_new_urgent(
    struct loop *loop, int fd, loop_ready_function *ready, void *context)
{
	return make_watch(loop, fd, ready, context);
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
	look_in_between(loop, began_us);
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
		loop->urgent = -1;
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
	error = make_urgent(loop);
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
	loop_watch_free(loop->urgent_watch);
	if (loop->urgent >= 0)
		(void)close(loop->urgent);
	event_base_free(loop->base);
	free(loop);
}

int
loop_run(struct loop *loop)
{
	return event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0 ? -EIO
									: 0;
}

void
loop_stop(struct loop *loop)
{
	(void)event_base_loopbreak(loop->base);
}
