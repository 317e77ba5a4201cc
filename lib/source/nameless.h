/*
 * nameless.h - files that a follower has open, among those that have names.
 */
#ifndef NAMELESS_H
#define NAMELESS_H

#include "source/search.h"

/*
 * Those that the follower was to come to, and that have gone, become candidates
 * that cannot be read.  Of the files that are open those without a name become
 * candidates, each at its place; and what cannot be read by its name is read as
 * it is open.  0; RESULT_UNSETTLED, -EMFILE, ...
 */
int nameless_add(struct search *search);

#endif
