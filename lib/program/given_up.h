/*
 * given_up.h - searches of patterns that were given up at their limit: how
 * many, and for the first of each key a line in the log.
 */
#ifndef GIVEN_UP_H
#define GIVEN_UP_H

#include "program/log.h"
#include "stream/stream.h"

/* What was told of a stream; all zeros: nothing. */
struct given_up {
	bool told[STREAM_PATTERNS];
};

/*
 * To be called after a stream of that conf has worked: how many more there are.
 */
uint64_t given_up_note(struct given_up *given_up, struct stream *stream,
    const struct stream_conf *conf, struct log *log);

#endif
