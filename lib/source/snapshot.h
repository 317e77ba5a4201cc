/*
 * snapshot.h - a log and its generations as they were at one moment.
 *
 * There may be more files than descriptors.  So only the newest are open from
 * then on, whose names move most often.  Of the others it is known who they
 * are, and they are opened to be judged, one at a time.  Where a name leads to
 * another file by then, the state is over, and who judges has to look again.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <limits.h>

#include "fdio.h"
#include "source/folder_pattern.h"
#include "source/log_file.h"
#include "source/listing_cache.h"
#include "source/position.h"

/* The newest: by their names, and where these do not say, by modification. */
#define SNAPSHOT_CANDIDATES_MAX NAME_SET_WANTED

/* Candidates that are open, beside those that are held. */
#ifndef SNAPSHOT_OPEN_MAX
#define SNAPSHOT_OPEN_MAX 4
#endif

/* To what is asked of a candidate: it is read once. */
enum answer {
	ANSWER_NONE,
	ANSWER_NO,
	ANSWER_YES
};

/* A file that may be a generation of the log. */
struct candidate {
	int fd;     /* -1: it is not open; see snapshot_open() */
	bool lent;  /* by who holds the file open, and is not closed here */
	bool taken; /* by who reads the file from now on */
	/* With its folder below the log's; "": it has none any more. */
	char name[FOLDER_PATTERN_SIZE_MAX + NAME_MAX + 1];
	struct sse_file_stat stat;
	uint64_t file; /* what ids call it */
	struct log_rank rank;
	bool current;
	bool compressed;     /* it cannot be read here: so, or it may not be */
	bool gone;           /* a reader was to come to it, and it has gone */
	bool unsure;         /* it may be older or newer than one beside it */
	enum gap_reason gap; /* before it, because of what it was */

	/* What a search has read of it. */
	enum answer position; /* whether it has the position */
	bool is_weak;         /* and that proves nothing */
	enum answer copied;   /* see search_is_being_copied() */
};

/* Oldest first; the current one, if there is one, last. */
struct snapshot {
	struct candidate *candidates;
	size_t count;
	size_t capacity;
	bool has_folder;
	int folder;       /* that the names are below, open */
	bool is_guarded;  /* walk_is_guarded(): names in it, not below */
	bool foreign;     /* there were others' files among the names */
	uint64_t changes; /* listing_changes() before and after; 0: unlike */
};

/* What the follower of the log has open: that is not opened once more. */
struct snapshot_held {
	struct log_file *const *list;
	size_t count;
};

/* The one that is this file, or NULL. */
struct log_file *snapshot_find_held(
    const struct snapshot_held *held, const struct sse_file_stat *stat);

/* Puts a candidate, with its descriptor, before the one at index. */
int snapshot_insert(
    struct snapshot *snapshot, size_t index, const struct candidate *candidate);

/*
 * A descriptor of the candidate, for a moment; snapshot_leave() follows.
 * RESULT_NONE for one that was taken, or cannot be read; RESULT_UNSETTLED where
 * its name leads to another file by now, or to none; -errno.
 */
int snapshot_open(
    const struct snapshot *snapshot, const struct candidate *candidate);
void snapshot_leave(const struct candidate *candidate, int fd);

/* The same for good: it is the caller's then. */
int snapshot_take_fd(
    const struct snapshot *snapshot, struct candidate *candidate);

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
 * or an error of snapshot_open().
 */
int snapshot_position(const struct snapshot *snapshot, size_t index,
    uint64_t offset, struct sse_position *ret_position);

/* Whether it is one file, of the same size and time. */
bool snapshot_same_state(
    const struct sse_file_stat *one, const struct sse_file_stat *other);

/* Whether the same files in the same state are in both. */
bool snapshot_equal(const struct snapshot *a, const struct snapshot *b);

#endif
