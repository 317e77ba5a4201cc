/*
 * opening.h - from where a reader wants to begin to the open files of a log.
 *
 * The id of a record and a time are searched for first, in steps.
 */
#ifndef OPENING_H
#define OPENING_H

#include "source/find_id.h"
#include "source/find_time.h"
#include "source/start.h"

struct opening {
	struct source_start start;
	struct source_position position; /* of the start, if it has one */
	struct find_id *find_id;         /* while it is searched for; or NULL */
	struct find_time *find_time;
	struct start begun; /* when it is placed, and needs more turns */
	bool is_placed;     /* where it begins is known */
	bool goes_on;       /* steps have to follow */
};

/* All zeros is one that has not begun. */
void opening_done(struct opening *opening);

/*
 * Begins: 0 when the files are open, RESULT_PARTIAL when steps have to follow,
 * or why not: -EACCES while the log may not be read, and as start_set().  What
 * the start points to has to live until the end of the steps.
 */
int opening_begin(struct opening *opening, struct log_set *set,
    const struct source_start *start);

/* Whether it begins at a position: that of an id, or one that was found. */
bool opening_has_position(const struct opening *opening);

/* Whether the log itself has to say where a client's id is. */
bool opening_has_record_id(const struct opening *opening);

/* Whether steps have to follow. */
bool opening_goes_on(const struct opening *opening);

/* A step, of at most one read: the same; -ENOMEM: call again. */
int opening_step(struct opening *opening, struct log_set *set);

#endif
