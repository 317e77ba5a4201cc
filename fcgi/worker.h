/*
 * worker.h - the process: connections come in, requests are answered, streams
 * run, until it is told to stop.
 */
#ifndef WORKER_H
#define WORKER_H

#include "conf/conf.h"
#include "descriptors.h"
#include "listen.h"
#include "program/log.h"

#define WORKER_TICK_MS 1000 /* the clients' times are looked at */
#define WORKER_STOP_MS 500  /* for frames that are sent in part */

struct worker;

/* What an administrator said, checked. */
struct worker_setup {
	struct conf *conf; /* held by who has the setup */
	struct descriptors_share share;
};

struct worker_options {
	struct worker_setup setup;
	struct listener *listener;
	struct log *log;
	const char *notify; /* socket of the service manager, or NULL */

	/*
	 * Reads it anew: 0, or -EINVAL with a line in *ret_error, or -ENOMEM.
	 */
	int (*read)(void *context, struct worker_setup *ret_setup,
	    struct conf_error *ret_error);
	void *context;
};

/* 0 and *ret_worker, -ENOMEM, -EMFILE, or -EPROTO when libfcgi is unfit. */
int worker_new(
    const struct worker_options *options, struct worker **ret_worker);

/* NULL is allowed. */
void worker_free(struct worker *worker);

/*
 * Serves until SIGTERM or SIGINT: 0, -ENOMEM, or -EIO.  At SIGHUP the log is
 * opened and the configuration is read anew.
 */
int worker_run(struct worker *worker);

#endif
