/*
 * chain_resolve.h - which files of a log are to be open: asked of resolve(),
 * and what it answers takes the place of what was open.
 *
 * What may be missing then is queued as a gap.
 */
#ifndef CHAIN_RESOLVE_H
#define CHAIN_RESOLVE_H

#include "source/chain.h"

/*
 * Opens the files from the position of a start on.  0 and the gap that comes
 * before them, which is not queued; 1 and errors of resolve(), and the chain is
 * as it was.
 */
int chain_resolve_start(struct chain *chain, const struct source_start *start,
    enum gap_reason *ret_gap);

/*
 * The same from what the reader has read.  Errors of resolve(), and the chain
 * is as it was.
 */
int chain_resolve_read(struct chain *chain);

/*
 * Opens those that are due next, when all that is open has been read: the last
 * of these becomes the lead, and the older ones are behind it.  Errors as
 * chain_look(); then these are still due.
 */
int chain_go_on(struct chain *chain);

/* open[index] is not what it was: finds what is.  Errors as chain_look(). */
int chain_moved(struct chain *chain, size_t index);

/*
 * open[index] is no file any more, as one that was deleted on another machine:
 * goes on where what was read of it is now, or with what is newer, after a gap.
 * Errors as chain_look().
 */
int chain_gone(struct chain *chain, size_t index);

/*
 * Whether open[index], which is not behind, was copied and truncated, where
 * content cannot show it: 1, 0, -ENOMEM, -EMFILE, ...
 */
int chain_was_copied(struct chain *chain, size_t index);

#endif
