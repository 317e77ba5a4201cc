/*
 * resolve.h - from a position to the open files that have to be read, oldest
 * first.
 *
 * One routine serves a client that comes back with an id and a follower that
 * meets a surprise (the path leads elsewhere, the file shrank, the window has
 * changed).
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include "source/resolve_part.h"

/*
 * What the answer has of the files that the follower holds is the same object;
 * the files known before the base are remembered.  0 and *ret_answer;
 * RESULT_UNSETTLED when nothing was at rest for long enough to be judged, and
 * -EACCES when what has to be judged may not be read (ask again later);
 * -ENOMEM, -EMFILE, ...  An answer without generations: the log does not exist.
 * 1, and no answer: the position is not an id that was ever given.
 */
int resolve(
    const struct search_question *question, struct resolve_answer *ret_answer);

#endif
