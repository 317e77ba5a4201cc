/*
 * resolve.c - which files, from which offsets: what was judged, as open files.
 */
#include "config.h"

#include "source/resolve.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "source/judge.h"
#include "source/match.h"
#include "source/search_look.h"

static uint64_t
offset_of(const struct search *search, const struct candidate *candidate,
    enum search_part part)
{
	switch (part) {
	case PART_SAME:
	case PART_COPY:
	case PART_MOVED:
	case PART_WEAK:
		return search->question->position.offset;
	case PART_BEHIND:
		return candidate->stat.size;
	case PART_NONE:
	case PART_FRESH:
	case PART_NEXT:
	case PART_DUE:
		break;
	}
	return 0;
}

/* The end of an adopted file may be inside a record that the gap covers. */
static bool
ends_inside_record(const struct search *search,
    const struct candidate *candidate, int fd, enum search_part part)
{
	struct fingerprint fingerprint;

	if (part != PART_BEHIND || candidate->stat.size == 0 ||
	    candidate->stat.mtime_ms <= search_stamp_ms(search))
		return false;
	return fingerprint_load(&fingerprint, fd, candidate->stat.size) != 0 ||
	       fingerprint.window[FINGERPRINT_WINDOW_SIZE - 1] != '\n';
}

/* The follower's own object, where it stands where it should. */
static struct log_file *
reuse(const struct search *search, const struct candidate *candidate,
    uint64_t offset)
{
	struct log_file *held = search_held_of(search, &candidate->stat);

	return held != NULL && held->fingerprint.offset == offset ? held : NULL;
}

/* A name that it has had counts, too: it may have been pruned since. */
static bool
has_been_named(const struct search *search, const struct candidate *candidate)
{
	const struct log_file *held = search_held_of(search, &candidate->stat);

	return (!candidate->current && candidate->name[0] != '\0') ||
	       (held != NULL && held->named);
}

static int
open_file(struct search *search, struct candidate *candidate,
    enum search_part part, struct log_file **ret_file)
{
	uint64_t offset = offset_of(search, candidate, part);
	struct log_file *file = reuse(search, candidate, offset);

	if (file == NULL) {
		int fd = snapshot_take_fd(&search->snapshot, candidate), error;

		if (fd < 0)
			return fd;
		error = log_file_new(fd, offset,
		    ends_inside_record(search, candidate, fd, part),
		    search->question->record_size_max, &file);
		if (error != 0) {
			sse_fd_close(fd);
			return error;
		}
		log_file_found(file, &candidate->stat);
	}
	file->current = candidate->current;
	file->unsure = file->unsure || candidate->unsure;
	file->named = has_been_named(search, candidate);
	*ret_file = file;
	return 0;
}

/* The unfinished record goes on in the file that the position moved to. */
static void
inherit(const struct search *search, struct log_file *file)
{
	const struct search_question *question = search->question;
	struct log_file *lead;
	struct splitter fresh = file->splitter;

	if (question->lead >= question->held_count)
		return;
	lead = question->held[question->lead];
	if (lead == file)
		return;
	file->splitter = lead->splitter;
	file->owes_rest = lead->owes_rest;
	file->inside = lead->inside;
	lead->splitter = fresh;
	file->offset = lead->offset;
	file->check = lead->check;
}

/*
 * A copy is read under the name of its original, so that a client that comes
 * back meanwhile still knows that a truncation follows.
 */
static void
mark_copy(const struct search *search, struct log_file *file, size_t index)
{
	if (!judge_is_copy(search, index))
		return;
	file->copy = true;
	if (judge_is_copy_too(search, index))
		file->file = search->question->position.file;
}

/*
 * New, empty, and written to since: it was truncated before it was seen.  Not
 * by touch(1), which sets both times of what it has made.
 */
static bool
was_emptied(const struct search *search, const struct log_file *file)
{
	const struct sse_file_stat *stat = &file->stat;

	return file->current && search_is_born(stat) &&
	       stat->mtime_ms > search_birth_ms(stat) && !stat->touched &&
	       search_held_of(search, stat) == NULL &&
	       log_file_is_empty(file, stat);
}

static void
set_gap(struct search *search, struct log_file *file, size_t index,
    const struct log_file *before)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];

	if (judge_part(search, index) != PART_NEXT)
		return;
	if (candidate->gap != GAP_NONE)
		file->gap = candidate->gap;
	else if (judge_is_up_to_original(search, index) ||
		 (before != NULL && before->copy) || was_emptied(search, file))
		file->gap = GAP_TRUNCATED;
}

static bool
is_position(enum search_part part)
{
	return part == PART_SAME || part == PART_COPY || part == PART_MOVED ||
	       part == PART_WEAK;
}

/* Whether the follower has met it, or knows that it will. */
static bool
is_met(const struct search *search, const struct sse_file_stat *stat)
{
	return search_held_of(search, stat) != NULL ||
	       search_is_due(search, stat);
}

static void
add_due(
    const struct search *search, size_t index, struct resolve_answer *answer)
{
	const struct sse_file_stat *stat =
	    &search->snapshot.candidates[index].stat;

	if (!is_met(search, stat) && !judge_is_copy(search, index))
		answer->born++;
	answer->due[answer->due_count++] = *stat;
}

/*
 * Adds one candidate's generation; RESULT_UNSETTLED when the base has changed
 * since.
 */
static int
add_part(struct search *search, size_t index, struct resolve_answer *answer)
{
	enum search_part part = judge_part(search, index);
	struct candidate *candidate = &search->snapshot.candidates[index];
	struct log_file *file;
	int error;

	if (part == PART_DUE)
		add_due(search, index, answer);
	if (part == PART_NONE || part == PART_DUE)
		return 0;
	error = open_file(search, candidate, part, &file);
	if (error == RESULT_CHANGED)
		return RESULT_UNSETTLED;
	if (error != 0) {
		search_failed(search, candidate, error);
		/* What could come to it cannot be read, either. */
		return part == PART_BEHIND && search_gives_up(search) ? 0
								      : error;
	}
	mark_copy(search, file, index);
	if (part != PART_BEHIND && !file->copy && !is_met(search, &file->stat))
		answer->born++;
	set_gap(search, file, index,
	    answer->count > 0 ? answer->generations[answer->count - 1] : NULL);
	if (index == search->base)
		answer->lead = answer->count;
	answer->generations[answer->count++] = file;
	if (is_position(part) && fingerprint_check(&file->fingerprint) !=
				     search->question->position.check)
		return RESULT_UNSETTLED;
	return 0;
}

static bool
is_held(const struct search *search, const struct log_file *file)
{
	for (size_t i = 0; i < search->question->held_count; i++)
		if (search->question->held[i] == file)
			return true;
	return false;
}

static void
drop_answer(const struct search *search, struct resolve_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		if (!is_held(search, answer->generations[i]))
			log_file_free(answer->generations[i]);
	free(answer->generations);
	free(answer->due);
}

/* The files behind the follower's lead come first, as they are. */
static void
keep_behind(const struct search *search, struct resolve_answer *answer)
{
	const struct search_question *question = search->question;

	for (size_t i = 0; i < question->held_count && i < question->lead; i++)
		if (question->held[i] != question->moved &&
		    !question->held[i]->copy)
			answer->generations[answer->count++] =
			    question->held[i];
}

/* After a gap the older files are covered, as far as they were at rest. */
static uint64_t
stamp_after(const struct search *search)
{
	int64_t stamp = search_stamp_ms(search);

	for (size_t i = 0; search->gap != GAP_NONE &&
			   search->base != SIZE_MAX && i < search->base;
	     i++) {
		const struct sse_file_stat *stat =
		    &search->snapshot.candidates[i].stat;

		if (stat->mtime_ms > stamp &&
		    stat->mtime_ms < search->began_ms &&
		    !search_is_behind(search, stat))
			stamp = stat->mtime_ms;
	}
	return (uint64_t)stamp;
}

/* 0, or why one of them cannot be judged: then nothing is. */
static int
remember(struct search *search)
{
	struct search_known known = *search->question->known;

	for (size_t i = 0; i < search->snapshot.count; i++) {
		struct candidate *candidate = &search->snapshot.candidates[i];

		if (search->base != SIZE_MAX && i <= search->base &&
		    !candidate->compressed &&
		    !search_knows(&known, candidate->file) &&
		    (i == search->base ||
			!search_is_being_copied(search, candidate)))
			search_remember(&known, candidate->file);
	}
	if (search->error == 0)
		*search->question->known = known;
	return search->error;
}

static int
fill_answer(struct search *search, struct resolve_answer *answer)
{
	int error = 0;

	keep_behind(search, answer);
	answer->lead = SIZE_MAX;
	for (size_t i = 0; error == 0 && search->base != SIZE_MAX &&
			   i < search->snapshot.count;
	     i++)
		error = add_part(search, i, answer);
	if (error != 0)
		return error;
	error = remember(search);
	if (error != 0)
		return error;
	if (answer->lead == SIZE_MAX)
		answer->lead = answer->count > 0 ? answer->count - 1 : 0;
	else if (is_position(search->part))
		inherit(search, answer->generations[answer->lead]);
	assert(answer->count == 0 || answer->lead < answer->count);
	answer->gap = search->gap;
	answer->stamp_ms = stamp_after(search);
	answer->births = search->births;
	answer->awaits = snapshot_awaits_current(&search->snapshot);
	return 0;
}

/* Judges what was found, and answers. */
static int
conclude(struct search *search, struct resolve_answer *ret_answer)
{
	struct resolve_answer answer = {0};
	int error;

	if (match_must_wait(search))
		return -EACCES;
	judge(search);
	answer.generations =
	    calloc(search->snapshot.count + search->question->held_count + 1,
		sizeof(struct log_file *));
	answer.due = calloc(search->snapshot.count + 1, sizeof(*answer.due));
	error = answer.generations == NULL || answer.due == NULL ? -ENOMEM : 0;
	if (error == 0)
		error = fill_answer(search, &answer);
	if (error != 0) {
		drop_answer(search, &answer);
		return error;
	}
	*ret_answer = answer;
	return 0;
}

static int
attempt(struct search *search, struct resolve_answer *ret_answer)
{
	int error = search_look(search);

	if (error == 0)
		error = conclude(search, ret_answer);
	if (error != 0 && search_gives_up(search))
		return RESULT_UNSETTLED;
	return error;
}

/* What is stale has gone since it was opened. */
static bool
may_pass(int error)
{
	return error == RESULT_UNSETTLED || error == -ESTALE;
}

/*
 * Only the id of a log that was not there has no file, and nothing before it.
 */
static bool
is_never_given(const struct search_question *question)
{
	const struct sse_position *position = &question->position;

	return question->is_id && position->file == 0 &&
	       (position->offset != 0 || position->check != 0);
}

int
resolve(
    const struct search_question *question, struct resolve_answer *ret_answer)
{
	struct search_known given_up = {.count = 0};
	int error = RESULT_UNSETTLED;

	if (is_never_given(question))
		return 1;
	for (int i = 0; i < SEARCH_TRIES_MAX && may_pass(error); i++) {
		struct search search = {
		    .question = question, .given_up = &given_up};

		error = attempt(&search, ret_answer);
		snapshot_done(&search.snapshot);
	}
	return error;
}
