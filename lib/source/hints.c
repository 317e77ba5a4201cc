#include "config.h"

#include "source/hints.h"

#include <stdlib.h>

struct source_hints *
source_hints_new(void)
{
	struct source_hints *hints = calloc(1, sizeof(*hints));

	if (hints == NULL)
		return NULL;
	TAILQ_INIT(&hints->due);
	hints->names = inotify_new();
	hints->files = inotify_new();
	if (hints->names == NULL || hints->files == NULL) {
		source_hints_free(hints);
		return NULL;
	}
	return hints;
}

void
source_hints_free(struct source_hints *hints)
{
	if (hints == NULL)
		return;
	inotify_free(hints->names);
	inotify_free(hints->files);
	free(hints);
}

void
source_hints_drain(struct source_hints *hints)
{
	inotify_drain(hints->files);
	inotify_drain(hints->names);
}

bool
source_hints_wake(struct source_hints *hints)
{
	struct hint_waiter *waiter = TAILQ_FIRST(&hints->due);

	if (waiter == NULL)
		return false;
	hint_waiter_rest(hints, waiter);
	waiter->wake(waiter->context);
	return true;
}

void
hint_waiter_call(struct source_hints *hints, struct hint_waiter *waiter)
{
	bool was_empty = TAILQ_EMPTY(&hints->due);

	if (waiter->is_due || waiter->wake == NULL)
		return;
	waiter->is_due = true;
	TAILQ_INSERT_TAIL(&hints->due, waiter, link);
	if (was_empty && hints->told != NULL)
		hints->told(hints->context);
}

void
hint_waiter_rest(struct source_hints *hints, struct hint_waiter *waiter)
{
	if (!waiter->is_due)
		return;
	TAILQ_REMOVE(&hints->due, waiter, link);
	waiter->is_due = false;
}
