/*
 * undecided.h - requests of which only a reader that has started knows the
 * answer: that nothing is left for the client, which only a head can say.
 *
 * They have their reader, and no head yet.  When it has started, or takes too
 * long, they are told of.
 */
#ifndef UNDECIDED_H
#define UNDECIDED_H

#include <sys/queue.h>

#include "reader.h"

#define UNDECIDED_MS 1000      /* then the client gets its head */
#define UNDECIDED_TURN_US 1000 /* of steps, in one turn */

/* The reader is the called one's. */
typedef void undecided_function(
    void *context, struct client *client, struct reader *reader);

struct undecided_request;
TAILQ_HEAD(undecided_list, undecided_request);

struct undecided {
	struct undecided_list list; /* whose turn is next first */
	size_t count;
	struct loop *loop;
	const struct sse_clock *clock;
	struct loop_timer *timer;
	undecided_function *decided;
	void *context;
};

/* 0 or -ENOMEM; in any case undecided_done() follows, without clients. */
int undecided_init(struct undecided *undecided, struct loop *loop,
    const struct sse_clock *clock);
void undecided_done(struct undecided *undecided);

/*
 * Owns the client and the reader, which has a stream and no client, until they
 * are told of.  0 or -ENOMEM, and both are the caller's still.
 */
int undecided_add(
    struct undecided *undecided, struct client *client, struct reader *reader);

#endif
