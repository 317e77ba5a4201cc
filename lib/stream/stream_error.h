/*
 * stream_error.h - what keeps a stream from its source: in words, and whether
 * a client waits until it is over.
 */
#ifndef STREAM_ERROR_H
#define STREAM_ERROR_H

#include <assert.h>

#include "stream/beginning.h"

#define STREAM_ERROR_SIZE_MAX 700 /* bytes of an error in words, with a NUL */

static_assert(STREAM_ERROR_SIZE_MAX >= SOURCE_CLAUSE_SIZE_MAX, "a clause fits");

/* Whether it is one that may be over soon: missing, or not to be read. */
bool stream_error_waits(int error);

/*
 * Whether a client that asks for this start waits until the stream can be
 * started, with a head, heartbeats, and comments that say so; else it is
 * refused.
 */
bool stream_may_wait(const struct stream_conf *conf,
    const struct stream_start *start, int error);

/* What a client that waits is told of it; never a path. */
const char *stream_wait_text(const struct stream_conf *conf, int error);

/*
 * The error of a source in words, for the log, in that room where it is not
 * the same for all: which folder, file or link it is of, and what to write.
 */
const char *stream_error_text(const struct stream_conf *conf, int error,
    char room[STREAM_ERROR_SIZE_MAX]);

#endif
