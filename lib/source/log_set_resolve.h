/*
 * log_set_resolve.h - which files of a log are to be open: asked of resolve(),
 * and what it answers takes the place of what was open.
 *
 * What may be missing then is queued as a gap.
 */
#ifndef LOG_SET_RESOLVE_H
#define LOG_SET_RESOLVE_H

#include "source/log_set.h"

/*
 * Opens the files from the position of a start on.  0 and the gap that comes
 * before them, which is not queued; 1 and errors of resolve(), and the set is
 * as it was.
 */
int log_set_resolve_start(struct log_set *set, const struct source_start *start,
    enum gap_reason *ret_gap);

/*
 * The same from what the reader has read.  Errors of resolve(), and the set
 * is as it was.
 */
int log_set_resolve_read(struct log_set *set);

/*
 * Opens those that are due next, when all that is open has been read: the last
 * of these becomes the lead, and the older ones are behind it.  Errors as
 * log_set_look(); then these are still due.
 */
int log_set_go_on(struct log_set *set);

/* open[index] is not what it was: finds what is.  Errors as log_set_look(). */
int log_set_moved(struct log_set *set, size_t index);

/*
 * open[index] is not a file any more, as one that was deleted on another
 * machine: goes on where what was read of it is now, or with what is newer,
 * after a gap.  Errors as log_set_look().
 */
int log_set_gone(struct log_set *set, size_t index);

/*
 * Whether open[index], which is not behind, was copied and truncated, where
 * content cannot show it: 1, 0, -ENOMEM, -EMFILE, ...
 */
int log_set_was_copied(struct log_set *set, size_t index);

#endif
