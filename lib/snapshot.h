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
#include "generation.h"
#include "listing_cache.h"
#include "position.h"

/* The newest: by their names, and where these do not say, by modification. */
#define SNAPSHOT_CANDIDATES_MAX NAME_SET_WANTED
#define SNAPSHOT_TRIES_MAX 6

/* A file that may be a generation of the log. */
struct candidate {
	int fd;    /* -1 once somebody has taken it */
	bool lent; /* by who holds the file open, and is not closed here */
	/* With its folder below the log's; "": it has none any more. */
	char name[LOG_NAMES_FOLDER_SIZE_MAX + NAME_MAX + 1];
	struct sse_file_stat stat;
	uint64_t file; /* what ids call it */
	struct log_rank rank;
	bool current;
	bool compressed;     /* it cannot be read here: so, or it may not be */
	bool unsure;         /* it may be older or newer than one beside it */
	enum gap_reason gap; /* before it, because of what it was */
};

/* Oldest first; the current one, if there is one, last. */
struct snapshot {
	struct candidate *candidates;
	size_t count;
	size_t capacity;
	bool foreign;     /* there were others' files among the names */
	uint64_t changes; /* listing_changes() before and after; 0: unlike */
};

/* What the follower of the log has open: that is not opened once more. */
struct snapshot_held {
	struct generation *const *list;
	size_t count;
};

/* The one that is this file, or NULL. */
struct generation *snapshot_find_held(
    const struct snapshot_held *held, const struct sse_file_stat *stat);

/*
 * Takes one of the log with these names, at that time of the file system's
 * clock.  Symbolic links of the path are followed, and generations are looked
 * for beside the file that it leads to, or in a folder below: regular files of
 * the same owner, and each once; none where the directory may not be read.
 * What may not be read is among them, without a descriptor; what is held has
 * that of who holds it.  0, -ENOMEM,
 * -EACCES where nobody can say whether the log is there, or the error of
 * opening the
 * directory.  A log that does not exist is no error.  The names are kept in the
 * cache; NULL: nowhere.
 */
int snapshot_take(struct snapshot *snapshot, const struct log_names *names,
    int64_t now_ms, struct listing_cache *cache,
    const struct snapshot_held *held);

/*
 * Whether another one would be equal: the names are what they were, and so are
 * the files.  False also when that cannot be said without taking it.
 */
bool snapshot_is_still(const struct snapshot *snapshot,
    const struct log_names *names, struct listing_cache *cache, int64_t now_ms);

/* Puts a candidate, with its descriptor, before the one at index. */
int snapshot_insert(
    struct snapshot *snapshot, size_t index, const struct candidate *candidate);

/*
 * The candidate's descriptor, for good: it is the caller's then.  -errno where
 * one that is lent cannot be had twice.
 */
int snapshot_take_fd(struct candidate *candidate);

/* Closes the candidate at index, and takes it out. */
void snapshot_remove(struct snapshot *snapshot, size_t index);

/* Closes what was not taken; its names and times stay. */
void snapshot_close(struct snapshot *snapshot);

/* The same, and frees it. */
void snapshot_done(struct snapshot *snapshot);

/* Whether that file is among the candidates. */
bool snapshot_has(
    const struct snapshot *snapshot, const struct sse_file_stat *stat);

/* The current file, or NULL. */
const struct candidate *snapshot_current(const struct snapshot *snapshot);

/* Whether it is a log that may not be read, and not just a compressed one. */
bool snapshot_is_unreadable(const struct candidate *candidate);

/* Whether there is a current file that may not be read (yet). */
bool snapshot_awaits_current(const struct snapshot *snapshot);

/*
 * The position of an offset in the candidate at index, whose older generations
 * have all been read to their ends: 0, RESULT_CHANGED when it is shorter,
 * -errno.
 */
int snapshot_position(const struct snapshot *snapshot, size_t index,
    uint64_t offset, struct sse_position *ret_position);

/* Whether the same files with the same sizes and times are in both. */
bool snapshot_equal(const struct snapshot *a, const struct snapshot *b);

#endif
