/*
 * hub.h - one stream of the worker: what its feed gives goes to all
 * subscribers.
 *
 *	feed -> fanout -> client
 *
 * A file is opened for its first client and closed a while after the last; a
 * pipe is read all the time, since its writers would wait.  Where it cannot be
 * opened yet, the hub waits: its subscribers have a head and heartbeats, and
 * get what one who comes then gets.
 */
#ifndef HUB_H
#define HUB_H

#include "fanout.h"
#include "feed.h"
#include "loop.h"
#include "source_watch.h"
#include "source/hints.h"
#include "stream/flush_window.h"

#define HUB_SENDS_MAX 512   /* of one turn of the loop */
#define HUB_PULLS_MAX 64    /* of one turn of the loop */
#define HUB_TURN_MS 5       /* of work, in one turn of the loop */
#define HUB_RUN_SIZE 65536  /* bytes of frames that share a round */
#define HUB_BEHIND_MS 100   /* then frames that wait share a round */
#define HUB_LINGER_MS 60000 /* a file stays open without clients */
#define HUB_RETRY_MS 2000   /* a pipe that cannot be opened is tried again */
#define HUB_LOG_MS 10000    /* between lines about the same trouble */

struct hub;

/* Those that read for themselves what a hub serves, until they join it. */
struct hub_followers {
	/* A hub has moved on: whoever follows it may, too. */
	void (*wake)(void *context);
	/*
	 * Ends those of the hub, which is retired, until the budget is over:
	 * whether there may be more.
	 */
	bool (*dismiss)(
	    void *context, const struct hub *hub, const struct budget *budget);
	void *context;
};

/* What all hubs of a worker share.  It outlives them. */
struct hub_options {
	struct loop *loop;
	const struct sse_clock *clock;
	struct log *log;
	struct source_hints *hints; /* for all sources */
	uint64_t (*random)(void);
	struct hub_followers followers;
};

struct hub {
	const struct stream_conf *conf;
	const struct hub_options *options;
	struct loop_timer *timer;
	struct feed feed;

	/* While it is open. */
	struct fanout fanout;
	struct source_watch watch;
	struct hint_waiter waiter;
	size_t readers;  /* clients that read for themselves and will join */
	size_t visitors; /* clients of any kind that have a head */
	struct stats stats;

	bool retired;        /* it is not served any more */
	bool is_cut_off;     /* its server does not answer, whoever asks */
	bool barred_told;    /* that a name of it may not select it */
	int64_t sent_ms;     /* monotonic: the newest frame */
	int64_t busy_ms;     /* monotonic: there has been more since; -1 */
	int64_t deserted_ms; /* monotonic: no clients since; -1 */
	struct flush_window window; /* in which the source is not looked at */
	uint64_t overruns_logged;
	int64_t overruns_logged_ms;
};

/* 0 or -ENOMEM. */
int hub_new(const struct stream_conf *conf, const struct hub_options *options,
    struct hub **ret_hub);

/* Its clients are closed. */
void hub_free(struct hub *hub);

/* Opens the feed, if it is not open: see feed_open(). */
int hub_open(struct hub *hub);

/*
 * It is served from now on.  A pipe is read at once, since its writers would
 * wait; another source is looked at, so that the log says what keeps it.
 */
void hub_begin(struct hub *hub);

/*
 * Looks at the source where nobody wants the stream: see feed_look().  A pipe
 * that can be opened is.
 */
void hub_look(struct hub *hub);

/* The clients of the stream. */
size_t hub_clients(const struct hub *hub);

/* The client becomes a subscriber.  0 or -ENOMEM. */
int hub_join(struct hub *hub, struct client *client, uint64_t offset);

/* A client that reads for itself comes or goes. */
void hub_count_reader(struct hub *hub, int change);

/*
 * The stream is not served any more, and the source is closed.  The hub may be
 * freed when it has no visitor and no reader; until then it only dismisses
 * clients.
 */
void hub_retire(struct hub *hub);

/*
 * Ends followers and subscribers in good order, each after the frame that it is
 * in, until the budget is over.  Whether there may be more.
 */
bool hub_dismiss(struct hub *hub, const struct budget *budget);

/* What is done with each stream of a worker, by who has all of them. */
struct hub_ops {
	int (*make)(const struct stream_conf *conf,
	    const struct hub_options *options, struct hub **ret_hub);
	void (*free)(struct hub *hub);
	void (*begin)(struct hub *hub);
	void (*look)(struct hub *hub);
	size_t (*clients)(const struct hub *hub);
	void (*retire)(struct hub *hub);
	bool (*dismiss)(struct hub *hub, const struct budget *budget);
};

/* hub_new() to hub_dismiss(). */
extern const struct hub_ops hub_ops;

#endif
