/*
 * start.h - where in a log a reader begins.
 */
#ifndef START_H
#define START_H

#include "source/log_set.h"
#include "source/newest.h"
#include "source/replay.h"

/* A start that takes more than one turn. */
struct start {
	int tries; /* the log was not what it had been, so often */
	/* While the newest records are looked for; or NULL. */
	struct newest *newest;
	enum gap_reason gap; /* before them: the position does not count */

	int64_t began_ms;
	bool is_placed; /* at a position */
	struct replay replay;
};

/* All zeros is one that has not begun. */
void start_done(struct start *start);

/*
 * Opens what the reader begins with, and queues the gaps that come first.  0;
 * RESULT_PARTIAL: call again with the same; or errors as file_start(), and then
 * it has not begun.
 */
int start_set(struct start *start, struct log_set *set,
    const struct source_start *wanted);

#endif
