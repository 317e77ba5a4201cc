/*
 * stamp.h - how far the stamp of a reader's ids may rise: it says which
 * modifications of a log's older files have been seen.
 *
 * A byte that comes to one of them later has to be newer than the stamp.
 */
#ifndef STAMP_H
#define STAMP_H

#include "source/log_set.h"

/*
 * Over what a scan has read of the first files, so many, which began at that
 * file time: to their newest modification, but not over the beginning of the
 * pass, nor over what is still unread in one of them, or was not given.
 */
void stamp_raise(struct log_set *set, size_t count, int64_t began_ms);

/*
 * Over the files before the lead, which have been passed over, as far as they
 * were at rest at that file time.
 */
void stamp_pass_over(struct log_set *set, int64_t began_ms);

#endif
