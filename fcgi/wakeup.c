/*
 * wakeup.c - who is due is woken, one after the other, for a while.
 */
#include "config.h"

#include "wakeup.h"

#include <errno.h>

#include "base/budget.h"

static void
wake_some(void *context)
{
	struct wakeup *wakeup = context;
	struct budget budget = budget_begin(wakeup->clock, WAKEUP_TURN_MS);

	wakeup->is_waking = true;
	while (source_hints_wake(wakeup->hints))
		if (budget_is_over(&budget)) {
			loop_timer_set(wakeup->timer, 0);
			break;
		}
	wakeup->is_waking = false;
}

/* Somebody else may have taken them. */
static void
told(void *context)
{
	const struct wakeup *wakeup = context;

	if (!wakeup->is_waking)
		loop_timer_set(wakeup->timer, 0);
}

/* Hints that cannot be read would be ready all the time. */
static void
forget_broken(struct wakeup *wakeup)
{
	if (inotify_fd(wakeup->hints->files) < 0) {
		loop_watch_free(wakeup->files);
		wakeup->files = NULL;
	}
	if (inotify_fd(wakeup->hints->names) < 0) {
		loop_watch_free(wakeup->names);
		wakeup->names = NULL;
	}
}

static void
take(struct wakeup *wakeup, struct inotify *inotify)
{
	wakeup->is_waking = true;
	inotify_drain(inotify);
	forget_broken(wakeup);
	wake_some(wakeup);
}

static void
take_files(void *context, bool readable, bool writable)
{
	struct wakeup *wakeup = context;

	(void)readable;
	(void)writable;
	take(wakeup, wakeup->hints->files);
}

static void
take_names(void *context, bool readable, bool writable)
{
	struct wakeup *wakeup = context;

	(void)readable;
	(void)writable;
	take(wakeup, wakeup->hints->names);
}

static int
watch(struct wakeup *wakeup, struct loop *loop)
{
	int files = inotify_fd(wakeup->hints->files);
	int names = inotify_fd(wakeup->hints->names);

	if (files < 0 || names < 0)
		return 0;
	wakeup->files = loop_watch_new_urgent(loop, files, take_files, wakeup);
	wakeup->names = loop_watch_new(loop, names, take_names, wakeup);
	if (wakeup->files == NULL || wakeup->names == NULL)
		return -ENOMEM;
	if (loop_watch_set(wakeup->files, true, false) != 0 ||
	    loop_watch_set(wakeup->names, true, false) != 0)
		return -ENOMEM;
	return 0;
}

int
wakeup_init(
    struct wakeup *wakeup, struct loop *loop, const struct sse_clock *clock)
{
	*wakeup = (struct wakeup){.clock = clock};
	wakeup->hints = source_hints_new();
	wakeup->timer = loop_timer_new(loop, wake_some, wakeup);
	if (wakeup->hints == NULL || wakeup->timer == NULL)
		return -ENOMEM;
	wakeup->hints->told = told;
	wakeup->hints->context = wakeup;
	return watch(wakeup, loop);
}

void
wakeup_done(struct wakeup *wakeup)
{
	loop_watch_free(wakeup->files);
	loop_watch_free(wakeup->names);
	loop_timer_free(wakeup->timer);
	source_hints_free(wakeup->hints);
}

bool
wakeup_works(const struct wakeup *wakeup)
{
	return wakeup->files != NULL && wakeup->names != NULL;
}
