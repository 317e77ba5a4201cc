/*
 * snapshot.h - a log and its generations as they were at one moment.
 *
 * All are opened before any is judged, so that a rename or an unlink can take
 * nothing away; then the directory is listed again.  Only two listings that
 * agree are a state that existed.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <limits.h>

#include "fdio.h"
#include "position.h"
#include "rotation.h"

#define SNAPSHOT_CANDIDATES_MAX 64 /* the newest, by modification time */
#define SNAPSHOT_TRIES_MAX 6

/* A file that may be a generation of the log. */
struct candidate {
	int fd;                  /* -1 once somebody has taken it */
	char name[NAME_MAX + 1]; /* "": it has none any more */
	struct sse_file_stat stat;
	uint64_t file; /* what ids call it */
	struct rotation_rank rank;
	bool current;
	bool compressed; /* it cannot be read here */
};

/* Oldest first; the current one, if there is one, last. */
struct snapshot {
	struct candidate *candidates;
	size_t count;
	size_t capacity;
};

/*
 * Takes one.  path is the log's; symbolic links are followed, and generations
 * are looked for beside the file that it leads to: regular files of the same
 * owner, that can be opened for reading, by their names; none where the
 * directory may not be read.  0, -ENOMEM, or the
 * error of opening the directory.  A log that does not exist is no error.
 */
int snapshot_take(struct snapshot *snapshot, const char *path);

/* Puts a candidate, with its descriptor, before the one at index. */
int snapshot_insert(
    struct snapshot *snapshot, size_t index, const struct candidate *candidate);

/* Closes what was not taken. */
void snapshot_done(struct snapshot *snapshot);

/* The current file, or NULL. */
const struct candidate *snapshot_current(const struct snapshot *snapshot);

/*
 * The position of an offset in the candidate at index, whose older generations
 * have all been read to their ends: 0, -ESTALE when it is shorter, -errno.
 */
int snapshot_position(const struct snapshot *snapshot, size_t index,
    uint64_t offset, struct sse_position *ret_position);

/* Whether the same files with the same sizes and times are in both. */
bool snapshot_equal(const struct snapshot *a, const struct snapshot *b);

#endif
