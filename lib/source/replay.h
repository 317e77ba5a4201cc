/*
 * replay.h - how much of a log's old records a reader is given: the newest of
 * them, as far as the limit of bytes allows.
 */
#ifndef REPLAY_H
#define REPLAY_H

#include "record/boundary.h"
#include "record/effort.h"
#include "source/log_set.h"
#include "source/unchanged.h"

/* A search for the record that it begins with, which may take turns. */
struct replay {
	bool goes_on;     /* turns have to follow */
	size_t index;     /* of the first open file that is replayed */
	uint64_t skipped; /* bytes before what is replayed */
	struct effort effort;
	struct boundary_forward forward;
	struct unchanged unchanged;
};

/*
 * Passes over all but the newest bytes of what the set has, from a record on,
 * for a reader that began at that file time: 0 and replay->skipped;
 * RESULT_PARTIAL: replay_next() follows if it goes on; else the folder is being
 * read, and as after -errno and RESULT_CHANGED the set can only be closed.
 */
int replay_begin(struct replay *replay, struct log_set *set, int64_t began_ms);

/* Another turn: the same. */
int replay_next(struct replay *replay, struct log_set *set);

/*
 * Where no record begins any more, *offset is the end of the file: then it
 * becomes the line that has no end yet, if that may become a whole record.
 */
int replay_at_line(
    const struct source_options *options, int fd, uint64_t *offset);

#endif
