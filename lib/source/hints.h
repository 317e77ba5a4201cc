/*
 * hints.h - what tells a process of changes, for all its sources.
 *
 * There are two inotify instances: one for the names in folders, of which each
 * counts, and one for the contents of files, of which there may be very many.
 * So a writer in a hurry cannot make anybody miss a name.
 */
#ifndef HINTS_H
#define HINTS_H

#include <sys/queue.h>

#include "source/inotify.h"

/* Who is woken when there is something to look at; zeroed but for wake. */
struct hint_waiter {
	TAILQ_ENTRY(hint_waiter) link;
	bool is_due;
	void (*wake)(void *context); /* NULL: nobody is */
	void *context;
};

struct source_hints {
	struct inotify *names;
	struct inotify *files;
	TAILQ_HEAD(, hint_waiter) due; /* to be woken */
	/* Somebody has to be; NULL: source_hints_wake() is called anyway. */
	void (*told)(void *context);
	void *context;
};

/* NULL: no memory. */
struct source_hints *source_hints_new(void);

/* Nobody waits any more.  NULL is allowed. */
void source_hints_free(struct source_hints *hints);

/* Takes the hints that wait: who has to look is due afterwards. */
void source_hints_drain(struct source_hints *hints);

/* Wakes the next one who is due: whether there was one. */
bool source_hints_wake(struct source_hints *hints);

/* The waiter, who is borrowed, has to look; or has looked, or goes. */
void hint_waiter_call(struct source_hints *hints, struct hint_waiter *waiter);
void hint_waiter_rest(struct source_hints *hints, struct hint_waiter *waiter);

#endif
