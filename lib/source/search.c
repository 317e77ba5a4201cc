/*
 * search.c - what can be said of a candidate by itself, or beside another one.
 */
#include "config.h"

#include "source/search.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/shortage.h"

void
search_remember(struct search_known *known, uint64_t file)
{
	assert(known->count <= SEARCH_KNOWN_MAX);
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
	assert(error != 0);
	if (search->error != 0)
		return;
	search->error = error;
	search->unread = candidate;
}

bool
search_gives_up(struct search *search)
{
	struct snapshot *snapshot = &search->snapshot;

	/* Who could not be read is known with why. */
	assert(search->error == 0 || search->unread != NULL);
	if (search->error == 0 || error_passes(search->error) ||
	    search->unread->current)
		return false;
	snapshot->candidates[search->unread - snapshot->candidates].compressed =
	    true;
	if (search->given_up != NULL)
		search_remember(search->given_up, search->unread->file);
	search->error = 0;
	return true;
}

int
search_open(struct search *search, const struct candidate *candidate)
{
	int fd = snapshot_open(&search->snapshot, candidate);

	if (fd == RESULT_UNSETTLED || (fd < 0 && fd > -RESULT_ERRNO_MAX))
		search_failed(search, candidate, fd);
	return fd;
}

enum answer
search_load(struct search *search, const struct candidate *candidate, int fd,
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

/* Whether the writer has given it the date that it has, as no copy has it. */
static bool
is_dated(const struct candidate *candidate)
{
	return candidate->name[0] != '\0' &&
	       candidate->rank.scheme == LOG_DATED;
}

bool
search_may_be_copy(const struct search *search,
    const struct candidate *candidate, const struct candidate *file)
{
	return !candidate->compressed && !is_dated(candidate) &&
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
	if (is_dated(a))
		return false;
	return b->current ||
	       (b->name[0] != '\0' && a->rank.scheme == b->rank.scheme &&
		   log_rank_compare(&a->rank, &b->rank) < 0);
}

const struct candidate *
search_original_of(const struct search *search, size_t index)
{
	const struct snapshot *snapshot = &search->snapshot;
	const struct candidate *candidate = &snapshot->candidates[index];
	const struct candidate *original = NULL;

	assert(index < search->snapshot.count);
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

	assert(copy != file);
	if (file->stat.size < size)
		return ANSWER_NO;
	has = search_load(search, copy, copy_fd, size, &of_copy);
	if (has != ANSWER_YES)
		return has;
	fd = search_open(search, file);
	has = search_load(search, file, fd, size, &of_file);
	snapshot_leave(file, fd);
	if (has != ANSWER_YES)
		return has;
	return fingerprint_equal(&of_copy, &of_file) ? ANSWER_YES : ANSWER_NO;
}

bool
search_is_prefix(struct search *search, const struct candidate *copy,
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
	       !is_dated(candidate) &&
	       candidate->stat.size <= current->stat.size &&
	       search_born_after(candidate, current) &&
	       !search_is_due(search, &candidate->stat);
}

enum answer
search_read_copied(
    struct search *search, const struct candidate *candidate, int fd)
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
		candidate->copied = search_read_copied(search, candidate, fd);
		snapshot_leave(candidate, fd);
	}
	return candidate->copied == ANSWER_YES;
}

void
search_done(struct search *search)
{
	snapshot_done(&search->snapshot);
}
