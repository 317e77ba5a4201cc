/*
 * redis_reading.h - the way through a Redis Stream: from where a reader begins,
 * from answer to answer, to its end, and on from there.
 *
 * What is read, and whether anything was lost before it, is one question, of
 * one moment.  At the end of the stream the server is asked to wait before it
 * looks at the question: what it gives for waiting is not proven, and not used.
 * It waits for some seconds at most, and then says whether all is still there.
 *
 * A reader that will join another one has no need to wait: it asks for what is
 * between its place and the other's.
 */
#ifndef REDIS_READING_H
#define REDIS_READING_H

#include "source/redis_batch.h"
#include "source/redis_session.h"
#include "source/redis_start.h"

/* Where another reader is that will be joined. */
struct redis_leader {
	bool is_there; /* it has started, and goes its way */
	struct redis_position position;
};

struct redis_reading {
	const struct sse_clock *clock;
	bool follow;     /* else it ends where the stream ends at the start */
	bool is_private; /* it will join a leader */
	struct redis_session session;
	struct redis_start start; /* also to settle after a loss */
	bool started;
	struct redis_position position; /* where the next item begins */
	struct gap_queue gaps;
	struct redis_batch batch;
	unsigned batch_max;   /* entries to ask for */
	bool reached;         /* the end of the stream, as it was then */
	struct redis_id last; /* its greatest id, then */
	bool has_added;       /* how many it ever had, then, is known */
	uint64_t added;
	bool has_end; /* where it ends without following is known */
	struct redis_id end;
	struct redis_leader leader;
	struct redis_position limit; /* the leader's place, when it was asked */
	int64_t looked_ms;           /* monotonic: of the last answer */
};

/* The endpoint is borrowed. */
void redis_reading_init(struct redis_reading *reading,
    const struct redis_endpoint *endpoint,
    const struct source_options *options);
void redis_reading_done(struct redis_reading *reading);

/* Whether it looks for a place to begin, or after a loss to go on at. */
bool redis_reading_seeks(const struct redis_reading *reading);

/*
 * Asks, or takes an answer: 1 where one was taken; 0: there is nothing to do
 * now; RESULT_PARTIAL: ask again at once.  Not while there is a batch.
 */
int redis_reading_turn(struct redis_reading *reading);

/* All is given that was there at the start, and nothing is followed. */
bool redis_reading_is_at_end(const struct redis_reading *reading);

/*
 * How many entries of the stream, as it was, are behind its position: whether
 * that is known.  It is not while the server is away.
 */
bool redis_reading_unread(
    const struct redis_reading *reading, uint64_t *ret_count);

/* When its next turn is due. */
struct source_poll redis_reading_poll(const struct redis_reading *reading);

#endif
