/*
 * match.c - which candidate holds the position.
 *
 * Identity and content both agree: there.  Content alone: the file was copied
 * or moved.  Content that proves nothing is decided by identity, birth time and
 * stamp, never by guessing.
 */
#include "config.h"

#include "source/match.h"

#include <assert.h>
#include <errno.h>

/* ----------------------------------------------------------- proving -- */

/*
 * Whether an id can be at this place of the candidate.  A line that was sent
 * without its end may have grown since, an event never is.
 */
static bool
can_have_id(const struct search_question *question,
    const struct candidate *candidate, const struct fingerprint *fingerprint)
{
	bool is_event =
	    question->rule != NULL && question->rule->kind == RECORD_HAS_BLANK;
	bool may_end = !candidate->current || !question->follow;

	if (is_event)
		return fingerprint_ends_blank(fingerprint) ||
		       (may_end && candidate->stat.size == fingerprint->offset);
	return fingerprint_ends_line(fingerprint) || may_end;
}

/*
 * What is shorter need not be opened.  The position's own file is: what it has
 * shows only then where another machine writes to it.  What is open is read,
 * the current file always: where nothing can be read nothing is decided.
 */
static bool
is_too_short(const struct search *search, const struct candidate *candidate)
{
	const struct sse_position *position = &search->question->position;

	return candidate->fd < 0 && candidate->stat.size < position->offset &&
	       candidate->file != position->file;
}

/*
 * An id where none can be is as one that is wrong: a guess is not told from a
 * hit.
 */
static enum answer
read_position(struct search *search, struct candidate *candidate, int fd)
{
	const struct search_question *question = search->question;
	const struct sse_position *position = &question->position;
	struct fingerprint fingerprint;
	enum answer has =
	    search_load(search, candidate, fd, position->offset, &fingerprint);

	if (has != ANSWER_YES)
		return has;
	candidate->is_weak = fingerprint_weak(&fingerprint);
	return fingerprint_check(&fingerprint) == position->check &&
		       (!question->is_id ||
			   can_have_id(question, candidate, &fingerprint))
		   ? ANSWER_YES
		   : ANSWER_NO;
}

/*
 * What is asked next is read, too, while the candidate is open: there may be
 * many, and to open a file costs more than to read of it.  Why it cannot be
 * read is told when it is asked.
 */
static void
read_ahead(struct search *search, struct candidate *candidate, int fd)
{
	const struct candidate *unread = search->unread;
	int error = search->error;

	candidate->copied = search_read_copied(search, candidate, fd);
	search->error = error;
	search->unread = unread;
}

static bool
proves(struct search *search, struct candidate *candidate)
{
	int fd;

	if (candidate->compressed || search_is_behind(search, &candidate->stat))
		return false;
	if (candidate->position == ANSWER_NONE &&
	    is_too_short(search, candidate))
		candidate->position = ANSWER_NO;
	if (candidate->position == ANSWER_NONE) {
		fd = search_open(search, candidate);
		candidate->position = read_position(search, candidate, fd);
		if (fd >= 0 && candidate->copied == ANSWER_NONE)
			read_ahead(search, candidate, fd);
		snapshot_leave(candidate, fd);
	}
	return candidate->position == ANSWER_YES;
}

/* ---------------------------------------------------------- matching -- */

static void
found(struct search *search, size_t base, enum search_part part)
{
	assert((base == SIZE_MAX) == (part == PART_NONE));
	assert(base == SIZE_MAX || base < search->snapshot.count);
	search->base = base;
	search->part = part;
}

/* Its own file holds the position; was it truncated and filled since? */
static void
match_own(struct search *search, size_t own)
{
	struct candidate *candidates = search->snapshot.candidates;

	assert(own < search->snapshot.count);
	for (size_t i = 0; i < own; i++)
		if (search_may_be_copy(
			search, &candidates[i], &candidates[own]) &&
		    proves(search, &candidates[i]) &&
		    !search_is_prefix(
			search, &candidates[i], &candidates[own])) {
			found(search, i, PART_COPY);
			return;
		}
	found(search, own, PART_SAME);
}

/*
 * The first that proves the position: one that was modified since the stamp if
 * there is one, and newer than that if there is one (*ret_newer).  Each is read
 * once.
 */
static size_t
first_proof(struct search *search, size_t *ret_newer)
{
	const struct snapshot *snapshot = &search->snapshot;
	size_t any = SIZE_MAX, since = SIZE_MAX;

	*ret_newer = SIZE_MAX;
	for (size_t i = 0; i < snapshot->count && *ret_newer == SIZE_MAX; i++) {
		int64_t mtime_ms = snapshot->candidates[i].stat.mtime_ms;

		if (!proves(search, &snapshot->candidates[i]))
			continue;
		if (any == SIZE_MAX)
			any = i;
		if (since == SIZE_MAX && mtime_ms >= search_stamp_ms(search))
			since = i;
		if (mtime_ms > search_stamp_ms(search))
			*ret_newer = i;
	}
	return since != SIZE_MAX ? since : any;
}

/* NULs are not content: what has only these before it is at the beginning. */
static bool
is_behind_nuls(const struct sse_position *position)
{
	struct fingerprint fingerprint = {.offset = 0};

	fingerprint_skip(&fingerprint, position->offset);
	return fingerprint_check(&fingerprint) == position->check;
}

/* Only content is left to go by. */
static void
match_content(struct search *search)
{
	size_t newer = SIZE_MAX, base = SIZE_MAX;

	if (!is_behind_nuls(&search->question->position))
		base = first_proof(search, &newer);
	if (base == SIZE_MAX)
		return;
	if (search->there)
		found(search, base, PART_COPY);
	else if (!search->snapshot.candidates[base].is_weak)
		found(search, base, PART_MOVED);
	else if (newer != SIZE_MAX)
		found(search, newer, PART_WEAK);
}

/* The follower still has it open, and it was truncated; a name it has not. */
static bool
is_moved(const struct search *search, uint64_t file)
{
	const struct log_file *moved = search->question->moved;

	return moved != NULL && !search->question->gone &&
	       fingerprint_file(&moved->stat) == file;
}

/* Who reads a copy goes on in it, whatever else there is. */
static bool
match_copy(struct search *search)
{
	const struct log_file *reading = search->question->reading;
	const struct snapshot *snapshot = &search->snapshot;

	if (reading == NULL || !reading->copy ||
	    reading == search->question->moved)
		return false;
	for (size_t i = 0; i < snapshot->count; i++)
		if (fingerprint_same_file(
			&snapshot->candidates[i].stat, &reading->stat) &&
		    proves(search, &snapshot->candidates[i])) {
			found(search, i,
			    snapshot->candidates[i].file == reading->file
				? PART_SAME
				: PART_COPY);
			return true;
		}
	return false;
}

static void
match(struct search *search)
{
	const struct snapshot *snapshot = &search->snapshot;
	uint64_t file = search->question->position.file;

	found(search, SIZE_MAX, PART_NONE);
	search->there = false;
	if (match_copy(search))
		return;
	for (size_t i = 0; i < snapshot->count; i++) {
		struct candidate *candidate = &snapshot->candidates[i];

		if (candidate->file != file ||
		    search_is_behind(search, &candidate->stat))
			continue;
		/* What it holds cannot be seen now. */
		if (candidate->current && snapshot_is_unreadable(candidate))
			return;
		if (candidate->compressed)
			continue;
		search->there = true;
		if (proves(search, candidate)) {
			match_own(search, i);
			return;
		}
	}
	search->there = search->there || is_moved(search, file);
	if (file != 0)
		match_content(search);
}

/* ------------------------------------------------- not to be read yet -- */

static bool
is_recent(const struct search *search, int64_t time_ms)
{
	int64_t since_ms = search->began_ms - time_ms;

	return since_ms > -SEARCH_BIRTH_MS && since_ms < SEARCH_BIRTH_MS;
}

/*
 * Made, renamed, or given another owner or mode.  A write changes both times:
 * one who writes all the time is not waited for.
 */
static bool
is_just_made(const struct search *search, const struct candidate *candidate)
{
	const struct sse_file_stat *stat = &candidate->stat;

	return (search_is_born(stat) &&
		   is_recent(search, search_birth_ms(stat))) ||
	       (stat->ctime_ms != stat->mtime_ms &&
		   is_recent(search, stat->ctime_ms));
}

/*
 * The owner of the current file tells which files are its generations; a new
 * one gets its owner after its name.
 */
static bool
is_owner_unsure(const struct search *search)
{
	const struct candidate *current = snapshot_current(&search->snapshot);

	if (!search->snapshot.foreign || current == NULL)
		return false;
	return snapshot_is_unreadable(current) ||
	       (current->stat.size == 0 && is_just_made(search, current));
}

/* Whether it has to be known what is in this one, and it cannot be. */
static bool
is_awaited(const struct search *search, size_t index)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];
	bool found = search->base != SIZE_MAX;

	if (!snapshot_is_unreadable(candidate) ||
	    (found && index <= search->base))
		return false;
	return candidate->current ? !found || search->part == PART_WEAK
				  : is_just_made(search, candidate);
}

bool
match_must_wait(const struct search *search)
{
	for (size_t i = 0; i < search->snapshot.count; i++)
		if (is_awaited(search, i))
			return true;
	return is_owner_unsure(search);
}

/* What was given up before is not asked again. */
static void
skip_given_up(struct search *search)
{
	struct snapshot *snapshot = &search->snapshot;

	for (size_t i = 0; search->given_up != NULL && i < snapshot->count; i++)
		if (!snapshot->candidates[i].current &&
		    search_knows(
			search->given_up, snapshot->candidates[i].file))
			snapshot->candidates[i].compressed = true;
}

int
match_candidates(struct search *search)
{
	skip_given_up(search);
	search->error = 0;
	do {
		match(search);
	} while (search_gives_up(search));
	return search->error;
}
