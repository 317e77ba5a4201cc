/*
 * faults.h - between the follower and the system: the times that the world
 * has, and calls that go wrong, or that something happens before.
 */
#ifndef FAULTS_H
#define FAULTS_H

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

/* None from here on; the times stay the world's. */
void faults_stop(void);

#endif
