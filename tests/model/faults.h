/*
 * faults.h - between the follower and the system: the times that the world
 * has, and calls that go wrong, or that something happens before; and writes
 * to a client that are short.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "world.h"

/* One in so many calls; 0: none. */
struct faults_rates {
	unsigned shorter; /* a read is interrupted, or gives less */
	unsigned failing; /* an open fails with EMFILE, a read with EAGAIN */
	unsigned between; /* something happens to the log just before */
};

/* From here on.  happens is called for "between". */
void faults_begin(struct world *world, uint64_t seed,
    const struct faults_rates *rates, void (*happens)(void *context),
    void *context);

/*
 * From here on writes are short, too: in part, or not at all.  A seed of its
 * own, so that the calls above go wrong as they would without.
 */
void faults_shorten_writes(uint64_t seed);

/* The bytes of so many that a write takes: 0 to all of them. */
size_t faults_taken(size_t size);

/* Whether something else may happen between two calls. */
bool faults_are_played(void);

/* None from here on; the times stay the world's. */
void faults_stop(void);

#endif
