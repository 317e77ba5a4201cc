/*
 * confine.h - what the worker may reach once it is started.
 */
#ifndef CONFINE_H
#define CONFINE_H

#include "program/sandbox.h"
#include "worker.h"

/*
 * After worker_new(), and before anything of a client is read.  0, or -errno
 * and a line in *text.
 */
int confine_worker(const struct worker_options *options,
    struct sandbox *sandbox, char text[SANDBOX_TEXT_SIZE_MAX]);

/* Whether a new configuration has room: 0; -EINVAL and a line; -ENOMEM. */
int confine_check(const struct sandbox *sandbox, const struct conf *conf,
    struct conf_error *ret_error);

#endif
