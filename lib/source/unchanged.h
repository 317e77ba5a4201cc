/*
 * unchanged.h - whether a file is after a rest what it was before.
 *
 * Who searches a file in turns has to know at the end that what he looked at
 * first is still there: a log may be truncated and filled anew meanwhile.
 */
#ifndef UNCHANGED_H
#define UNCHANGED_H

#include "source/fingerprint.h"

/* All zeros: nobody has rested. */
struct unchanged {
	bool has_rested;
	struct fingerprint fingerprint;
};

/* Before a rest, in a file that is searched up to that end: 0 or -errno. */
int unchanged_rest(struct unchanged *unchanged, int fd, uint64_t end);

/* 0, also where nobody has rested; RESULT_CHANGED or -errno. */
int unchanged_check(const struct unchanged *unchanged, int fd);

#endif
