/*
 * log_set_resolve.c - which files of a log are to be open.
 */
#include "config.h"

#include "source/log_set_resolve.h"

#include <assert.h>
#include <stdlib.h>

#include "source/resolve.h"
#include "source/search_look.h"
#include "source/successor.h"
#include "source/file_shared.h"

static bool
is_answered(const struct resolve_answer *answer, const struct log_file *file)
{
	for (size_t i = 0; i < answer->count; i++)
		if (answer->generations[i] == file)
			return true;
	return false;
}

/* What the answer has takes the place of what was open. */
static void
accept_answer(struct log_set *set, const struct resolve_answer *answer)
{
	for (size_t i = 0; i < set->count; i++)
		if (!is_answered(answer, set->open[i]))
			log_file_free(set->open[i]);
	free(set->open);
	free(set->due);
	due_names_done(&set->due_names);
	set->open = answer->generations;
	set->count = answer->count;
	set->due = answer->due;
	set->due_count = answer->due_count;
	set->due_names = answer->due_names;
	set->lead = answer->lead;
	set->stamp_ms = answer->stamp_ms;
	assert(set->count == 0 || set->lead < set->count);
	for (size_t i = 0; i < set->count; i++)
		log_file_watch(set->open[i], set->watch);
	set->changes++;
}

/*
 * Each file that has had the name since the watch began must have been met, but
 * for the one that has it and may not be read: that one will be.  One that has
 * been met, and has the name, was the last that got it.  More births than that:
 * one came and went unseen.
 */
static enum gap_reason
count_births(
    struct log_set *set, const struct resolve_answer *answer, bool live)
{
	enum gap_reason gap = GAP_NONE;
	uint64_t met =
	    set->births + answer->born + answer->back + answer->awaits;

	if (live && watch_counts_births(set->watch) &&
	    answer->births + set->owes_birth > met)
		gap = GAP_ROTATED;
	set->births = answer->births;
	set->owes_birth = answer->awaits;
	watch_count_anew(set->watch);
	return gap;
}

static bool
is_known(const struct log_set *set, const struct log_file *file)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->open[i] == file)
			return true;
	return log_set_is_due(set, &file->stat);
}

/*
 * The first file after the lead that was not known; the count: there is none.
 */
static size_t
first_new(const struct log_set *set, const struct resolve_answer *answer)
{
	size_t i = answer->lead;

	do
		i++;
	while (i < answer->count && is_known(set, answer->generations[i]));
	return i < answer->count ? i : answer->count;
}

/* Whether other files have taken the places of the lead and those after it. */
static bool
are_replaced(const struct log_set *set, size_t end)
{
	for (size_t i = set->lead; i < end; i++)
		if (set->open[i]->named || set->open[i]->copy)
			return false;
	return true;
}

/*
 * Files came and went unseen, before the one at index.  If that is a copy of
 * the one before it, so were they.  If they came in the place of what is open,
 * no id in that is found again, and the gap is told where they are missing.
 */
static enum gap_reason
place_births_gap(struct log_set *set, size_t index)
{
	struct log_file *next;
	struct successor successor;

	/* What is new is behind the lead. */
	assert(index > 0 || set->count == 0);
	if (index >= set->count || !are_replaced(set, index))
		return GAP_ROTATED;
	next = set->open[index];
	if (successor_judge(set->open[index - 1], next, &successor) == 0 &&
	    successor.kind != SUCCESSOR_OTHER && successor.proven)
		return GAP_NONE;
	if (next->gap == GAP_NONE)
		next->gap = GAP_ROTATED;
	return GAP_NONE;
}

/* What was read of that file, its unfinished record included. */
static struct sse_position
read_position(const struct log_set *set, size_t index)
{
	struct sse_position position = {.stamp_ms = set->stamp_ms};

	assert(set->count == 0 || index < set->count);
	if (!log_set_is_nothing(set)) {
		const struct log_file *file = set->open[index];

		position.file = file->file;
		position.offset = file->fingerprint.offset;
		position.check = fingerprint_check(&file->fingerprint);
	}
	return position;
}

/* Of the follower: what it has read of open[index], if there is one. */
static struct search_question
question_of(struct log_set *set, size_t index, const struct log_file *moved)
{
	return (struct search_question){
	    .names = set->names,
	    .path = set->path.text,
	    .position = read_position(set, index),
	    .follow = set->options.follow,
	    .rule = set->options.rule,
	    .record_size_max = set->options.record_size_max,
	    .clock = set->options.clock,
	    .watch = set->watch,
	    .listing = file_shared_listing(set->options.shared),
	    .known = &set->known,
	    .held = set->open,
	    .held_count = set->count,
	    .lead = set->lead,
	    .reading = log_set_is_nothing(set) ? NULL : set->open[index],
	    .moved = moved,
	    .due = set->due,
	    .due_count = set->due_count,
	};
}

/* Opens what the answer to the question is; live: it is the follower's own. */
static int
answer(struct log_set *set, const struct search_question *question, bool live,
    enum gap_reason *ret_gap)
{
	struct resolve_answer answer;
	enum gap_reason births;
	size_t next;
	int error = resolve(question, &answer);

	if (error != 0)
		return error;
	births = count_births(set, &answer, live);
	next = first_new(set, &answer);
	accept_answer(set, &answer);
	if (births != GAP_NONE)
		births = place_births_gap(set, next);
	*ret_gap = answer.gap != GAP_NONE ? answer.gap : births;
	return 0;
}

int
log_set_resolve_start(struct log_set *set, const struct source_start *start,
    enum gap_reason *ret_gap)
{
	struct search_question question = question_of(set, set->lead, NULL);

	question.position = sse_position_unpack(start->position);
	question.is_id = !start->is_ours;
	question.reading = NULL;
	return answer(set, &question, false, ret_gap);
}

int
log_set_resolve_read(struct log_set *set)
{
	struct search_question question = question_of(set, set->lead, NULL);
	enum gap_reason gap;
	int error = answer(set, &question, true, &gap);

	if (error == 0)
		log_set_add_gap(set, gap);
	return error;
}

int
log_set_go_on(struct log_set *set)
{
	assert(set->count > 0);
	set->lead = set->count - 1;
	log_set_close_old(set);
	return log_set_resolve_read(set);
}

static bool
owes_gap(const struct log_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->open[i]->gap != GAP_NONE)
			return true;
	return false;
}

/* What will come after a copy owes the gap. */
static bool
ends_in_copy(const struct log_set *set)
{
	return set->count > 0 && set->open[set->count - 1]->copy;
}

int
log_set_moved(struct log_set *set, size_t index)
{
	struct search_question question;
	enum gap_reason gap;
	int error;

	assert(index < set->count);
	if (index < set->lead) {
		log_set_close_behind(set, index);
		log_set_add_gap(set, GAP_TRUNCATED);
		return 0;
	}
	question = question_of(set, set->lead, set->open[index]);
	error = answer(set, &question, true, &gap);
	if (error != 0)
		return error;
	if (gap == GAP_NONE && !owes_gap(set) && !ends_in_copy(set))
		gap = GAP_TRUNCATED;
	log_set_add_gap(set, gap);
	return 0;
}

int
log_set_gone(struct log_set *set, size_t index)
{
	bool read = set->open[index]->at_end;
	struct search_question question;
	enum gap_reason gap = GAP_ROTATED;
	int error = 0;

	if (index < set->lead) {
		/* As one that was deleted while nobody looked. */
		log_set_close_behind(set, index);
		gap = read ? GAP_NONE : GAP_ROTATED;
	} else {
		question = question_of(set, set->lead, set->open[index]);
		question.gone = true;
		error = answer(set, &question, true, &gap);
	}
	if (error == 0)
		log_set_add_gap(set, gap);
	return error;
}

int
log_set_was_copied(struct log_set *set, size_t index)
{
	struct search_question question = question_of(set, index, NULL);

	return search_finds_copy(&question);
}
