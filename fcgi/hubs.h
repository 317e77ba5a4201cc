/*
 * hubs.h - all streams of the worker: those that are served, and those that
 * were, until their last client has gone.
 */
#ifndef HUBS_H
#define HUBS_H

#include "conf/conf.h"
#include "hub.h"

#define HUBS_LEAVING_MS 100 /* between looks whether the last one has gone */
#define HUBS_TURN_MS 5      /* of ending clients, or looking, in one turn */
#define HUBS_LOOK_MS 5000   /* between looks at a source that nobody reads */
#define HUBS_LOOKS_MAX 64   /* of one turn of the loop */

struct served {
	struct hub *hub;
	struct conf *conf; /* held: the hub's values are in it */
};

struct hubs {
	const struct hub_options *options;
	const struct hub_ops *ops;
	struct conf *conf;   /* held: the one that is obeyed */
	struct served *list; /* as the streams of the conf */
	size_t count;
	struct served *leaving;
	size_t leaving_count;
	struct loop_timer *timer;
	struct loop_timer *looks; /* at sources that nobody reads */
	size_t looked_at;
};

/* Of hubs that are hub_ops; a test has some of its own.  0 or -ENOMEM. */
int hubs_init(struct hubs *hubs, const struct hub_options *options,
    const struct hub_ops *ops);

/* All clients have to be gone. */
void hubs_done(struct hubs *hubs);

/*
 * Serves the streams of the conf, which is held: those that are as they were go
 * on; the others end in good order, and their clients come back.  0, or
 * -ENOMEM, and then nothing has changed.
 */
int hubs_load(struct hubs *hubs, struct conf *conf);

/*
 * After hubs_load(): the pipes are read at once, since their writers would
 * wait; the other sources are looked at, now and again and again.
 */
void hubs_begin(struct hubs *hubs);

/* The hub of that stream, or NULL. */
struct hub *hubs_find(const struct hubs *hubs, const char *name);

/* The clients of all streams that are served. */
size_t hubs_clients(const struct hubs *hubs);

#endif
