/*
 * match.h - which of the candidates holds the position, judged by what all of
 * them are and have.
 */
#ifndef MATCH_H
#define MATCH_H

#include "source/search.h"

/* Finds the base among the candidates: 0, or why nobody knows. */
int match_candidates(struct search *search);

/*
 * Whether nobody can say yet what there is to read: the position may be in a
 * file that may not be read, or behind one that is only just being made.
 */
bool match_must_wait(const struct search *search);

#endif
