/*
 * watched.h - the descriptors of a loop: the urgent ones, and the others.
 *
 * They are in an epoll each, which libevent waits for.  By itself it would keep
 * a place for each descriptor that it has ever seen, among the memory of the
 * clients: when a crowd has left nothing of that could be given back.
 */
#ifndef WATCHED_H
#define WATCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>

#define LOOP_TURN_MS 1       /* then it is looked what else is ready */
#define WATCHED_READY_MAX 64 /* of the others, that are told of in a row */
#define WATCHED_LOOK_US 200  /* of others, then the urgent are looked at */

struct loop_watch;

/* What a descriptor is ready for; a hang-up is both. */
typedef void loop_ready_function(void *context, bool readable, bool writable);

struct watched {
	int urgent;                     /* an epoll; -1: there is none */
	int others;                     /* likewise */
	size_t urgent_count;            /* that are waited for */
	struct loop_watch *urgent_last; /* the newest of them; NULL: it left */
	struct epoll_event ready[WATCHED_READY_MAX]; /* of the others */
	int ready_at; /* whom of these to tell next */
	int ready_count;
	int64_t spent_us; /* by others, since the urgent ones were looked at */
	bool stops;       /* nobody is told any more */
};

/* 0, or why there is no descriptor; then watched_done() has to follow. */
int watched_init(struct watched *watched);
void watched_done(struct watched *watched);

/* NULL when memory is used up. */
struct loop_watch *watched_add(struct watched *watched, bool urgent, int fd,
    loop_ready_function *ready, void *context);

/* One of the urgent is ready. */
void watched_take_urgent(struct watched *watched);

/* Some of the others are: they are told, or have their turn in the next one. */
void watched_take_others(struct watched *watched);

/* Calls the function of an urgent one that is ready, if there is any. */
void watched_look(struct watched *watched);

/*
 * Between two functions of one turn, the first of which began then: the urgent
 * ones are looked at when it is time to.
 */
void watched_spend(struct watched *watched, int64_t began_us);

void loop_watch_free(struct loop_watch *watch);

/* Waits for these from now on: 0, or -ENOMEM, and it is as it was. */
int loop_watch_set(struct loop_watch *watch, bool readable, bool writable);

#endif
