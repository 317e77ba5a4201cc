/*
 * pipe.h - a FIFO or standard input as a source of records.
 *
 * What has been read of it is gone, so there is no coming back: a reader that
 * brings an id is told a gap.
 */
#ifndef PIPE_H
#define PIPE_H

#include "item.h"

#define PIPE_READ_SIZE 65536 /* bytes of one read */

struct pipe;

/* path is copied; NULL is standard input.  0 and *ret_pipe, or -ENOMEM. */
int pipe_new(const char *path, const struct source_options *options,
    struct pipe **ret_pipe);

/* NULL is allowed.  Standard input stays open. */
void pipe_free(struct pipe *pipe);

/*
 * Opens a FIFO and locks it, so that its lines go to one reader only: 0,
 * RESULT_BUSY when another process has it, RESULT_WRONG_KIND when it is no
 * FIFO, or what opening it said.
 */
int pipe_start(struct pipe *pipe, const struct source_start *start);

/* As those of a source. */
struct sse_position pipe_position(const struct pipe *pipe);
bool pipe_owes_gap(const struct pipe *pipe);
int pipe_next(struct pipe *pipe, struct source_item *ret_item);
int pipe_fd(const struct pipe *pipe);
int64_t pipe_timeout_ms(const struct pipe *pipe);
int pipe_error(const struct pipe *pipe);

#endif
