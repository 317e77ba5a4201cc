/*
 * catch_up.h - whether a reader of a log has caught up with another one, so
 * that what it gives next is what that one gives next.
 */
#ifndef CATCH_UP_H
#define CATCH_UP_H

#include "source/log_set.h"

/*
 * Tries to take the place of the leader: whether both have read the lead and
 * each file behind it equally far.  Of a file behind that only the leader has,
 * everything was seen if it is not newer than the stamp, and was met since the
 * reader came or is not newer than the stamp that it came with, or if one of
 * the files here begins with it, a copy in its place; else a gap "late" is
 * queued, the stamp rises over it, and it is false.
 */
bool catch_up_try(struct log_set *set, const struct log_set *leader);

#endif
