/*
 * signals.h - what an administrator tells a running worker.
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include "loop.h"

/*
 * Keeps SIGTERM, SIGINT and SIGHUP for the worker to come, which takes them: to
 * be called before there is a socket, since who sees that may send one.  0 or
 * -errno.
 */
int signals_hold(void);

/*
 * The loop tells of SIGTERM and SIGINT (stop) and of SIGHUP (reload), also of
 * those that were held; SIGPIPE, SIGXFSZ and SIGUSR1 are ignored.  0, -ENOMEM,
 * or -errno.
 */
int signals_take(struct loop *loop, void (*stop)(void *context),
    void (*reload)(void *context), void *context);

#endif
