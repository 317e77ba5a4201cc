/*
 * stream.h - what a URL serves to one reader: events, from a start position
 * on.
 *
 * It knows no event loop: it gives a descriptor to poll, a time to wait, and
 * the next event.
 */
#ifndef STREAM_H
#define STREAM_H

#include "stream/beginning.h"
#include "stream/stream_error.h"
#include "stream/stream_item.h"

struct pause;
struct stream;

/*
 * A stream for one reader; conf and clock have to outlive it, and so has what
 * those share who read its source; NULL: nobody else does.  random makes the
 * ids of a volatile source unlike those of every other start.  0 and
 * *ret_stream, or -ENOMEM.
 */
int stream_new(const struct stream_conf *conf, const struct sse_clock *clock,
    uint64_t random, const struct source_shared *shared,
    struct stream **ret_stream);

/*
 * The same for a reader who will join the leader, which is durable, and is told
 * by it when to look.  What all of them share has to outlive them; or NULL.
 */
int stream_new_private(const struct stream *leader,
    const struct source_shared *shared, struct stream **ret_stream);

/* What takes long takes pauses from now on; NULL: none.  It is borrowed. */
void stream_set_pause(struct stream *stream, const struct pause *pause);

/* NULL is allowed. */
void stream_free(struct stream *stream);

/*
 * Finds where the reader begins.  0, also when the source is not there yet;
 * RESULT_BUSY when its only reader is another process; or why the source cannot
 * be opened.  stream_go_on_starting() may follow, after an error too: it tries
 * again.
 */
int stream_start(struct stream *stream, const struct stream_start *start);

/*
 * The same for a reader without an id, who begins with so many of the newest
 * records, whatever "from" is.
 */
int stream_start_newest(struct stream *stream, uint64_t records);

/* The same for one who has read up to a position of this stream. */
int stream_start_at(
    struct stream *stream, const struct source_position *position);

/* The position where the next event begins. */
struct source_position stream_position(const struct stream *stream);

/*
 * One step towards the start, of at most one read, or of some names of the
 * log's folder: with ids = record the id is searched for in the log, and so is
 * a time.  1 when the stream has started; 0
 * when more steps are needed; else as stream_start().  stream_next() takes
 * these steps, too, but what the head of an answer depends on is only known
 * after them.
 */
int stream_go_on_starting(struct stream *stream);

/* Whether the next step towards the start can be taken at once. */
bool stream_is_starting(const struct stream *stream);

/* Why it could not be started yet, as -errno; 0: it has, or is about to. */
int stream_start_error(const struct stream *stream);

/*
 * Whether a client that started with this id has everything, and nothing will
 * follow: it is answered with 204.  Then nothing else is asked of the stream.
 */
bool stream_is_done(const struct stream *stream);

/*
 * The event that every connection begins with: a retry that random spreads
 * between the configured one and twice that, a comment, and the id of the
 * start position without data, which fires no event but is kept by the client
 * (9.2.6).  Its frame has 100 to 400 bytes.  It lives until the next call.
 * Before a gap there is no id: a client that is cut off in between would come
 * back behind the gap and never be told.  Nor is there one before the stream
 * has started: the client keeps its own until stream_next() gives another.
 */
void stream_first(
    struct stream *stream, uint64_t random, struct sse_event *ret_event);

/*
 * Takes one event: 1, or 0 when there is none now, or -ENOMEM (nothing is
 * lost, call again).  A record for which there is no memory during
 * HELD_WAIT_MS is left out.  The event can always be encoded.  One
 * call reads once, or a few times where records are filtered, and does not
 * wait.
 */
int stream_next(struct stream *stream, struct stream_item *ret_item);

/* The records that were passed over since this was asked: they are not sent. */
uint64_t stream_take_passed(struct stream *stream);

/*
 * Adds the frames of the plain lines that stream_next() would give next as
 * records, byte for byte, as many as there is room for; their form is set here.
 * How many there are now.  It reads and tells nothing: where it adds none,
 * stream_next() has to be asked.
 */
size_t stream_frames(struct stream *stream, struct plain_frames *frames);

/*
 * Whether a gap is to be told next: who begins anew at stream_position() would
 * not be told of it.
 */
bool stream_owes_gap(const struct stream *stream);

/*
 * Whether it has started, and given all records that were there: what comes now
 * is new.
 */
bool stream_has_given_all(const struct stream *stream);

/* How many records of its source it has not got yet: whether that is known. */
bool stream_unread(const struct stream *stream, uint64_t *ret_count);

/* Whether it comes to an end: a client may bring the id STREAM_END_ID then. */
bool stream_can_end(const struct stream *stream);

/*
 * What its source is: that which it was when it started; one that is not there
 * yet is a file.
 */
const struct source_ops *stream_source(const struct stream *stream);

/*
 * The stream will join the leader, which has the same conf: it reads no further
 * than the leader has.  The leader has to live until the next call.
 */
void stream_follow(struct stream *stream, const struct stream *leader);

/*
 * Whether what comes next is what the leader gives next.  To be asked when
 * stream_next() had nothing; it may find a gap, which comes next then.
 */
bool stream_meets(struct stream *stream);

/*
 * The last event is a frame, and its parts are not needed any more: what memory
 * they took is given back, since it may be long before the next one is asked
 * for.
 */
void stream_forget(struct stream *stream);

/*
 * How many searches for it were given up at their limit since the last call;
 * those of the start count, too.
 */
uint64_t stream_take_given_up(
    struct stream *stream, enum stream_pattern pattern);

/*
 * The event is one that sse_encode() refused, for that reason: in its place
 * comes a comment that says so, with the id if that can be sent, so that a
 * client that comes back does not meet it again.
 */
void stream_leave_out(
    struct stream *stream, struct stream_item *item, int error);

/* Whether the event "end" was given: nothing comes any more. */
bool stream_ended(const struct stream *stream);

/*
 * When the next stream_next() is due, and what keeps it: as source_poll().  A
 * stream that has not started yet is awaited, also by who asks for more steps
 * of the start; its error is 0 while it searches, or its source answers.
 */
struct source_poll stream_poll(const struct stream *stream);

#endif
