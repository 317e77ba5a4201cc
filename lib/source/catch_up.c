/*
 * catch_up.c - whether a reader of a log has caught up with another one.
 *
 * It is no matter of the lead alone: in each file that either of them still
 * reads, both must stand at the same offset, and neither may owe a gap.
 */
#include "config.h"

#include "source/catch_up.h"

#include <assert.h>

static bool
has_had(const struct log_set *set, uint64_t file)
{
	for (size_t i = 0; i < set->count; i++)
		if (fingerprint_file(&set->open[i]->stat) == file)
			return true;
	return search_knows(&set->known, file);
}

/*
 * The beginning of a file proves nothing: one of them may have had a copy of
 * what the file was before a truncation, and the other one not have noticed
 * that yet.  Then they have looked at different times of the file, or, where
 * the clock has not ticked, only one of them has had the copy.
 */
static bool
proves_the_same(const struct log_set *set, const struct log_set *other)
{
	const struct log_file *ours = set->open[set->lead];
	const struct log_file *theirs = other->open[other->lead];

	return ours->offset > 0 ||
	       (ours->mtime_ms == theirs->mtime_ms &&
		   ours->size_seen == theirs->size_seen &&
		   (set->copy == 0 || has_had(other, set->copy)));
}

/*
 * What NULs are filled with has no position: of the same ones both must have
 * had as much.
 */
static bool
fills_meet(const struct log_file_fill *ours, const struct log_file_fill *theirs)
{
	return ours->size == 0 && theirs->size == 0 &&
	       (ours->end != theirs->end || ours->at == theirs->at);
}

/* Both stand at the same place of the same file. */
static bool
files_meet(const struct log_file *ours, const struct log_file *theirs)
{
	return ours->offset == theirs->offset &&
	       fills_meet(&ours->fill, &theirs->fill);
}

static bool
leads_meet(const struct log_set *set, const struct log_set *other)
{
	const struct log_file *ours, *theirs;

	/* Without a file it is the stamp that says what is seen. */
	if (log_set_is_nothing(set) || log_set_is_nothing(other))
		return log_set_is_nothing(set) && log_set_is_nothing(other) &&
		       set->stamp_ms == other->stamp_ms;
	ours = set->open[set->lead];
	theirs = other->open[other->lead];
	return fingerprint_same_file(&ours->stat, &theirs->stat) &&
	       files_meet(ours, theirs) && ours->check == theirs->check &&
	       proves_the_same(set, other);
}

/* A file that only the other one has grew when we did not look. */
static void
tell_late(struct log_set *set, const struct log_file *theirs)
{
	if (theirs->mtime_ms > (int64_t)set->stamp_ms)
		set->stamp_ms = (uint64_t)theirs->mtime_ms;
	search_remember(&set->known, fingerprint_file(&theirs->stat));
	log_set_add_gap(set, GAP_LATE);
}

/* It came, and maybe went, without us. */
static bool
is_unmet(const struct log_set *set, const struct log_file *theirs)
{
	return theirs->mtime_ms > (int64_t)set->stamp_ms ||
	       (theirs->mtime_ms > (int64_t)set->came_ms &&
		   !search_knows(&set->known, fingerprint_file(&theirs->stat)));
}

/* A gap that is told before a newer file, and that the other one does not. */
static bool
owes_more(const struct log_set *set, const struct log_set *other)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct log_file *ours = set->open[i];
		const struct log_file *theirs =
		    log_set_find(other, &ours->stat);

		if (ours->gap != GAP_NONE &&
		    (theirs == NULL || theirs->gap == GAP_NONE))
			return true;
	}
	return false;
}

/* All that the other one has read of it was read here in another file. */
static bool
is_contained(const struct log_set *set, const struct log_file *theirs)
{
	struct fingerprint fingerprint;

	for (size_t i = 0; i < set->count && i <= set->lead; i++) {
		const struct log_file *ours = set->open[i];

		if (theirs->offset > 0 && theirs->offset <= ours->offset &&
		    fingerprint_proves(
			&fingerprint, ours->fd, theirs->offset, theirs->check))
			return true;
	}
	return false;
}

/*
 * Nobody can know in which order the two read this file and another one: what
 * the one has read may be what the other one will read.
 */
static bool
is_unsure(const struct log_set *set)
{
	return !log_set_is_nothing(set) && set->open[set->lead]->unsure;
}

/* The end of a file behind that the other one does not look at any more. */
static bool
owes_rest(const struct log_set *set, const struct log_set *other)
{
	for (size_t i = 0; i < set->lead; i++)
		if (log_file_has_rest(set->open[i]) &&
		    log_set_find(other, &set->open[i]->stat) == NULL)
			return true;
	return false;
}

bool
catch_up_try(struct log_set *set, const struct log_set *leader)
{
	assert(set != leader);
	if (set->gaps.count > 0 || leader->gaps.count > 0 ||
	    owes_more(set, leader) || !leads_meet(set, leader) ||
	    owes_rest(set, leader) || is_unsure(set) || is_unsure(leader))
		return false;
	for (size_t i = 0; i < leader->lead; i++) {
		const struct log_file *theirs = leader->open[i];
		const struct log_file *ours = log_set_find(set, &theirs->stat);

		if (ours != NULL && !files_meet(ours, theirs))
			return false;
		if (ours == NULL && is_unmet(set, theirs) &&
		    !is_contained(set, theirs)) {
			tell_late(set, theirs);
			return false;
		}
	}
	return true;
}
