/*
 * scan.h - one way through the open files of a log: where it is, and how it
 * goes on from file to file.
 *
 * scan_step.h has its steps.
 */
#ifndef SCAN_H
#define SCAN_H

#include "source/log_set.h"
#include "source/rotate_wait.h"

struct scan {
	struct log_set *set;
	/*
	 * Of the reader that this one will join, or NULL: nothing is read that
	 * it has not read; see leader.h.
	 */
	const struct log_set *leader;
	uint64_t changes; /* of the set, that are known of */
	bool running;
	bool mark; /* the position has moved without a record */

	size_t at;     /* open[at] is being read */
	bool searched; /* which takes hints that came after what was read */
	bool looked;   /* it has been read from in this scan */
	bool may_read; /* one read: the caller allows it */
	bool more;     /* it was used up: the rest is for the next call */

	struct rotate_wait wait;
	int error; /* why the log cannot be read; 0: it can, or waits */
	struct log_file_buffer buffer;
};

/*
 * A scan of zeros becomes one over the files of the set, which is borrowed;
 * it does not run yet.
 */
void scan_init(struct scan *scan, struct log_set *set);

/* Looks where the path leads, and begins with the first open file, if any. */
void scan_begin(struct scan *scan);

/* It is over, wherever it was. */
void scan_stop(struct scan *scan);

static inline bool
scan_runs(const struct scan *scan)
{
	return scan->running;
}

/* A turn of one read at most; whether that was used up, and there is more. */
static inline void
scan_begin_turn(struct scan *scan)
{
	scan->more = false;
	scan->may_read = true;
}

static inline bool
scan_has_more(const struct scan *scan)
{
	return scan->more;
}

/* Why the log cannot be read; 0: it can, or waits. */
static inline int
scan_error(const struct scan *scan)
{
	return scan->error;
}

/* Until the next scan is worth it. */
int64_t scan_look_ms(const struct scan *scan);

/* As source_follow(), of the other one's set; NULL: nobody is followed. */
void scan_follow(struct scan *scan, const struct log_set *leader);

/* As source_meets(). */
bool scan_meets(struct scan *scan);

/* It is over, and begins anew when something is awaited no more. */
void scan_end(struct scan *scan);

/* The same, and looks again soon: what it met will pass.  0. */
int scan_wait_for_more(struct scan *scan);

/* The same at once: the log's folder is being read.  0. */
int scan_ask_again(struct scan *scan);

/* What is being read. */
struct log_file *scan_file(const struct scan *scan);

/* A record of the file at is given, which is the lead then. */
void scan_take_lead(struct scan *scan);

/* The record of the item is given: 1. */
int scan_deliver(struct scan *scan, struct source_item *item);

/*
 * What has no end and will not get one is an item, or a gap, if its beginning
 * was sent: whether there is any; *ret_got is what scan_step() returns.
 */
bool scan_deliver_rest(
    struct scan *scan, struct source_item *item, int *ret_got);

/* The next file is at. */
void scan_go_to_next(struct scan *scan);

/* The file at is the lead, though none of its records was given. */
void scan_lead_here(struct scan *scan);

/*
 * What was open is known anew, or cannot be, for that error: the scan goes on
 * without it, or anew.  0, -ENOMEM.
 */
int scan_take_changes(struct scan *scan, int error);

/* Whether the position has moved without a record since the last time. */
bool scan_take_mark(struct scan *scan);

#endif
