/*
 * log_set.h - the open files of one log, oldest first, and where in them a
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
 * The set changes when a reader begins, when the path leads elsewhere, and
 * when a file is not what it was.  What may be missing then is queued as gaps.
 */
#ifndef LOG_SET_H
#define LOG_SET_H

#include "source/due_names.h"
#include "source/item.h"
#include "source/log_path.h"
#include "source/search.h"

#define LOG_SET_BEHIND_MAX 8 /* older files kept open for late lines */

struct log_set {
	struct log_names *names;
	struct log_path path;
	struct source_options options;
	struct watch *watch;
	struct search_known known;
	uint64_t copy; /* the file that was the last copy to be read; 0: none */
	uint64_t births; /* of the name, that are accounted for */
	bool owes_birth; /* but for one: that file may not be read yet */
	struct sse_file_stat awaited; /* that file; or zeros */

	struct log_file **open;
	size_t count;
	size_t lead;
	struct sse_file_stat *due; /* oldest first, as they were */
	size_t due_count;
	struct due_names due_names; /* of these; or none at all */
	uint64_t stamp_ms;
	uint64_t came_ms; /* the stamp that the reader came with */
	uint64_t changes; /* how often open was made anew */

	struct gap_queue gaps;
	bool appeared; /* the log is there for the first time; for the reader */
};

/*
 * A set without files, of a source as in log_names.h, which is copied.  It
 * must not move.  0; -ENOMEM, or -EINVAL for names that are none; then it is
 * done.
 */
int log_set_init(struct log_set *set, const char *source,
    const struct source_options *options);
void log_set_done(struct log_set *set);

/* Whether no file has been seen yet: everything that comes is unseen. */
bool log_set_is_nothing(const struct log_set *set);

/* After the last record that was taken, or where the reading began. */
void log_set_position(
    const struct log_set *set, struct source_position *ret_position);

/*
 * The bytes of the files that are due, with their holes, since nobody has
 * looked into them; and all from the reader's position on.
 */
uint64_t log_set_due_size(const struct log_set *set);
uint64_t log_set_unread_size(const struct log_set *set);

/* The open file that is the same as this one, or NULL; whether it is due. */
const struct log_file *log_set_find(
    const struct log_set *set, const struct sse_file_stat *stat);
bool log_set_is_due(
    const struct log_set *set, const struct sse_file_stat *stat);

/* Closes everything: the set is as it was at the beginning. */
void log_set_close_all(struct log_set *set);

/* Closes open[index], which is behind the lead. */
void log_set_close_behind(struct log_set *set, size_t index);

/*
 * Closes old files that need not be kept: copies, and all but the newest few.
 * Those were met, which is to be known when others have them still.
 */
void log_set_close_old(struct log_set *set);

/* Whether there is no byte that was not read, and no gap that was not told. */
bool log_set_is_all_read(const struct log_set *set);

/* Whether gaps wait to be told; takes the oldest: whether there was one. */
static inline bool
log_set_has_gaps(const struct log_set *set)
{
	return !gap_queue_is_empty(&set->gaps);
}

bool log_set_take_gap(struct log_set *set, struct gap *ret_gap);

/* Whether a gap is told before what is read next. */
bool log_set_owes_gap(const struct log_set *set);

/*
 * What lines_before() says of a position; 0, and the lines are as they
 * were, where it is in none of the open files.
 */
int log_set_lines_before(const struct log_set *set,
    const struct sse_position *position, struct sse_buf *lines);

/* Until a look at the log is worth it without a hint. */
int64_t log_set_look_ms(const struct log_set *set);

/* What to poll for hints, or -1. */
int log_set_fd(const struct log_set *set);

/* Whether it is read on and on; else to its end at the start. */
static inline bool
log_set_follows(const struct log_set *set)
{
	return set->options.follow;
}

/* Queues a gap of unknown size, if there is a reason for one. */
void log_set_add_gap(struct log_set *set, enum gap_reason reason);

#endif
