/*
 * source.h - where records come from: a log file, a FIFO, or standard input.
 *
 * A file is durable: its positions can be come back to.  A FIFO and standard
 * input are volatile: what was read is gone.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "item.h"

struct source;

/*
 * A source that was not looked at yet.  path is copied: "-" is standard
 * input.  0 and *ret_source, or -ENOMEM.
 */
int source_new(const char *path, const struct source_options *options,
    struct source **ret_source);

/* NULL is allowed.  Standard input stays open. */
void source_free(struct source *source);

/*
 * Finds where to begin.  0, also when a file or FIFO does not exist yet;
 * RESULT_BUSY for a FIFO that another process reads; RESULT_WRONG_KIND for what
 * is neither file nor FIFO; or what opening it said.  After an error it may be
 * started again.
 */
int source_start(struct source *source, const struct source_start *start);

/*
 * Whether the source ends, and a reader with this start has everything.  It is
 * known when the source has been started.
 */
bool source_is_done(const struct source *source);

/* As file_has_given_all(); of a pipe nothing is old. */
bool source_has_given_all(const struct source *source);

/* Whether that text, where a path may stand, is standard input. */
bool source_is_stdin(const char *text);

/* Whether a source with that path would be a pipe if it were started now. */
bool source_leads_to_pipe(const char *text);

/*
 * Opens, for reading, the current file of a source with that path and these
 * generations, as in log_names.h: the descriptor; RESULT_NONE for a FIFO that
 * could be opened, whose writers would notice, and for standard input; or what
 * source_error() would say: -ENOENT also where no name with dates is there yet,
 * -EACCES, RESULT_WRONG_KIND, ...
 */
int source_peek(const char *text, const char *generations);

/* Whether it comes to an end, however long its writers go on. */
bool source_can_end(const struct source *source);

/*
 * Whether it is durable, or not there yet: it can be searched for records.
 * Once it is started, what the path leads to does not matter any more.
 */
bool source_is_file(const struct source *source);

/* The position where the next item begins. */
struct sse_position source_position(const struct source *source);

/* As file_lines_before(); of a pipe nothing is there any more. */
int source_lines_before(const struct source *source,
    const struct sse_position *position, struct sse_buf *lines);

/* Whether the next item is a gap. */
bool source_owes_gap(const struct source *source);

/*
 * Takes one item: 1, or 0 when there is none now: then wait for source_fd() or
 * source_timeout_ms(), whichever comes first.  -ENOMEM: nothing is lost, call
 * again.  It reads at most once, and does not wait.
 */
int source_next(struct source *source, struct source_item *ret_item);

/*
 * It will join the leader, a source with the same path: it reads no further
 * than that one has.  The leader has to live until the next call.
 */
void source_follow(struct source *source, const struct source *leader);

/* As file_meets(); pipes meet nobody. */
bool source_meets(struct source *source);

/*
 * What to poll for reading, or -1: to be asked before each wait, since another
 * source_next() may have opened another.  Then its number is another, too.
 */
int source_fd(const struct source *source);

/* How long to wait at most before the next source_next(); milliseconds. */
int64_t source_timeout_ms(const struct source *source);

/* Why the source cannot be read just now, as -errno; 0: it can, or waits. */
int source_error(const struct source *source);

/*
 * The same while nothing of it has been read: -ENOENT when it is not there.
 * 0: something has been, or is about to be.
 */
int source_waits(const struct source *source);

#endif
