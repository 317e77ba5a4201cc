#include "config.h"

#include "source_watch.h"

#include <errno.h>
#include <poll.h>

bool
source_watch_is_set(const struct source_watch *watch)
{
	return watch->watch != NULL;
}

void
source_watch_done(struct source_watch *watch)
{
	loop_watch_free(watch->watch);
	*watch = (struct source_watch){.watch = NULL};
}

static struct loop_watch *
watch_of(int fd, const struct source_waiter *waiter)
{
	return waiter->urgent ? loop_watch_new_urgent(waiter->loop, fd,
				    waiter->ready, waiter->context)
			      : loop_watch_new(waiter->loop, fd, waiter->ready,
				    waiter->context);
}

/* What was closed the kernel has forgotten, whatever has its number now. */
static bool
is_same(const struct source_watch *watch, const struct source_poll *poll)
{
	return watch->opened == poll->opened && watch->fd == poll->fd &&
	       watch->events == poll->events;
}

int
source_watch_set(struct source_watch *watch, const struct source_poll *poll,
    const struct source_waiter *waiter)
{
	int error = -ENOMEM;

	if (watch->watch != NULL && is_same(watch, poll))
		return 0;
	source_watch_done(watch);
	if (poll->fd < 0)
		return 0;
	watch->watch = watch_of(poll->fd, waiter);
	if (watch->watch != NULL)
		error =
		    loop_watch_set(watch->watch, (poll->events & POLLIN) != 0,
			(poll->events & POLLOUT) != 0);
	if (error != 0) {
		source_watch_done(watch);
		return error;
	}
	watch->opened = poll->opened;
	watch->fd = poll->fd;
	watch->events = poll->events;
	return 0;
}
