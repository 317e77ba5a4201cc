/*
 * feed.h - a stream and the backlog that its frames go to: one source, read
 * once for all.
 *
 *	source -> stream -> frame -> backlog
 *
 * It knows neither clients nor the loop.  Where the source cannot be opened yet
 * it waits: the backlog is there, and gets what one who comes then gets.
 */
#ifndef FEED_H
#define FEED_H

#include "backlog.h"
#include "place.h"
#include "stats.h"
#include "program/given_up.h"
#include "program/log.h"
#include "program/trouble.h"
#include "stream/stream.h"

#define FEED_PLAIN_SIZE 4096 /* bytes of frames of plain lines, at once */
#define FEED_PLAIN_MAX 128   /* of them */

struct feed {
	const struct stream_conf *conf;
	const struct sse_clock *clock;
	struct log *log;
	struct stats *stats; /* of the stream */
	/* By all that read the source; or NULL. */
	struct source_shared *shared;

	struct stream *opening; /* until the log's folder is read; or NULL */

	/* While it is open. */
	struct stream *stream;
	struct backlog *backlog; /* it outlives the stream: feed_stop() */

	struct trouble trouble;   /* with the source */
	struct given_up given_up; /* what was told of searches */
	bool judged;              /* what its lines look like was told */
};

/*
 * Closed, as feed_close() leaves it.  All but conf, which is not copied,
 * either, is of the worker: hints are for all sources, and log may be NULL.
 * 0 or -ENOMEM.
 */
int feed_init(struct feed *feed, const struct stream_conf *conf,
    const struct sse_clock *clock, struct log *log, struct source_hints *hints,
    struct stats *stats);
void feed_done(struct feed *feed);

/*
 * Opens the source, which is closed: 0, also when it has to be waited for;
 * RESULT_PARTIAL when only a step was made, and it has to be called again;
 * RESULT_BUSY for a FIFO that another process reads; or a shortage, which is in
 * the log.  After an error it is closed.
 */
int feed_open(struct feed *feed, uint64_t random);

/* What was counted and told stays. */
void feed_close(struct feed *feed);

/* The source is closed, but what is in the backlog can still be sent. */
void feed_stop(struct feed *feed);

static inline bool
feed_is_open(const struct feed *feed)
{
	return feed->stream != NULL;
}

/*
 * Whether what the source, as it was opened or would be now, does not keep is
 * lost: it is read without clients, too.
 */
bool feed_is_volatile(const struct feed *feed);

/* Why it waits for its source, open as it is; 0: it does not. */
int feed_waits(const struct feed *feed);

/* What keeps it from its source, as far as is known; 0: nothing. */
int feed_error(const struct feed *feed);

/* Somebody was refused for that: it is in the log then. */
void feed_tell_trouble(struct feed *feed, int error);

/* What the stream meets is in the log when it has lasted, and its end, too. */
void feed_note_trouble(struct feed *feed);

/* A stream of it, or of one of its readers, has searched for patterns. */
void feed_count_given_up(struct feed *feed, struct stream *stream);

/*
 * Looks at the source of one that is closed, so that the log says what keeps it
 * from being served, and when that is over, before a client comes: at once, or
 * only what has lasted.  0 when it could be opened; RESULT_PARTIAL when a step
 * was made; or why not.
 */
int feed_look(struct feed *feed, bool at_once);

/*
 * The next frame of the stream, into the backlog, or some frames, where there
 * may be as many: whether there was one.
 */
bool feed_pull(struct feed *feed, size_t frames_max);

/* A heartbeat, which shows that connections live: whether there was room. */
bool feed_beat(struct feed *feed);

/*
 * The event that a client at that place of the backlog begins with; see
 * stream_first().
 */
void feed_first(const struct feed *feed, const struct place *place,
    uint64_t random, struct sse_event *ret_event);

#endif
