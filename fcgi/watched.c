/*
 * watched.c - the descriptors of a loop, in two epolls.
 */
#include "config.h"

#include "watched.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"

struct loop_watch {
	struct watched *all;
	loop_ready_function *ready;
	void *context;
	int epoll; /* that it is in */
	int fd;
	uint32_t events; /* that are waited for */
};

int
watched_init(struct watched *watched)
{
	*watched = (struct watched){.urgent = epoll_create1(EPOLL_CLOEXEC)};
	watched->others =
	    watched->urgent >= 0 ? epoll_create1(EPOLL_CLOEXEC) : -1;
	return watched->others >= 0 ? 0 : -errno;
}

void
watched_done(struct watched *watched)
{
	if (watched->urgent >= 0)
		(void)close(watched->urgent);
	if (watched->others >= 0)
		(void)close(watched->others);
	watched->urgent = watched->others = -1;
}

/* ------------------------------------------------------------ urgent -- */

/* Its function may free it. */
static void
tell(const struct loop_watch *watch, uint32_t what)
{
	if ((what & (EPOLLHUP | EPOLLERR)) != 0)
		what |= EPOLLIN | EPOLLOUT;
	what &= watch->events;
	/* It may wait for something else by now. */
	if (what != 0)
		watch->ready(watch->context, (what & EPOLLIN) != 0,
		    (what & EPOLLOUT) != 0);
}

/*
 * One at a time: the kernel puts it behind the others that are ready, and its
 * function may free it.
 */
void
watched_look(struct watched *watched)
{
	struct epoll_event event;

	if (watched->urgent >= 0 &&
	    epoll_wait(watched->urgent, &event, 1, 0) == 1)
		tell(event.data.ptr, event.events);
	watched->spent_us = 0;
}

/* The only one need not be asked for; it may be told once too often. */
void
watched_take_urgent(struct watched *watched)
{
	if (watched->urgent_count == 1 && watched->urgent_last != NULL) {
		tell(watched->urgent_last, watched->urgent_last->events);
		watched->spent_us = 0;
	} else {
		watched_look(watched);
	}
}

/*
 * Between two functions of one turn, the first of which began then.  libevent
 * would not: it calls what was ready before first.  The others have
 * WATCHED_LOOK_US each time, so that they go on however often something is
 * urgent.  What was waited before is not theirs: the urgent ones were waited
 * for, too.
 */
void
watched_spend(struct watched *watched, int64_t began_us)
{
	watched->spent_us +=
	    sse_clock_monotonic_us(sse_clock_system()) - began_us;
	if (watched->spent_us >= WATCHED_LOOK_US)
		watched_look(watched);
}

/* ------------------------------------------------------- descriptors -- */

/*
 * When the turn is over, who was not told is the first in the next one: else
 * one that always has something to do would come before the same others again.
 */
void
watched_take_others(struct watched *watched)
{
	int64_t began_us = sse_clock_monotonic_us(sse_clock_system());
	int64_t now_us = began_us;

	if (watched->ready_at >= watched->ready_count) {
		watched->ready_at = 0;
		watched->ready_count = epoll_wait(
		    watched->others, watched->ready, WATCHED_READY_MAX, 0);
	}
	while (watched->ready_at < watched->ready_count && !watched->stops &&
	       now_us - began_us < LOOP_TURN_MS * 1000) {
		const struct epoll_event *event =
		    &watched->ready[watched->ready_at++];

		if (event->data.ptr == NULL)
			continue;
		tell(event->data.ptr, event->events);
		watched_spend(watched, now_us);
		now_us = sse_clock_monotonic_us(sse_clock_system());
	}
}

/* It is not told of what it was ready for. */
static void
forget_ready(const struct loop_watch *watch)
{
	struct watched *watched = watch->all;

	for (int i = watched->ready_at; i < watched->ready_count; i++)
		if (watched->ready[i].data.ptr == watch)
			watched->ready[i].data.ptr = NULL;
}

struct loop_watch *
watched_add(struct watched *watched, bool urgent, int fd,
    loop_ready_function *ready, void *context)
{
	struct loop_watch *watch = malloc(sizeof(*watch));

	if (watch != NULL)
		*watch = (struct loop_watch){
		    .all = watched,
		    .ready = ready,
		    .context = context,
		    .epoll = urgent ? watched->urgent : watched->others,
		    .fd = fd,
		};
	return watch;
}

void
loop_watch_free(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	(void)loop_watch_set(watch, false, false);
	free(watch);
}

static void
note_urgent(struct loop_watch *watch, bool is_waited_for)
{
	struct watched *watched = watch->all;

	watched->urgent_count += (size_t)is_waited_for;
	watched->urgent_count -= (size_t)(watch->events != 0);
	if (is_waited_for)
		watched->urgent_last = watch;
	else if (watched->urgent_last == watch)
		watched->urgent_last = NULL;
}

int
loop_watch_set(struct loop_watch *watch, bool readable, bool writable)
{
	struct epoll_event wanted = {.data.ptr = watch};
	int what = watch->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

	wanted.events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
	if (wanted.events == watch->events)
		return 0;
	if (wanted.events == 0) {
		what = EPOLL_CTL_DEL;
		forget_ready(watch);
	}
	if (epoll_ctl(watch->epoll, what, watch->fd, &wanted) != 0 &&
	    what != EPOLL_CTL_DEL)
		return -ENOMEM;
	if (watch->epoll == watch->all->urgent)
		note_urgent(watch, wanted.events != 0);
	watch->events = wanted.events;
	return 0;
}
