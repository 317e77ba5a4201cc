/*
 * leader.c - how far a reader may read that will join another one.
 */
#include "config.h"

#include "source/leader.h"

#include <assert.h>

/* Whether the leader has, open, a file that comes after open[at] here. */
static bool
has_newer(const struct log_set *leader, const struct log_set *set, size_t at)
{
	for (size_t i = at + 1; i < set->count; i++)
		if (log_set_find(leader, &set->open[i]->stat) != NULL)
			return true;
	for (size_t i = 0; i < set->due_count; i++)
		if (log_set_find(leader, &set->due[i]) != NULL)
			return true;
	return false;
}

/* Whether it has, open, one that comes before. */
static bool
has_older(const struct log_set *leader, const struct log_set *set, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (log_set_find(leader, &set->open[i]->stat) != NULL)
			return true;
	return false;
}

uint64_t
leader_limit(const struct log_set *leader, const struct log_set *set, size_t at)
{
	const struct log_file *ours, *theirs;

	if (leader == NULL)
		return UINT64_MAX;
	assert(at < set->count);
	ours = set->open[at];
	theirs = log_set_find(leader, &ours->stat);
	/* Of a line in which it began the beginning may be the reader's. */
	if (theirs != NULL)
		return theirs->inside ? theirs->fingerprint.offset
				      : theirs->offset;
	/* It has left it behind, or has not come to it. */
	if (log_set_is_due(leader, &ours->stat))
		return 0;
	if (has_newer(leader, set, at))
		return UINT64_MAX;
	if (has_older(leader, set, at))
		return 0;
	return ours->current ? 0 : UINT64_MAX;
}

bool
leader_has_left(
    const struct log_set *leader, const struct log_set *set, size_t at)
{
	for (size_t j = 0; j < leader->count && j <= leader->lead; j++) {
		const struct sse_file_stat *theirs = &leader->open[j]->stat;

		for (size_t i = at + 1; i < set->count; i++)
			if (fingerprint_same_file(&set->open[i]->stat, theirs))
				return true;
		if (log_set_is_due(set, theirs))
			return true;
	}
	return false;
}
