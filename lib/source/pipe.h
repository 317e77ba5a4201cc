/*
 * pipe.h - a FIFO or standard input as a source of records.
 *
 * What has been read of it is gone, so there is no coming back: a reader that
 * brings an id is told a gap.
 */
#ifndef PIPE_H
#define PIPE_H

#include "source/source_ops.h"

#define PIPE_READ_SIZE 65536 /* bytes of one read */

/*
 * Of a path as in log_names.h; "-" is standard input, which stays open.  To
 * start it opens a FIFO and locks it, so that its lines go to one reader only:
 * RESULT_BUSY when another process has it, RESULT_WRONG_KIND when it is not a
 * FIFO, or what opening it said.
 */
extern const struct source_ops pipe_ops;

/* Whether the text says standard input. */
bool pipe_is_stdin(const char *text);

#endif
