/*
 * source_watch.h - the descriptor that a source is waited for at, in the loop.
 */
#ifndef SOURCE_WATCH_H
#define SOURCE_WATCH_H

#include "loop.h"
#include "source/source_ops.h"

/* Who waits.  Urgent: as loop_watch_new_urgent() has it. */
struct source_waiter {
	struct loop *loop;
	loop_ready_function *ready;
	void *context;
	bool urgent;
};

/* Zeroed, nothing is watched. */
struct source_watch {
	struct loop_watch *watch;
	uint64_t opened; /* as the poll had it */
	int fd;          /* likewise */
	short events;    /* likewise */
};

/*
 * Watches what the source says, and nothing where it names no descriptor: 0; or
 * -ENOMEM, and nothing is watched.
 */
int source_watch_set(struct source_watch *watch, const struct source_poll *poll,
    const struct source_waiter *waiter);

/* Nothing is watched any more. */
void source_watch_done(struct source_watch *watch);

bool source_watch_is_set(const struct source_watch *watch);

#endif
