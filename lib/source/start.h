/*
 * start.h - where in a log a reader begins.
 */
#ifndef START_H
#define START_H

#include "source/chain.h"
#include "source/newest.h"

/* A start that takes more than one turn. */
struct start {
	int tries; /* the log was not what it had been, so often */
	/* While the newest records are looked for; or NULL. */
	struct newest *newest;
	enum gap_reason gap; /* before them: the position does not count */

	/* While it is looked for where the records begin that are replayed. */
	bool cuts;
	int64_t began_ms;
	bool is_placed;   /* at a position */
	size_t index;     /* of the first file that is open and is replayed */
	uint64_t skipped; /* bytes before what is replayed */
	struct effort effort;
	struct boundary_forward forward;
	struct unchanged unchanged;
};

/* All zeros is one that has not begun. */
void start_done(struct start *start);

/*
 * Opens what the reader begins with, and queues the gaps that come first.  0;
 * RESULT_PARTIAL: call again with the same; or errors as file_start(), and then
 * it has not begun.
 */
int start_chain(struct start *start, struct chain *chain,
    const struct source_start *wanted);

/*
 * The bytes from the reader's position on, as their files were when they were
 * opened, or last looked at.
 */
uint64_t start_unread(const struct chain *chain);

#endif
