/*
 * nearest.h - the known word that somebody may have meant.  Pure.
 */
#ifndef NEAREST_H
#define NEAREST_H

#include "ssekit.h"

#define NEAREST_SIZE_MAX 32    /* bytes of a word; a longer one is near none */
#define NEAREST_DISTANCE_MAX 3 /* mistakes in a long word; fewer in a short */

/* The best of the words so far.  All zeros but for the word: none is near. */
struct nearest {
	struct sse_slice said;
	const char *word; /* borrowed; NULL: none */
	size_t distance;  /* of that word */
};

/* Considers one more known word.  The first of two that are as near stays. */
void nearest_consider(struct nearest *nearest, const char *word);

struct nearest_text {
	char text[80];
};

/* " (did you mean \"--WORD\"?)", with that prefix before it; or "". */
struct nearest_text nearest_question(
    const struct nearest *nearest, const char *prefix);

#endif
