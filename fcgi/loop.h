/*
 * loop.h - descriptors, times and signals of a program that never blocks.
 *
 * libevent behind a few calls: its core, with level-triggered epoll.
 */
#ifndef LOOP_H
#define LOOP_H

#include "watched.h"

struct loop;
struct loop_timer;

typedef void loop_time_function(void *context);

/* 0 and *ret_loop, -ENOMEM, or why it gets no descriptor. */
int loop_new(struct loop **ret_loop);

/* NULL is allowed, as in all x_free().  Everything in it was freed before. */
void loop_free(struct loop *loop);

/* Runs until loop_stop(): 0, or -EIO when it cannot wait. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/*
 * A descriptor that is waited for; nothing yet.  NULL when memory is used up.
 * It is freed before the descriptor is closed; also in its own function.
 * loop_watch_set() and loop_watch_free() are in watched.h.
 */
struct loop_watch *loop_watch_new(
    struct loop *loop, int fd, loop_ready_function *ready, void *context);

/*
 * The same for a descriptor that does not wait until others have had their
 * turn: loop_look() looks at it, too.  What is waited for is set as above.
 */
struct loop_watch *loop_watch_new_urgent(
    struct loop *loop, int fd, loop_ready_function *ready, void *context);

/*
 * In the middle of what the loop has called: calls the function of one urgent
 * descriptor that is ready, if there is any.
 */
void loop_look(struct loop *loop);

/* A timer that does not run.  NULL when memory is used up. */
struct loop_timer *loop_timer_new(
    struct loop *loop, loop_time_function *time, void *context);
void loop_timer_free(struct loop_timer *timer);

/*
 * Calls the function once, so many milliseconds from now, instead of when it
 * was to be called: 0 is after what is ready now has been looked at, and it
 * stays so whatever is set meanwhile.
 */
void loop_timer_set(struct loop_timer *timer, int64_t after_ms);

/* Calls the function when the signal comes: 0 or -ENOMEM. */
int loop_signal(
    struct loop *loop, int number, loop_time_function *function, void *context);

#endif
