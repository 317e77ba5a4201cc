/*
 * descriptors.h - who gets how many of the descriptors that there can be.
 *
 * What every stream, and one search through a log's generations, may need is
 * kept for them: so a client that comes back can always be served, one after
 * the other at least.  The rest is for clients, and for readers beside the
 * first one.
 */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "source/log_set.h"
#include "source/judge.h"

/* The process's own, and those that are open for an instant. */
#define DESCRIPTORS_FIXED 16

/* A stream's watch, its current file, and the older ones that it keeps. */
#define DESCRIPTORS_STREAM (2 + LOG_SET_BEHIND_MAX)

/*
 * The folders on the way to a log, the few generations that are looked at, and
 * those that are read then: however many there are.
 */
#define DESCRIPTORS_SEARCH \
	(6 + SNAPSHOT_OPEN_MAX + JUDGE_BEHIND_MAX + 1 + JUDGE_AHEAD_MAX)

/* A reader beside the first one, mostly. */
#define DESCRIPTORS_READER 2

#define DESCRIPTORS_SPARE 32      /* clients that are turned away, at most */
#define DESCRIPTORS_CLIENTS 10000 /* where nobody says how many */

struct descriptors_wanted {
	size_t streams;
	size_t folders; /* of all streams: each may be open while it is read */
	size_t readers; /* at once; at least 1 */
	size_t clients; /* at least so many; 0: as many as there can be */
};

struct descriptors_share {
	size_t clients;
	size_t spare;   /* connections beyond them */
	size_t readers; /* at once; at least 1 */
};

/* The smallest limit that is enough for what is wanted, with one reader at
 * once. */
size_t descriptors_needed(const struct descriptors_wanted *wanted);

/* Whether a limit is enough, and then how it is shared out. */
bool descriptors_share(size_t limit, const struct descriptors_wanted *wanted,
    struct descriptors_share *ret_share);

#endif
