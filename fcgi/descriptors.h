/*
 * descriptors.h - who gets how many of the descriptors that there can be.
 *
 * What every source, and one that searches in what it has, may need is kept for
 * them: so a client that comes back can always be served, one after the other
 * at least.  The rest is for clients, and for readers beside the first one.
 */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include "source/source_ops.h"

/* The process's own, and those that are open for an instant. */
#define DESCRIPTORS_FIXED 17

/* A reader beside the first one, mostly. */
#define DESCRIPTORS_READER 2

#define DESCRIPTORS_SPARE 32      /* clients that are turned away, at most */
#define DESCRIPTORS_CLIENTS 10000 /* where nobody says how many */

struct descriptors_wanted {
	size_t open;    /* what the sources of all streams have open */
	size_t search;  /* of one source that searches, beside that */
	size_t readers; /* at once; at least 1 */
	size_t clients; /* at least so many; 0: as many as there can be */
};

struct descriptors_share {
	size_t clients;
	size_t spare;   /* connections beyond them */
	size_t readers; /* at once; at least 1 */
};

/* One stream more, of which the source needs so many. */
void descriptors_want(
    struct descriptors_wanted *wanted, struct source_descriptors source);

/* The smallest limit that is enough for what is wanted, with one reader at
 * once. */
size_t descriptors_needed(const struct descriptors_wanted *wanted);

/* Whether a limit is enough, and then how it is shared out. */
bool descriptors_share(size_t limit, const struct descriptors_wanted *wanted,
    struct descriptors_share *ret_share);

#endif
