/*
 * newest.h - where the newest records of a log begin: in the current file, or
 * in an older generation.
 */
#ifndef NEWEST_H
#define NEWEST_H

#include "record/boundary.h"
#include "source/item.h"
#include "source/snapshot.h"
#include "source/unchanged.h"

/* A search for them, in the log as it was when the search began. */
struct newest {
	struct snapshot snapshot;
	size_t index;    /* of the oldest candidate that has some of them */
	uint64_t offset; /* where they begin in it */

	const struct source_options *options;
	uint64_t records; /* that are still to be found */
	uint64_t bytes;   /* that may still be gone back over */
	struct effort effort;
	size_t looking; /* the candidate that is searched, by back */
	int fd;         /* of it; -1: none is */
	uint64_t size;  /* its data */
	bool is_ended;  /* an event in which it ends, by a newer one */
	struct boundary_back back;
	struct unchanged unchanged;
};

/*
 * Begins one for so many records, or SOURCE_RECORDS_ALL.  0 and *ret_newest;
 * or errors of snapshot_take(), of which -ENOMEM; -EACCES while the log may not
 * be read.  A log without a current file has no newest records: then the index
 * is that behind the last candidate.
 */
int newest_new(const struct source_options *options,
    const struct log_names *names, uint64_t records,
    struct newest **ret_newest);

/* NULL is allowed. */
void newest_free(struct newest *newest);

/*
 * Goes on for a turn: 0 when they are found, at most replay_size bytes of them;
 * RESULT_PARTIAL: call again; RESULT_CHANGED when a file is not what it was;
 * -ENOMEM, or an error of snapshot_open().  The search ends at a generation
 * that cannot be read.
 */
int newest_next(struct newest *newest);

/*
 * Whether the candidate has a part in the log: not what cannot be read, nor a
 * copy of what the current file still has.
 */
bool newest_is_part(
    const struct snapshot *snapshot, struct candidate *candidate);

#endif
