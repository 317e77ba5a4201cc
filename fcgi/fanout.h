/*
 * fanout.h - the subscribers of a backlog, and sending its frames to them.
 *
 * Each subscriber is a cursor in the backlog.  One that keeps up gets each
 * frame as one STDOUT record, which is made once for all of them; one that is
 * behind gets runs of frames.  One that would block is skipped, not waited
 * for.
 *
 * A subscriber costs 32 bytes here: that is all that a round touches of one
 * that keeps up.
 */
#ifndef FANOUT_H
#define FANOUT_H

#include "base/budget.h"
#include "subscriber.h"

struct fanout {
	struct backlog *backlog; /* borrowed */
	struct subscriber *subscribers;
	size_t count;
	size_t capacity;
	uint64_t joined; /* the sum of where they joined, an offset, ... */
	uint64_t joined_frames; /* ... and of the frames before that */

	size_t next; /* a round is under way while there is one to look at */
	bool moved;  /* one took another's place in this round */
	bool running;

	uint64_t shared_from; /* the record below holds from here to .._to */
	uint64_t shared_to;
	struct sse_buf shared; /* a STDOUT record */
};

void fanout_init(struct fanout *fanout, struct backlog *backlog);

/* There are no subscribers any more. */
void fanout_done(struct fanout *fanout);

/* Where nobody is in it, the memory for those who were is given back. */
void fanout_rest(struct fanout *fanout);

/*
 * The client becomes a subscriber that has everything before the cursor.
 * What waits in it is sent first.  0 or -ENOMEM.
 */
int fanout_add(struct fanout *fanout, struct client *client, uint64_t cursor);

/* Frames from that offset on are new: begins a round, or lengthens it. */
void fanout_begin(struct fanout *fanout, uint64_t from);

/*
 * Goes on with the round, for at most so many sends, which are taken off.
 * Whether it is still under way.
 */
bool fanout_run(struct fanout *fanout, int *sends);

/*
 * Ends subscribers in good order, as many as the budget is enough for and at
 * least one: because the stream has ended, after all that is in the backlog,
 * else each after the frame that it is in.  Whether there may be more.
 */
bool fanout_end(
    struct fanout *fanout, enum client_why why, const struct budget *budget);

/* Of the subscribers that there are. */
struct fanout_sums {
	uint64_t frames; /* that were sent to them */
	uint64_t bytes;
	uint64_t lag; /* bytes that the slowest has not been sent yet */
};

/* Looks at 32 bytes of each of them. */
struct fanout_sums fanout_sums(const struct fanout *fanout);

#endif
