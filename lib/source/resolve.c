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
	due_names_done(&answer->due_names);
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

/*
 * A file that cannot be read now is not met, but where a gap has told of it: it
 * is not to be read as a copy once it can be.
 */
static bool
is_met(const struct search *search, const struct candidate *candidate)
{
	if (!candidate->compressed)
		return true;
	return search->part == PART_FRESH && search->gap != GAP_NONE &&
	       snapshot_is_unreadable(candidate) && candidate->file != 0;
}

/* 0, or why one of them cannot be judged: then nothing is. */
static int
remember(struct search *search)
{
	struct search_known known = *search->question->known;

	for (size_t i = 0; i < search->snapshot.count; i++) {
		struct candidate *candidate = &search->snapshot.candidates[i];

		if (search->base != SIZE_MAX && i <= search->base &&
		    is_met(search, candidate) &&
		    !search_knows(&known, candidate->file) &&
		    (i == search->base ||
			!search_is_being_copied(search, candidate)))
			search_remember(&known, candidate->file);
	}
	if (search->error == 0)
		*search->question->known = known;
	return search->error;
}

static bool
was_met(const struct search *search, const struct sse_file_stat *stat)
{
	return search_held_of(search, stat) != NULL ||
	       search_is_due(search, stat);
}

/* Whether the path leads to a file that was met before. */
static bool
leads_back(const struct search *search)
{
	const struct snapshot *snapshot = &search->snapshot;

	/* It is not the last one where others have no name any more. */
	for (size_t i = 0; i < snapshot->count; i++)
		if (snapshot->candidates[i].current)
			return was_met(search, &snapshot->candidates[i].stat);
	return false;
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
		error = resolve_part_add(search, i, answer);
	if (error != 0)
		return error;
	error = remember(search);
	if (error != 0)
		return error;
	if (answer->lead == SIZE_MAX)
		answer->lead = answer->count > 0 ? answer->count - 1 : 0;
	else
		resolve_part_inherit(search, answer);
	assert(answer->count == 0 || answer->lead < answer->count);
	answer->gap = search->gap;
	answer->stamp_ms = stamp_after(search);
	answer->births = search->births;
	answer->back = leads_back(search);
	answer->due_names.changes = search->snapshot.changes;
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
	error = due_names_init(&answer.due_names, search->snapshot.count);
	if (answer.generations == NULL || answer.due == NULL)
		error = -ENOMEM;
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
