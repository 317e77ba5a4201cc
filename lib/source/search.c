/*
 * search.c - where a position is now.
 *
 * Snapshots are taken until one is at rest; in each the position is sought.
 * Identity and content both agree: there.  Content alone: the file was copied
 * or moved.  Content that proves nothing is decided by identity, birth time and
 * stamp, never by guessing.
 */
#include "config.h"

#include "source/search.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "source/walk.h"

void
search_remember(struct search_known *known, uint64_t file)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->files[i] == file)
			return;
	if (known->count == SEARCH_KNOWN_MAX) {
		known->count--;
		memmove(known->files, known->files + 1,
		    known->count * sizeof(known->files[0]));
	}
	known->files[known->count++] = file;
}

bool
search_knows(const struct search_known *known, uint64_t file)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->files[i] == file)
			return true;
	return false;
}

bool
search_is_born(const struct sse_file_stat *stat)
{
	return stat->birth_ns >= 0;
}

/* In the unit of the stamp. */
int64_t
search_birth_ms(const struct sse_file_stat *stat)
{
	return stat->birth_ns / 1000000;
}

int64_t
search_stamp_ms(const struct search *search)
{
	return (int64_t)search->question->position.stamp_ms;
}

/* ------------------------------------------------- what is held open -- */

/* The follower's own generation of that file; NULL: none, or it has moved. */
struct log_file *
search_held_of(const struct search *search, const struct sse_file_stat *stat)
{
	const struct search_question *question = search->question;

	for (size_t i = 0; i < question->held_count; i++) {
		struct log_file *held = question->held[i];

		if (held != question->moved &&
		    fingerprint_same_file(&held->stat, stat))
			return held;
	}
	return NULL;
}

bool
search_is_due(const struct search *search, const struct sse_file_stat *stat)
{
	const struct search_question *question = search->question;

	for (size_t i = 0; i < question->due_count; i++)
		if (fingerprint_same_file(&question->due[i], stat))
			return true;
	return false;
}

/* Files before the follower's lead: they stay as they are, and open. */
bool
search_is_behind(const struct search *search, const struct sse_file_stat *stat)
{
	const struct search_question *question = search->question;

	for (size_t i = 0; i < question->held_count && i < question->lead; i++)
		if (question->held[i] != question->moved &&
		    !question->held[i]->copy &&
		    fingerprint_same_file(&question->held[i]->stat, stat))
			return true;
	return false;
}

/* -------------------------------------------------------- comparing -- */

void
search_failed(
    struct search *search, const struct candidate *candidate, int error)
{
	if (search->error != 0)
		return;
	search->error = error;
	search->unread = candidate;
}

/* Of what others may give back: no reason to give up a file. */
static bool
is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM ||
	       error == -EAGAIN;
}

/* Or the state that is looked at is over. */
static bool
may_be_otherwise(int error)
{
	return is_shortage(error) || error == RESULT_UNSETTLED;
}

bool
search_gives_up(struct search *search)
{
	struct snapshot *snapshot = &search->snapshot;

	if (search->error == 0 || may_be_otherwise(search->error) ||
	    search->unread->current)
		return false;
	snapshot->candidates[search->unread - snapshot->candidates].compressed =
	    true;
	if (search->given_up != NULL)
		search_remember(search->given_up, search->unread->file);
	search->error = 0;
	return true;
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
search_open(struct search *search, const struct candidate *candidate)
{
	int fd = snapshot_open(&search->snapshot, candidate);

	if (fd == RESULT_UNSETTLED || (fd < 0 && fd > -RESULT_ERRNO_MAX))
		search_failed(search, candidate, fd);
	return fd;
}

/*
 * Reads the fingerprint of a candidate, which is open there or could not be
 * opened: whether it has that offset.  ANSWER_NONE: nobody knows.
 */
static enum answer
load(struct search *search, const struct candidate *candidate, int fd,
    uint64_t offset, struct fingerprint *fingerprint)
{
	int error =
	    fd < 0 ? RESULT_NONE : fingerprint_load(fingerprint, fd, offset);

	if (error == 0)
		return ANSWER_YES;
	if (error == RESULT_CHANGED)
		return ANSWER_NO;
	if (error != RESULT_NONE)
		search_failed(search, candidate, error);
	return ANSWER_NONE;
}

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

bool
search_born_after(const struct candidate *a, const struct candidate *b)
{
	return search_is_born(&a->stat) && search_is_born(&b->stat) &&
	       a->stat.birth_ns > b->stat.birth_ns;
}

/* Whether the follower has it open, moved or not. */
static bool
is_open(const struct search *search, const struct sse_file_stat *stat)
{
	const struct snapshot_held held = {
	    search->question->held, search->question->held_count};

	return snapshot_find_held(&held, stat) != NULL;
}

bool
search_may_be_copy(const struct search *search,
    const struct candidate *candidate, const struct candidate *file)
{
	return !candidate->compressed &&
	       (candidate->stat.mtime_ms > search_stamp_ms(search) ||
		   is_open(search, &file->stat)) &&
	       !search_knows(search->question->known, candidate->file) &&
	       search_born_after(candidate, file) &&
	       search_held_of(search, &candidate->stat) == NULL;
}

/* Whether a is the older one by names that rotation programs give. */
static bool
is_older_name(const struct candidate *a, const struct candidate *b)
{
	return b->current ||
	       (b->name[0] != '\0' && a->rank.scheme == b->rank.scheme &&
		   a->rank.scheme != LOG_DATED &&
		   log_rank_compare(&a->rank, &b->rank) < 0);
}

const struct candidate *
search_original_of(const struct search *search, size_t index)
{
	const struct snapshot *snapshot = &search->snapshot;
	const struct candidate *candidate = &snapshot->candidates[index];
	const struct candidate *original = NULL;

	for (size_t i = index + 1; i < snapshot->count; i++) {
		const struct candidate *newer = &snapshot->candidates[i];

		if (is_older_name(candidate, newer) &&
		    search_born_after(candidate, newer) &&
		    (original == NULL || search_born_after(newer, original)))
			original = newer;
	}
	return original;
}

/* Whether the file still begins with all that the copy has, which is open. */
static enum answer
is_prefix_at(struct search *search, const struct candidate *copy, int copy_fd,
    const struct candidate *file)
{
	uint64_t size = copy->stat.size;
	struct fingerprint of_copy, of_file;
	enum answer has;
	int fd;

	if (file->stat.size < size)
		return ANSWER_NO;
	has = load(search, copy, copy_fd, size, &of_copy);
	if (has != ANSWER_YES)
		return has;
	fd = search_open(search, file);
	has = load(search, file, fd, size, &of_file);
	snapshot_leave(file, fd);
	if (has != ANSWER_YES)
		return has;
	return fingerprint_equal(&of_copy, &of_file) ? ANSWER_YES : ANSWER_NO;
}

static bool
is_prefix(struct search *search, const struct candidate *copy,
    const struct candidate *file)
{
	int fd = search_open(search, copy);
	enum answer answer = is_prefix_at(search, copy, fd, file);

	snapshot_leave(copy, fd);
	return answer == ANSWER_YES;
}

/* By what is known without a look into it. */
static bool
may_be_being_copied(
    const struct search *search, const struct candidate *candidate)
{
	const struct candidate *current = snapshot_current(&search->snapshot);

	return current != NULL && candidate != current &&
	       search_born_after(candidate, current) &&
	       !search_is_due(search, &candidate->stat);
}

static enum answer
read_copied(struct search *search, const struct candidate *candidate, int fd)
{
	if (!may_be_being_copied(search, candidate))
		return ANSWER_NO;
	return is_prefix_at(
	    search, candidate, fd, snapshot_current(&search->snapshot));
}

/* A copy of what the current file still has: it is read there. */
bool
search_is_being_copied(struct search *search, struct candidate *candidate)
{
	int fd;

	if (candidate->compressed)
		return false;
	if (candidate->copied == ANSWER_NONE &&
	    !may_be_being_copied(search, candidate))
		candidate->copied = ANSWER_NO;
	if (candidate->copied == ANSWER_NONE) {
		fd = search_open(search, candidate);
		candidate->copied = read_copied(search, candidate, fd);
		snapshot_leave(candidate, fd);
	}
	return candidate->copied == ANSWER_YES;
}

/* ----------------------------------------------------------- proving -- */

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
	    load(search, candidate, fd, position->offset, &fingerprint);

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

	candidate->copied = read_copied(search, candidate, fd);
	search->error = error;
	search->unread = unread;
}

static bool
proves(struct search *search, struct candidate *candidate)
{
	int fd;

	if (candidate->compressed || search_is_behind(search, &candidate->stat))
		return false;
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
	search->base = base;
	search->part = part;
}

/* Its own file holds the position; was it truncated and filled since? */
static void
match_own(struct search *search, size_t own)
{
	struct candidate *candidates = search->snapshot.candidates;

	for (size_t i = 0; i < own; i++)
		if (search_may_be_copy(
			search, &candidates[i], &candidates[own]) &&
		    proves(search, &candidates[i]) &&
		    !is_prefix(search, &candidates[i], &candidates[own])) {
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
search_must_wait(const struct search *search)
{
	for (size_t i = 0; i < search->snapshot.count; i++)
		if (is_awaited(search, i))
			return true;
	return is_owner_unsure(search);
}

int
search_match(struct search *search)
{
	skip_given_up(search);
	search->error = 0;
	do {
		match(search);
	} while (search_gives_up(search));
	return search->error;
}

void
search_done(struct search *search)
{
	snapshot_done(&search->snapshot);
}
