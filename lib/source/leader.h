/*
 * leader.h - how far a reader may read that will join another one, its leader,
 * of the same log: no further than that one has, file by file, so that both
 * come to the same place.
 */
#ifndef LEADER_H
#define LEADER_H

#include "source/log_set.h"

/*
 * The offset up to which open[at] may be read.  UINT64_MAX: to its end, since
 * the leader has left it behind, or there is no leader (NULL).
 */
uint64_t leader_limit(
    const struct log_set *leader, const struct log_set *set, size_t at);

/* Whether the leader reads a newer file than open[at]. */
bool leader_has_left(
    const struct log_set *leader, const struct log_set *set, size_t at);

#endif
