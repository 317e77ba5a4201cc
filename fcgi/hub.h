/*
 * hub.h - one stream of the worker: its source is read once, its frames go to
 * the backlog, and from there to all subscribers.
 *
 *	stream -> backlog -> fanout -> client
 *
 * A file is opened for its first client and closed a while after the last; a
 * pipe is read all the time, since its writers would wait.  Where it cannot be
 * opened yet, the hub waits: its subscribers have a head and heartbeats, and
 * get what one who comes then gets.
 */
#ifndef HUB_H
#define HUB_H

#include "fanout.h"
#include "source/listing_cache.h"
#include "program/log.h"
#include "place.h"
#include "stream/stream.h"
#include "program/given_up.h"
#include "program/trouble.h"

#define HUB_SENDS_MAX 512   /* of one turn of the loop */
#define HUB_PULLS_MAX 64    /* of one turn of the loop */
#define HUB_TURN_MS 5       /* of work, in one turn of the loop */
#define HUB_RUN_SIZE 65536  /* bytes of frames that share a round */
#define HUB_BEHIND_MS 100   /* then frames that wait share a round */
#define HUB_LINGER_MS 60000 /* a file stays open without clients */
#define HUB_RETRY_MS 2000   /* a pipe that cannot be opened is tried again */
#define HUB_LOG_MS 10000    /* between lines about the same trouble */

/* What all hubs of a worker share.  It outlives them. */
struct hub_options {
	struct loop *loop;
	const struct sse_clock *clock;
	struct log *log;
	struct watch *folders; /* of the logs */
	uint64_t (*random)(void);
	/* The hub has moved on: whoever follows it may, too. */
	void (*moved)(void *context);
	void *context;
};

struct hub {
	const struct stream_conf *conf;
	const struct hub_options *options;
	struct loop_timer *timer;
	/* For all who search the log; NULL: its source has no names. */
	struct listing_cache *listing;

	struct stream *opening; /* until the log's folder is read; or NULL */

	/* While it is open. */
	struct stream *stream;
	struct backlog *backlog;
	struct fanout fanout;
	struct loop_watch *watch;
	int watched_fd;       /* as the stream's poll has it; -1: none */
	short watched_events; /* likewise */
	size_t readers;  /* clients that read for themselves and will join */
	size_t visitors; /* clients of any kind: none, and it may be freed */
	struct stats stats;

	bool judged;              /* what its lines look like was told */
	bool retired;             /* it is not served any more */
	struct trouble trouble;   /* with the source */
	struct given_up given_up; /* what was told of searches */
	bool barred_told;         /* that a name of it may not select it */
	int64_t sent_ms;          /* monotonic: the newest frame */
	int64_t busy_ms;          /* monotonic: there has been more since; -1 */
	int64_t deserted_ms;      /* monotonic: no clients since; -1 */
	uint64_t overruns_logged;
	int64_t overruns_logged_ms;
};

/* 0 or -ENOMEM. */
int hub_new(const struct stream_conf *conf, const struct hub_options *options,
    struct hub **ret_hub);

/* Its clients are closed. */
void hub_free(struct hub *hub);

/*
 * Whether what the source, as it was opened or would be now, does not keep is
 * lost: it is read without clients, too.
 */
bool hub_is_volatile(const struct hub *hub);

/*
 * Opens the source, if it is not open: 0, also when it has to be waited for;
 * RESULT_PARTIAL when only a step was made, and it has to be called again;
 * RESULT_BUSY for a FIFO that another process reads; or a shortage, which is in
 * the log.
 */
int hub_open(struct hub *hub);

/* Why a hub that is open waits for its source; 0: it does not. */
int hub_waits(const struct hub *hub);

/* Somebody was refused for that: it is in the log then. */
void hub_tell_trouble(struct hub *hub, int error);

/* A stream of it, or of one of its readers, has searched for patterns. */
void hub_count_given_up(struct hub *hub, struct stream *stream);

/*
 * Looks at the source where nobody wants the stream, so that the log says what
 * keeps it from being served, and when that is over, before a client comes: at
 * once, or only what has lasted.
 */
void hub_look(struct hub *hub, bool at_once);

/* What keeps it from its source, as far as is known; 0: nothing. */
int hub_error(const struct hub *hub);

/* The clients of the stream. */
size_t hub_clients(const struct hub *hub);

/*
 * The event that a client at that place of the backlog begins with; see
 * stream_first().
 */
void hub_first(
    struct hub *hub, const struct place *place, struct sse_event *ret_event);

/* The client becomes a subscriber.  0 or -ENOMEM. */
int hub_join(struct hub *hub, struct client *client, uint64_t offset);

/* A client that reads for itself comes or goes. */
void hub_count_reader(struct hub *hub, int change);

/*
 * The stream is not served any more, and the source is closed.  The hub may be
 * freed when nobody is visiting it; until then it only dismisses clients.
 */
void hub_retire(struct hub *hub);

/*
 * Ends subscribers in good order, each after the frame that it is in, until the
 * budget is over.  Whether there may be more.
 */
bool hub_dismiss(struct hub *hub, const struct budget *budget);

#endif
