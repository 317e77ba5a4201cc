/*
 * judge.c - what the candidates mean.
 *
 *	gap   what is missing is named: rotated, truncated, late, unknown
 *	part  each candidate has its part: the base, the ones after it, a few
 *	      before it, or none
 */
#include "config.h"

#include "source/judge.h"

#include <assert.h>

/* ------------------------------------------------------------ losses -- */

/* Whether it may be a short copy of what was read. */
static bool
is_begun_alike(struct search *search, const struct candidate *candidate)
{
	const struct log_file *reading = search->question->reading;
	bool alike;
	int fd;

	if (reading == NULL)
		return true;
	fd = search_open(search, candidate);
	alike = fd >= 0 && fingerprint_begins(
			       &reading->fingerprint, fd, candidate->stat.size);
	snapshot_leave(candidate, fd);
	return alike;
}

/*
 * After a loss: what is certainly unseen, and never a short copy of the seen.
 */
static bool
is_unseen(struct search *search, struct candidate *candidate)
{
	const struct sse_position *position = &search->question->position;

	if (candidate->compressed || search_is_behind(search, &candidate->stat))
		return false;
	/* Its own file that does not hold it any more was begun anew. */
	if (candidate->current || candidate->file == position->file)
		return true;
	if (candidate->unsure)
		return !is_begun_alike(search, candidate);
	if (search->there && candidate->stat.size < position->offset)
		return false;
	return search_is_born(&candidate->stat) &&
	       search_birth_ms(&candidate->stat) > search_stamp_ms(search) &&
	       candidate->stat.mtime_ms >= search_stamp_ms(search) &&
	       !search_is_being_copied(search, candidate);
}

static void
begin_with_unseen(struct search *search)
{
	for (size_t i = 0; i < search->snapshot.count; i++)
		if (is_unseen(search, &search->snapshot.candidates[i])) {
			search->base = i;
			search->part = PART_FRESH;
			return;
		}
}

/*
 * The file that the position was made in.  That is not the base where the base
 * is a copy of it.
 */
static const struct candidate *
own_file(const struct search *search)
{
	const struct snapshot *snapshot = &search->snapshot;

	assert(search->base < snapshot->count);
	for (size_t i = 0; search->part == PART_COPY && i < snapshot->count;
	     i++)
		if (snapshot->candidates[i].file ==
		    search->question->position.file)
			return &snapshot->candidates[i];
	return &snapshot->candidates[search->base];
}

/* An older generation that has grown since the id was made. */
static bool
is_late(const struct search *search, const struct candidate *candidate)
{
	if (candidate->stat.mtime_ms <= search_stamp_ms(search) ||
	    search_held_of(search, &candidate->stat) != NULL)
		return false;
	return candidate->compressed || !search_is_born(&candidate->stat) ||
	       search_birth_ms(&candidate->stat) <= search_stamp_ms(search) ||
	       search_born_after(own_file(search), candidate);
}

/* ------------------------------------------------------------ copies -- */

/* Where the base is a copy: whether this one is what it was made of. */
static bool
is_original(const struct search *search, size_t index)
{
	return search->snapshot.candidates[index].file ==
	       search->question->position.file;
}

bool
judge_is_up_to_original(const struct search *search, size_t index)
{
	if (search->part != PART_COPY || index < search->base)
		return false;
	for (size_t i = search->base; i < index; i++)
		if (is_original(search, i))
			return false;
	return true;
}

bool
judge_is_copy_too(const struct search *search, size_t index)
{
	return judge_is_up_to_original(search, index) &&
	       !is_original(search, index) &&
	       !search->snapshot.candidates[index].unsure;
}

bool
judge_is_copy(const struct search *search, size_t index)
{
	return !search->snapshot.candidates[index].current &&
	       (judge_is_copy_too(search, index) ||
		   search_original_of(search, index) != NULL);
}

/* ------------------------------------------------------------- parts -- */

static bool
is_kept_behind(const struct search *search, size_t index)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];
	const struct candidate *current = snapshot_current(&search->snapshot);

	if (search->base - index > JUDGE_BEHIND_MAX || candidate->compressed)
		return false;
	if (current != NULL && (!search_is_born(&candidate->stat) ||
				   search_born_after(candidate, current)))
		return false;
	return search->gap == GAP_LATE ||
	       candidate->stat.mtime_ms <= search_stamp_ms(search);
}

enum search_part
judge_part(struct search *search, size_t index)
{
	struct candidate *candidate = &search->snapshot.candidates[index];

	assert(search->base < search->snapshot.count);
	assert(index < search->snapshot.count);
	if (index == search->base)
		return search->part;
	if (search_is_behind(search, &candidate->stat))
		return PART_NONE;
	if (index < search->base)
		return is_kept_behind(search, index) ? PART_BEHIND : PART_NONE;
	if (candidate->gone)
		return index < search->end ? PART_NONE : PART_DUE;
	if (candidate->compressed || search_is_being_copied(search, candidate))
		return PART_NONE;
	return index < search->end ? PART_NEXT : PART_DUE;
}

/*
 * Behind the last candidate that has to be opened now: since the follower has
 * it open, or for what is known of it only by that.
 */
static size_t
end_of_known(const struct search *search)
{
	size_t i = search->snapshot.count;

	for (; i > 0; i--) {
		const struct candidate *last =
		    &search->snapshot.candidates[i - 1];

		if (last->unsure || last->gap != GAP_NONE ||
		    search_held_of(search, &last->stat) != NULL)
			break;
	}
	return i;
}

/*
 * Where those begin that are due.  What has gone is told before the one that
 * follows it.  Behind all of these it stays due, and is told when they are
 * read.
 */
static void
limit_ahead(struct search *search)
{
	struct snapshot *snapshot = &search->snapshot;
	size_t known = end_of_known(search), count = 0, end = snapshot->count;
	bool gone = false;

	for (size_t i = search->base + 1; i < snapshot->count; i++) {
		struct candidate *candidate = &snapshot->candidates[i];

		gone = gone || candidate->gone;
		if (judge_part(search, i) != PART_NEXT)
			continue;
		if (count >= JUDGE_AHEAD_MAX && i >= known) {
			search->end = end;
			return;
		}
		count++;
		search->has_next = true;
		if (gone && candidate->gap == GAP_NONE)
			candidate->gap = GAP_ROTATED;
		gone = false;
		end = i + 1;
	}
	if (gone && count > 0)
		search->end = end;
}

/* ---------------------------------------------------------- the gap -- */

/*
 * What cannot be read, though it is newer than the base.  The current file may
 * be read later, and is waited for.  Of what has gone see limit_ahead().
 */
static bool
is_out_of_reach(const struct search *search, size_t index)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];

	return index > search->base && index < search->end &&
	       candidate->compressed && !candidate->current &&
	       (!candidate->gone || !search->has_next);
}

/* What the search for the position itself says. */
static enum gap_reason
gap_of_position(const struct search *search)
{
	if (search->part == PART_WEAK)
		return GAP_UNKNOWN;
	if (search->base != SIZE_MAX || search->question->position.file == 0)
		return GAP_NONE;
	return search->there ? GAP_TRUNCATED : GAP_ROTATED;
}

/* What the files around it say. */
static enum gap_reason
gap_of_others(const struct search *search)
{
	const struct sse_position *position = &search->question->position;
	bool seen = position->file != 0 || position->stamp_ms != 0;

	for (size_t i = 0;
	     seen && i < search->base && i < search->snapshot.count; i++)
		if (is_late(search, &search->snapshot.candidates[i]))
			return GAP_LATE;
	for (size_t i = 0; i < search->snapshot.count; i++)
		if (is_out_of_reach(search, i))
			return GAP_ROTATED;
	/* A copy that has what was read has the rest, too. */
	if (search->missed && search->part != PART_MOVED)
		return GAP_ROTATED;
	return search->vanished ? GAP_ROTATED : GAP_NONE;
}

void
judge(struct search *search)
{
	search->gap = gap_of_position(search);
	if (search->base == SIZE_MAX)
		begin_with_unseen(search);
	search->has_next = false;
	search->end = search->snapshot.count;
	if (search->base != SIZE_MAX)
		limit_ahead(search);
	if (search->base != SIZE_MAX && search->gap == GAP_NONE)
		search->gap = gap_of_others(search);
	assert(search->end <= search->snapshot.count);
}
