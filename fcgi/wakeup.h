/*
 * wakeup.h - hints of changes, in the loop: they wake whose logs have changed.
 *
 * Hints of what is in files do not wait until others have had their turn: a
 * line is on its way at once, however many logs there are.
 */
#ifndef WAKEUP_H
#define WAKEUP_H

#include "clock.h"
#include "loop.h"
#include "source/hints.h"

#define WAKEUP_TURN_MS 1 /* of waking, in one turn of the loop */

struct wakeup {
	const struct sse_clock *clock;
	struct source_hints *hints;
	struct loop_watch *files;
	struct loop_watch *names;
	struct loop_timer *timer; /* for who is due after a turn */
	bool is_waking;           /* whoever is due is woken just now */
};

/* 0 or -ENOMEM; then wakeup_done() has to follow. */
int wakeup_init(
    struct wakeup *wakeup, struct loop *loop, const struct sse_clock *clock);

/* Nobody waits any more. */
void wakeup_done(struct wakeup *wakeup);

/* Whether the system gave what hints need; else logs are looked at. */
bool wakeup_works(const struct wakeup *wakeup);

#endif
