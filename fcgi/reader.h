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

struct reader {
	TAILQ_ENTRY(reader) link;
	struct readers *all;
	struct reader_list *list; /* of theirs, that it is in */
	struct hub *hub;
	struct client *client; /* NULL: not yet */
	char *last_event_id;   /* of the client; until it has started */
	size_t last_event_id_size;
	int64_t since_ms;  /* as in struct stream_start */
	const char *fault; /* likewise */
	bool has_last;
	uint64_t last;
	/* Where it goes on when it has waited. */
	struct source_position position;
	bool has_position; /* else from where its client wants to */
	bool started;      /* it has begun to read, ever */
	bool owes_id;      /* its client's head had none */
	bool reading;
	size_t quantum_size; /* bytes of frames since it began to read */
	bool idle;           /* it has all that there is */
	int waits; /* why it could not start, when it tried; 0: its turn */
	int64_t tried_ms; /* monotonic: when that was, or it began to read */
	int told_wait;    /* what its client was told of that */
	struct stream *stream;     /* while it reads */
	struct source_watch watch; /* while its source is waited for */
	int64_t sent_ms;           /* monotonic: for heartbeats */
};

/*
 * A reader of the hub, which is open.  It starts at once if it may.  0 and
 * *ret_reader, -ENOMEM, or why the source cannot be opened, where that is not
 * waited for.
 */
int reader_new(struct readers *readers, struct hub *hub,
    const struct stream_start *start, struct reader **ret_reader);

/* As long as it has no client; afterwards the client's end is its end. */
void reader_free(struct reader *reader);

/* Whether a client with that id has everything, and nothing will follow. */
bool reader_is_done(const struct reader *reader);

/* Whether it may be so, which only shows when it has started. */
bool reader_may_be_done(const struct reader *reader);

/*
 * A step of one that has a stream and no client: 1 when it has started, 0 when
 * more are needed, or an error as stream_go_on_starting().
 */
int reader_go_on_starting(struct reader *reader);

/* What its client begins with; without an id while it has to wait. */
void reader_first(struct reader *reader, struct sse_event *ret_event);

/* The client, whose head is sent or waits in it, gets what is read. */
void reader_serve(struct reader *reader, struct client *client);

/* ------------------------------------------------ for who gives it turns -- */

/*
 * It gets a stream, and is in the list of those that read.  Errors of
 * stream_start(); then it is in no list.
 */
int reader_begin(struct reader *reader);

/* Into the list of those that wait, or whose client takes nothing, too. */
void reader_wait(struct reader *reader);

/* Whether it goes on later, when the log can be read; else its client ends. */
bool reader_may_wait(const struct reader *reader, int error);

/*
 * It reads no more, and goes on later, with its turn or when the log can be
 * read: why is the error, or 0.
 */
void reader_park(struct reader *reader, int why);

/* At the end of a list; it is in none. */
void reader_put(struct reader *reader, struct reader_list *list);

/* It is on the way: nothing has to wake it up. */
void reader_stop_waiting(struct reader *reader);

/* The client has its place in the stream: its own id is not needed any more. */
void reader_forget_id(struct reader *reader);

#endif
