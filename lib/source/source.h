/*
 * source.h - where records come from: a log file, a FIFO, or standard input.
 *
 * A file is durable: its positions can be come back to.  A FIFO and standard
 * input are volatile: what was read is gone.  What a source is, is decided when
 * it is started; then nobody has to know it but its table, source_ops.h.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "source/source_kind.h"

struct source;

/*
 * A source that was not opened yet.  The text is copied: a path, "-", which is
 * standard input, or what begins with a kind's scheme.  0 and *ret_source, or
 * -ENOMEM.
 */
int source_new(const char *text, const struct source_options *options,
    struct source **ret_source);

/* NULL is allowed.  Standard input stays open. */
void source_free(struct source *source);

/*
 * Finds where to begin.  0, also when a file or FIFO does not exist yet;
 * RESULT_PARTIAL when source_go_on() has to follow, when source_poll() says so;
 * RESULT_BUSY for a FIFO that another process reads; RESULT_WRONG_KIND for what
 * is neither file nor FIFO; -ENOMEM; or what opening it said.
 */
int source_start(struct source *source, const struct source_start *start);

/*
 * A step towards the start, of at most one read; after an error, or where it is
 * missing, all anew: what its path leads to may be another.  As source_start().
 */
int source_go_on(struct source *source);

/*
 * Whether it has started with nothing, and should not yet have: it is not
 * there, and what a client has seen of it cannot be judged, or nobody will wait
 * for it to come.
 */
bool source_is_missing(const struct source *source);

/*
 * What it is: what it was started as, whatever its path leads to now.  A log
 * that is not there yet is a file until it turns out to be something else.
 */
const struct source_ops *source_ops(const struct source *source);

/* Whether it comes to an end, however long its writers go on. */
bool source_can_end(const struct source *source);

/*
 * Whether who came with a position, once it has started, has everything, and
 * nothing will follow.
 */
bool source_is_done(const struct source *source);

/*
 * Whether all that was there at its last look has been given: what comes now is
 * new.
 */
bool source_has_given_all(const struct source *source);

/* How many records are not given yet: whether that is known. */
bool source_unread(const struct source *source, uint64_t *ret_count);

/* The position where the next item begins. */
struct source_position source_position(const struct source *source);

/* A position of it as an event id; it lives until the next call. */
struct sse_slice source_id(
    struct source *source, const struct source_position *position);

/*
 * What struct source_lines says of its positions, where lines are joined to
 * records; false where it gives whole records.
 */
bool source_has_lines(const struct source *source);
bool source_has_before(
    const struct source *source, const struct source_position *position);
bool source_same_run(const struct source *source,
    const struct source_position *a, const struct source_position *b);
bool source_same_place(const struct source *source,
    const struct source_position *a, const struct source_position *b);
bool source_goes_on(const struct source *source,
    const struct source_position *a, const struct source_position *b);
void source_renew(const struct source *source, struct source_position *position,
    const struct source_position *newer);
void source_count(const struct source *source, struct source_position *position,
    uint64_t records);

/*
 * What seek_lines_before() says of a position of it; 0 and nothing where that
 * cannot be read again.
 */
int source_lines_before(const struct source *source,
    const struct source_position *position, struct sse_buf *lines);

/* Whether the next item is a gap. */
bool source_owes_gap(const struct source *source);

/*
 * Takes one item: 1, or 0 when there is none now: then wait as source_poll()
 * says.  RESULT_PARTIAL: none yet, and there may be one at once.  -ENOMEM:
 * nothing is lost, call again.  It reads at most once, and does not wait.
 */
int source_next(struct source *source, struct source_item *ret_item);

/*
 * Adds the frames of the plain lines that source_next() would give next, with
 * the ids of their positions: see plain_frames.h.  It reads nothing: where it
 * adds none, source_next() has to be asked.
 */
void source_frames(struct source *source, struct plain_frames *frames);

/*
 * Passes over the plain lines that source_next() would give next, as long as
 * the judge leaves them out: whether there were any.  It reads nothing either.
 */
bool source_leave_out(struct source *source, const struct plain_judge *judge);

/* Whether SOURCE_END was given: there is nothing more. */
bool source_ended(const struct source *source);

/* When the next source_next() is due, where the last one had nothing. */
struct source_poll source_poll(const struct source *source);

/*
 * It will join the leader, a source with the same path: it reads no further
 * than that one has.  The leader has to live until the next call, and may
 * become another kind's.
 */
void source_follow(struct source *source, const struct source *leader);

/*
 * Whether what it gives next is what its leader gives next.  To be asked when
 * source_next() had nothing; it may queue a gap, which comes next then.
 */
bool source_meets(struct source *source);

#endif
