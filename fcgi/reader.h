/*
 * reader.h - clients that read for themselves: what they have to get is in the
 * file, and not in the backlog any more.
 *
 * A reader has a stream of its own.  It reads no further than the hub, and when
 * it is where the hub is, the client becomes a subscriber.  So many read at
 * once; the others wait, with a head and heartbeats, so that no server gives
 * them up.  While others wait, one reads for a quantum, or until its client
 * takes no more, and then waits again, behind them.  It keeps its position
 * then, and of frames what the client has not taken of the last run.  One whose
 * log cannot be read yet waits likewise, and tries again.
 */
#ifndef READER_H
#define READER_H

#include <sys/queue.h>

#include "base/pause.h"
#include "hub.h"

#define READER_RUN_SIZE 4096 /* bytes of frames that are sent together */
#define READERS_TURN_US 200  /* of all, in one turn of the loop */
#define READERS_LOOK_US 50   /* of work on one record, then hubs may have more \
			      */
#define READER_QUANTUM_MS 250      /* of reading while others wait, ... */
#define READER_QUANTUM_SIZE 262144 /* ... or bytes of frames */
#define READER_LOOK_MS 250         /* a look without a reason */
#define READER_STARTS_MAX 16       /* that fail, in READER_LOOK_MS */

TAILQ_HEAD(reader_list, reader);

/* All readers of a worker. */
struct readers {
	struct loop *loop;
	const struct sse_clock *clock;
	size_t reading_max; /* at once; the caller may change it */
	size_t reading_count;
	struct reader_list reading;
	struct reader_list waiting; /* who waits longest is first */
	struct reader_list blocked; /* wait, and their clients take nothing */
	struct loop_timer *timer;
	struct sse_buf frames; /* of one run of one reader */
	struct pause pause;    /* of their streams */
	int64_t looked_us;     /* monotonic: for hubs that have more */
	int64_t beaten_ms;     /* monotonic: all heartbeats were looked at */
	size_t failed;         /* starts, since: each has read a folder */
	int64_t failed_ms;     /* monotonic */
	bool short_of;         /* descriptors, for the one that is next */
};

struct reader;

/* 0 or -ENOMEM. */
int readers_init(
    struct readers *readers, struct loop *loop, const struct sse_clock *clock);

/* How many wait for their turn. */
size_t readers_waiting(const struct readers *readers);

/* Their clients are closed. */
void readers_done(struct readers *readers);

/* Hubs have moved: those that are behind may move, too. */
void readers_wake(struct readers *readers);

/*
 * Ends clients that read for themselves what the hub has served, which is
 * retired, until the budget is over.  Whether there may be more.
 */
bool readers_dismiss(struct readers *readers, const struct hub *hub,
    const struct budget *budget);

/*
 * Whether the error passes: descriptors or memory are used up, or the log was
 * not at rest.
 */
bool reader_error_passes(int error);

/*
 * A reader of the hub, which is open.  It starts at once if it may.  0 and
 * *ret_reader, -ENOMEM, or why the source cannot be opened, where that is not
 * waited for.
 */
int reader_new(struct readers *readers, struct hub *hub,
    const struct stream_wish *wish, struct reader **ret_reader);

/* As long as it has no client; afterwards the client's end is its end. */
void reader_free(struct reader *reader);

/* Whether a client with that id has everything, and nothing will follow. */
bool reader_is_done(const struct reader *reader);

/* What its client begins with; without an id while it has to wait. */
void reader_first(struct reader *reader, struct sse_event *ret_event);

/* The client, whose head is sent or waits in it, gets what is read. */
void reader_serve(struct reader *reader, struct client *client);

#endif
