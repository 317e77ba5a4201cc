/*
 * readable.h - files that were found to be readable, so that nobody asks again.
 *
 * Who may read a file is changed together with its ctime.  What else may change
 * it shows when the file is opened: here is only what need not be asked before.
 * Of a file that may not be read nothing is kept.
 */
#ifndef READABLE_H
#define READABLE_H

#include "fdio.h"

#define READABLE_MAX 128     /* files; one may put another one out */
#define READABLE_REST_MS 100 /* what changed may change again in one tick */

struct readable_file {
	uint64_t device;
	uint64_t inode;
	int64_t birth_ns;
	int64_t ctime_ms;
};

/* Zeros: none is known. */
struct readable {
	struct readable_file files[READABLE_MAX];
};

/* Whether it was found to be readable as it is. */
bool readable_knows(
    const struct readable *readable, const struct sse_file_stat *stat);

/*
 * The file is readable, at that time of the file system's clock.  One that has
 * only just changed is not kept.
 */
void readable_add(struct readable *readable, const struct sse_file_stat *stat,
    int64_t now_ms);

#endif
