/*
 * moods.h - what may happen to a log: each kind of life that a log has.
 */
#ifndef MOODS_H
#define MOODS_H

#include "steps.h"
#include "world.h"

struct mood {
	const char *name;
	struct world_rules rules;
	steps_weights weights; /* beside what happens in any */
};

/* "calm", "copy", ...; NULL: it is none. */
const struct mood *moods_find(const char *name);

#endif
