/*
 * catch_up.c - whether a reader of a log has caught up with another one.
 *
 * It is no matter of the lead alone: in each file that either of them still
 * reads, both must stand at the same offset, and neither may owe a gap.
 */
#include "config.h"

#include "source/catch_up.h"

static bool
has_had(const struct chain *chain, uint64_t file)
{
	for (size_t i = 0; i < chain->count; i++)
		if (evidence_file(&chain->open[i]->stat) == file)
			return true;
	return search_knows(&chain->known, file);
}

/*
 * The beginning of a file proves nothing: one of them may have had a copy of
 * what the file was before a truncation, and the other one not have noticed
 * that yet.  Then they have looked at different times of the file, or, where
 * the clock has not ticked, only one of them has had the copy.
 */
static bool
proves_the_same(const struct chain *chain, const struct chain *other)
{
	const struct generation *ours = chain->open[chain->lead];
	const struct generation *theirs = other->open[other->lead];

	return ours->offset > 0 ||
	       (ours->mtime_ms == theirs->mtime_ms &&
		   ours->size_seen == theirs->size_seen &&
		   (chain->copy == 0 || has_had(other, chain->copy)));
}

static bool
leads_meet(const struct chain *chain, const struct chain *other)
{
	const struct generation *ours, *theirs;

	/* Without a file it is the stamp that says what is seen. */
	if (chain_is_nothing(chain) || chain_is_nothing(other))
		return chain_is_nothing(chain) && chain_is_nothing(other) &&
		       chain->stamp_ms == other->stamp_ms;
	ours = chain->open[chain->lead];
	theirs = other->open[other->lead];
	return evidence_same_file(&ours->stat, &theirs->stat) &&
	       ours->offset == theirs->offset && ours->check == theirs->check &&
	       proves_the_same(chain, other);
}

/* A file that only the other one has grew when we did not look. */
static void
tell_late(struct chain *chain, const struct generation *theirs)
{
	if (theirs->mtime_ms > (int64_t)chain->stamp_ms)
		chain->stamp_ms = (uint64_t)theirs->mtime_ms;
	search_remember(&chain->known, evidence_file(&theirs->stat));
	chain_add_gap(chain, GAP_LATE);
}

/* It came, and maybe went, without us. */
static bool
is_unmet(const struct chain *chain, const struct generation *theirs)
{
	return theirs->mtime_ms > (int64_t)chain->stamp_ms ||
	       (theirs->mtime_ms > (int64_t)chain->came_ms &&
		   !search_knows(&chain->known, evidence_file(&theirs->stat)));
}

/* A gap that is told before a newer file, and that the other one does not. */
static bool
owes_more(const struct chain *chain, const struct chain *other)
{
	for (size_t i = 0; i < chain->count; i++) {
		const struct generation *ours = chain->open[i];
		const struct generation *theirs =
		    chain_find(other, &ours->stat);

		if (ours->gap != GAP_NONE &&
		    (theirs == NULL || theirs->gap == GAP_NONE))
			return true;
	}
	return false;
}

/* All that the other one has read of it was read here in another file. */
static bool
is_contained(const struct chain *chain, const struct generation *theirs)
{
	struct evidence evidence;

	for (size_t i = 0; i < chain->count && i <= chain->lead; i++) {
		const struct generation *ours = chain->open[i];

		if (theirs->offset > 0 && theirs->offset <= ours->offset &&
		    evidence_proves(
			&evidence, ours->fd, theirs->offset, theirs->check))
			return true;
	}
	return false;
}

/*
 * Nobody can know in which order the two read this file and another one: what
 * the one has read may be what the other one will read.
 */
static bool
is_unsure(const struct chain *chain)
{
	return !chain_is_nothing(chain) && chain->open[chain->lead]->unsure;
}

/* The end of a file behind that the other one does not look at any more. */
static bool
owes_rest(const struct chain *chain, const struct chain *other)
{
	for (size_t i = 0; i < chain->lead; i++)
		if (generation_has_rest(chain->open[i]) &&
		    chain_find(other, &chain->open[i]->stat) == NULL)
			return true;
	return false;
}

bool
catch_up_try(struct chain *chain, const struct chain *leader)
{
	if (chain->gaps.count > 0 || leader->gaps.count > 0 ||
	    owes_more(chain, leader) || !leads_meet(chain, leader) ||
	    owes_rest(chain, leader) || is_unsure(chain) || is_unsure(leader))
		return false;
	for (size_t i = 0; i < leader->lead; i++) {
		const struct generation *theirs = leader->open[i];
		const struct generation *ours =
		    chain_find(chain, &theirs->stat);

		if (ours != NULL && ours->offset != theirs->offset)
			return false;
		if (ours == NULL && is_unmet(chain, theirs) &&
		    !is_contained(chain, theirs)) {
			tell_late(chain, theirs);
			return false;
		}
	}
	return true;
}
