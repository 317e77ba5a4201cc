/*
 * search.h - where a position is now: which of a log's files holds it.
 *
 * The rules were found with an executable model; each of them has a smallest
 * schedule that loses or repeats lines without it.
 *
 * Words: the base is the file that the position is in; a copy is a file that
 * was made of another (copytruncate), so nobody writes to it; a file is there
 * when the position's own file still is, whatever it holds now.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "clock.h"
#include "source/log_file.h"
#include "record/record_rule.h"
#include "source/snapshot.h"

#define SEARCH_KNOWN_MAX 128 /* files that are remembered as not new */

/*
 * Milliseconds since a file was made or moved in which its owner and mode may
 * still be on their way: who makes a log gives it these afterwards.
 */
#define SEARCH_BIRTH_MS 1000

/* The newest files that were met before the position's; older ones drop out. */
struct search_known {
	uint64_t files[SEARCH_KNOWN_MAX];
	size_t count;
};

void search_remember(struct search_known *known, uint64_t file);
bool search_knows(const struct search_known *known, uint64_t file);

struct search_question {
	const struct log_names *names;
	const char *path; /* of the current file; NULL: none is known */
	/* A client's id; or of a follower what it has read of its lead. */
	struct sse_position position;
	/*
	 * A client has brought it, and may have made it up.  Then it counts
	 * where an id can be: behind a LF, or where rule says so a blank line;
	 * or in a file that may end anywhere, as what is not followed does, and
	 * an older generation.
	 */
	bool is_id;
	bool follow;
	const struct record_rule *rule; /* NULL: each line is a record */
	size_t record_size_max;
	const struct sse_clock *clock;
	struct watch *watch;
	struct listing_cache *listing; /* NULL: each look reads the folders */
	struct search_known *known;

	/*
	 * Of a follower: the files that it has open, oldest first, and which of
	 * them is its lead; moved is one that is not what it was, or NULL.
	 */
	struct log_file *const *held;
	size_t held_count;
	size_t lead;
	const struct log_file *reading; /* what the position is in */
	const struct log_file *moved;
	/*
	 * Newer ones that it was to come to, oldest first: they are not open.
	 */
	const struct sse_file_stat *due;
	size_t due_count;
	bool gone; /* moved is not a file any more: its handle is stale */
};

/* The part that a candidate has in what follows. */
enum search_part {
	PART_NONE,
	PART_SAME,  /* the base: identity and content agree */
	PART_COPY,  /* the base: the position's file was truncated since */
	PART_MOVED, /* the base: content agrees, and its own file is gone */
	PART_WEAK,  /* the base: content agrees, and proves nothing */
	PART_FRESH, /* the base: the oldest that is certainly unseen */
	PART_NEXT,  /* newer than the base: to be read whole */
	PART_DUE,   /* newer than these: to be opened when they are read */
	PART_BEHIND /* older: read already, and kept open for late lines */
};

struct search {
	const struct search_question *question;
	struct search_known *given_up; /* that cannot be read; or NULL */
	struct snapshot snapshot;
	size_t base;           /* index of a candidate; SIZE_MAX: none */
	bool has_next;         /* there are newer ones to read */
	size_t end;            /* of the candidates that are not due */
	enum search_part part; /* of the base */
	enum gap_reason gap;   /* what resolve() makes of it */
	bool there;
	bool
	    vanished; /* the log was there before the snapshot, and not in it */
	bool missed;  /* a file has gone that was not read to its end */
	int64_t began_ms;               /* file time before the snapshot */
	const struct candidate *unread; /* the first that could not be read */
	int error;                      /* why */
	uint64_t births; /* counted by the watch before the snapshot */
};

void search_done(struct search *search);

/*
 * Whether what could not be read is given up: an older generation is out of
 * reach then, as a compressed one is, and all has to be judged anew.  Not for
 * a shortage, and not of the log itself: then it is an error.
 */
bool search_gives_up(struct search *search);

/* That a candidate could not be read. */
void search_failed(
    struct search *search, const struct candidate *candidate, int error);

/* As snapshot_open(); that it could not be read is known then. */
int search_open(struct search *search, const struct candidate *candidate);

/*
 * Reads the fingerprint of a candidate, which is open there or could not be
 * opened: whether it has that offset.  ANSWER_NONE: nobody knows.
 */
enum answer search_load(struct search *search,
    const struct candidate *candidate, int fd, uint64_t offset,
    struct fingerprint *fingerprint);

/* Whether the file still begins with all that the copy has. */
bool search_is_prefix(struct search *search, const struct candidate *copy,
    const struct candidate *file);

/* The follower's own generation of that file; NULL: none, or it has moved. */
struct log_file *search_held_of(
    const struct search *search, const struct sse_file_stat *stat);

/* Whether the follower was to come to it. */
bool search_is_due(
    const struct search *search, const struct sse_file_stat *stat);

/* Whether it is one before the follower's lead: these stay as they are. */
bool search_is_behind(
    const struct search *search, const struct sse_file_stat *stat);

/*
 * Whether the candidate is a copy of what the current file still has.  What is
 * due was asked before, and does not become one.
 */
bool search_is_being_copied(struct search *search, struct candidate *candidate);

/* The same of one that is open there, whatever is known of it. */
enum answer search_read_copied(
    struct search *search, const struct candidate *candidate, int fd);

/* Whether both births are known, and a was born later. */
bool search_born_after(const struct candidate *a, const struct candidate *b);

/*
 * Whether the candidate may be a copy of the file, by its age: it was born
 * later, after the position was read, and was not met before.  Of a file that
 * is open all that was there when it was opened has been met.  What both have
 * has to show that it is one.
 */
bool search_may_be_copy(const struct search *search,
    const struct candidate *candidate, const struct candidate *file);

/*
 * The youngest file that is newer by its name than the candidate at index, and
 * was born before it: no file is renamed so, the candidate is a copy of that
 * one.  Dates that the writer chose say nothing.  NULL: there is none.
 */
const struct candidate *search_original_of(
    const struct search *search, size_t index);

/* Birth time: whether it is known, and in the unit of the stamp. */
bool search_is_born(const struct sse_file_stat *stat);
int64_t search_birth_ms(const struct sse_file_stat *stat);

/* The stamp of the position in question. */
int64_t search_stamp_ms(const struct search *search);

#endif
