/*
 * leader.c - how far a reader may read that will join another one.
 */
#include "config.h"

#include "source/leader.h"

#include <assert.h>

/* Whether the leader has, open, a file that comes after open[at] here. */
static bool
has_newer(const struct chain *leader, const struct chain *chain, size_t at)
{
	for (size_t i = at + 1; i < chain->count; i++)
		if (chain_find(leader, &chain->open[i]->stat) != NULL)
			return true;
	for (size_t i = 0; i < chain->due_count; i++)
		if (chain_find(leader, &chain->due[i]) != NULL)
			return true;
	return false;
}

/* Whether it has, open, one that comes before. */
static bool
has_older(const struct chain *leader, const struct chain *chain, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (chain_find(leader, &chain->open[i]->stat) != NULL)
			return true;
	return false;
}

uint64_t
leader_limit(const struct chain *leader, const struct chain *chain, size_t at)
{
	const struct generation *ours, *theirs;

	if (leader == NULL)
		return UINT64_MAX;
	assert(at < chain->count);
	ours = chain->open[at];
	theirs = chain_find(leader, &ours->stat);
	/* Of a line in which it began the beginning may be the reader's. */
	if (theirs != NULL)
		return theirs->inside ? theirs->evidence.offset
				      : theirs->offset;
	/* It has left it behind, or has not come to it. */
	if (chain_is_due(leader, &ours->stat))
		return 0;
	if (has_newer(leader, chain, at))
		return UINT64_MAX;
	if (has_older(leader, chain, at))
		return 0;
	return ours->current ? 0 : UINT64_MAX;
}

bool
leader_has_left(
    const struct chain *leader, const struct chain *chain, size_t at)
{
	for (size_t j = 0; j < leader->count && j <= leader->lead; j++) {
		const struct sse_file_stat *theirs = &leader->open[j]->stat;

		for (size_t i = at + 1; i < chain->count; i++)
			if (evidence_same_file(&chain->open[i]->stat, theirs))
				return true;
		if (chain_is_due(chain, theirs))
			return true;
	}
	return false;
}
