/*
 * signals.c - what an administrator tells a running worker.
 */
#include "config.h"

#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

/* Those that the worker obeys. */
static int
mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return sigprocmask(how, &set, NULL) == 0 ? 0 : -errno;
}

int
signals_hold(void)
{
	return mask(SIG_BLOCK);
}

int
signals_take(struct loop *loop, void (*stop)(void *context),
    void (*reload)(void *context), void *context)
{
	static const int ends[] = {SIGTERM, SIGINT};
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	int error = 0;

	/* SIGXFSZ: a log that may not grow costs the line. */
	if (sigaction(SIGPIPE, &ignore, NULL) != 0 ||
	    sigaction(SIGXFSZ, &ignore, NULL) != 0 ||
	    sigaction(SIGUSR1, &ignore, NULL) != 0)
		return -errno;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (error == 0)
			error = loop_signal(loop, ends[i], stop, context);
	if (error == 0)
		error = loop_signal(loop, SIGHUP, reload, context);
	return error == 0 ? mask(SIG_UNBLOCK) : error;
}
