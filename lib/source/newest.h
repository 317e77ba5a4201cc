/*
 * newest.h - where the newest records of a log begin: in the current file, or
 * in an older generation.
 */
#ifndef NEWEST_H
#define NEWEST_H

#include "source/item.h"
#include "source/snapshot.h"

struct newest {
	size_t index;    /* of the oldest candidate that has some of them */
	uint64_t offset; /* where they begin in it */
};

/*
 * Finds the last records of a log with a current file, at most replay_size
 * bytes of them.  The search ends at a generation that cannot be read.  0,
 * RESULT_CHANGED when a file has become shorter, -ENOMEM, or an error of
 * snapshot_open().
 */
int newest_find(const struct snapshot *snapshot,
    const struct source_options *options, uint64_t records,
    struct newest *ret_newest);

/*
 * Whether the candidate has a part in the log: not what cannot be read, nor a
 * copy of what the current file still has.
 */
bool newest_is_part(
    const struct snapshot *snapshot, struct candidate *candidate);

#endif
