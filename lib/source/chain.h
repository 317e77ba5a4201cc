/*
 * chain.h - the open files of one log, oldest first, and where in them a
 * reader is.
 *
 *	open[0 .. lead)     behind: read before, kept open since a writer may
 *	                    still be on them
 *	open[lead]          the file of the last record that had a position
 *	open(lead .. count) newer ones, to be read when the lead is done
 *	due                 newer than these: they are not open, so that the
 *	                    descriptors that a reader needs are few, however
 *	                    many files it has missed; see resolve.h
 *
 * The chain changes when a reader begins, when the path leads elsewhere, and
 * when a file is not what it was.  What may be missing then is queued as gaps.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include "source/item.h"
#include "source/log_path.h"
#include "source/search.h"

#define CHAIN_BEHIND_MAX 8 /* older files kept open for late lines */

struct chain {
	struct log_names *names;
	struct log_path path;
	struct source_options options;
	struct watch *watch;
	struct search_known known;
	uint64_t copy; /* the file that was the last copy to be read; 0: none */
	uint64_t births; /* of the name, that are accounted for */
	bool owes_birth; /* but for one: that file may not be read yet */
	struct sse_file_stat awaited; /* that file; or zeros */

	struct generation **open;
	size_t count;
	size_t lead;
	struct sse_file_stat *due; /* oldest first, as they were */
	size_t due_count;
	uint64_t stamp_ms;
	uint64_t came_ms; /* the stamp that the reader came with */
	uint64_t changes; /* how often open was made anew */

	struct gap_queue gaps;
	bool appeared; /* the log is there for the first time; for the reader */
};

/*
 * A chain without files, of a source as in log_names.h, which is copied.  It
 * must not move.  0; -ENOMEM, or -EINVAL for names that are none; then it is
 * done.
 */
int chain_init(struct chain *chain, const char *source,
    const struct source_options *options);
void chain_done(struct chain *chain);

/* Whether no file has been seen yet: everything that comes is unseen. */
bool chain_is_nothing(const struct chain *chain);

/* After the last record that was taken, or where the reading began. */
void chain_position(
    const struct chain *chain, struct sse_position *ret_position);

/* Whether both are the same file. */
bool chain_is_same(const struct generation *a, const struct generation *b);

/* The open file that is the same as this one, or NULL; whether it is due. */
const struct generation *chain_find(
    const struct chain *chain, const struct sse_file_stat *stat);
bool chain_is_due(const struct chain *chain, const struct sse_file_stat *stat);

/*
 * Whether what the chain gives next is what the other one gives next: both
 * have read the lead and each file behind it equally far.  Of a file behind
 * that only the other has, everything was seen if it is not newer than the
 * stamp, and was met since the reader came or is not newer than the stamp that
 * it came with, or if one of the files here begins with it, a copy in its
 * place; else a gap "late" is queued, and it is false.
 */
bool chain_meets(struct chain *chain, const struct chain *other);

/* Why what the path leads to cannot be served; 0: it can, or is not there. */
int chain_check_path(struct chain *chain);

/*
 * Opens the files from the position of a start on (NULL: from what the reader
 * has read).  0 and the gap that comes before them; 1 and errors of resolve(),
 * and the chain is as it was.
 */
int chain_resolve(struct chain *chain, const struct source_start *start,
    enum gap_reason *ret_gap);

/* Closes everything: the chain is as it was at the beginning. */
void chain_close_all(struct chain *chain);

/*
 * Opens those that are due next, when all that is open has been read: the last
 * of these becomes the lead, and the older ones are behind it.  Errors as
 * chain_look(); then these are still due.
 */
int chain_go_on(struct chain *chain);

/*
 * Looks where the path leads now, and opens what is new there, unless some are
 * due.  0, also when it leads nowhere; RESULT_WRONG_KIND, or why it cannot be
 * opened; RESULT_UNSETTLED, -ENOMEM: the chain is as it was.  A file that may
 * not be read is waited for: -EACCES, and what comes before it is open.
 */
int chain_look(struct chain *chain);

/* open[index] is not what it was: finds what is.  Errors as chain_look(). */
int chain_moved(struct chain *chain, size_t index);

/*
 * open[index] is no file any more, as one that was deleted on another machine:
 * goes on where what was read of it is now, or with what is newer, after a gap.
 * Errors as chain_look().
 */
int chain_gone(struct chain *chain, size_t index);

/*
 * Whether open[index], which is not behind, was copied and truncated, where
 * content cannot show it: 1, 0, -ENOMEM, -EMFILE, ...
 */
int chain_was_copied(struct chain *chain, size_t index);

/*
 * Closes old files that need not be kept: copies, and all but the newest few.
 * Those were met, which is to be known when others have them still.
 */
void chain_close_old(struct chain *chain);

/* Queues a gap of unknown size, if there is a reason for one. */
void chain_add_gap(struct chain *chain, enum gap_reason reason);

#endif
