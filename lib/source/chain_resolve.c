/*
 * chain_resolve.c - which files of a log are to be open.
 */
#include "config.h"

#include "source/chain_resolve.h"

#include <stdlib.h>

#include "source/resolve.h"
#include "source/search_look.h"
#include "source/successor.h"

static bool
is_answered(
    const struct resolve_answer *answer, const struct generation *generation)
{
	for (size_t i = 0; i < answer->count; i++)
		if (answer->generations[i] == generation)
			return true;
	return false;
}

/* What the answer has takes the place of what was open. */
static void
accept_answer(struct chain *chain, const struct resolve_answer *answer)
{
	for (size_t i = 0; i < chain->count; i++)
		if (!is_answered(answer, chain->open[i]))
			generation_free(chain->open[i]);
	free(chain->open);
	free(chain->due);
	chain->open = answer->generations;
	chain->count = answer->count;
	chain->due = answer->due;
	chain->due_count = answer->due_count;
	chain->lead = answer->lead;
	chain->stamp_ms = answer->stamp_ms;
	for (size_t i = 0; i < chain->count; i++)
		generation_watch(chain->open[i], chain->watch);
	chain->changes++;
}

/*
 * Each file that has had the name since the watch began must have been met, but
 * for the one that has it and may not be read: that one will be.  More births
 * than that: one came and went unseen.
 */
static enum gap_reason
count_births(
    struct chain *chain, const struct resolve_answer *answer, bool live)
{
	enum gap_reason gap = GAP_NONE;
	uint64_t met = chain->births + answer->born + answer->awaits;

	if (live && watch_counts_births(chain->watch) &&
	    answer->births + chain->owes_birth > met)
		gap = GAP_ROTATED;
	chain->births = answer->births;
	chain->owes_birth = answer->awaits;
	watch_count_anew(chain->watch);
	return gap;
}

static bool
is_known(const struct chain *chain, const struct generation *generation)
{
	for (size_t i = 0; i < chain->count; i++)
		if (chain->open[i] == generation)
			return true;
	return chain_is_due(chain, &generation->stat);
}

/* The first file after the lead that was not known; the count: there is none.
 */
static size_t
first_new(const struct chain *chain, const struct resolve_answer *answer)
{
	size_t i = answer->lead;

	do
		i++;
	while (i < answer->count && is_known(chain, answer->generations[i]));
	return i < answer->count ? i : answer->count;
}

/* Whether other files have taken the places of the lead and those after it. */
static bool
are_replaced(const struct chain *chain, size_t end)
{
	for (size_t i = chain->lead; i < end; i++)
		if (chain->open[i]->named || chain->open[i]->copy)
			return false;
	return true;
}

/*
 * Files came and went unseen, before the one at index.  If that is a copy of
 * the one before it, so were they.  If they came in the place of what is open,
 * no id in that is found again, and the gap is told where they are missing.
 */
static enum gap_reason
place_births_gap(struct chain *chain, size_t index)
{
	struct generation *next;
	struct successor successor;

	if (index >= chain->count || !are_replaced(chain, index))
		return GAP_ROTATED;
	next = chain->open[index];
	if (successor_judge(chain->open[index - 1], next, &successor) == 0 &&
	    successor.kind != SUCCESSOR_OTHER && successor.proven)
		return GAP_NONE;
	if (next->gap == GAP_NONE)
		next->gap = GAP_ROTATED;
	return GAP_NONE;
}

/* What was read of that file, its unfinished record included. */
static struct sse_position
read_position(const struct chain *chain, size_t index)
{
	struct sse_position position = {.stamp_ms = chain->stamp_ms};

	if (!chain_is_nothing(chain)) {
		const struct generation *generation = chain->open[index];

		position.file = generation->file;
		position.offset = generation->evidence.offset;
		position.check = evidence_check(&generation->evidence);
	}
	return position;
}

/* Of the follower: what it has read of open[index], if there is one. */
static struct search_question
question_of(struct chain *chain, size_t index, const struct generation *moved)
{
	return (struct search_question){
	    .names = chain->names,
	    .path = chain->path.text,
	    .position = read_position(chain, index),
	    .follow = chain->options.follow,
	    .rule = chain->options.rule,
	    .record_size_max = chain->options.record_size_max,
	    .clock = chain->options.clock,
	    .watch = chain->watch,
	    .listing = chain->options.listing,
	    .known = &chain->known,
	    .held = chain->open,
	    .held_count = chain->count,
	    .lead = chain->lead,
	    .reading = chain_is_nothing(chain) ? NULL : chain->open[index],
	    .moved = moved,
	    .due = chain->due,
	    .due_count = chain->due_count,
	};
}

/* Opens what the answer to the question is; live: it is the follower's own. */
static int
answer(struct chain *chain, const struct search_question *question, bool live,
    enum gap_reason *ret_gap)
{
	struct resolve_answer answer;
	enum gap_reason births;
	size_t next;
	int error = resolve(question, &answer);

	if (error != 0)
		return error;
	births = count_births(chain, &answer, live);
	next = first_new(chain, &answer);
	accept_answer(chain, &answer);
	if (births != GAP_NONE)
		births = place_births_gap(chain, next);
	*ret_gap = answer.gap != GAP_NONE ? answer.gap : births;
	return 0;
}

int
chain_resolve_start(struct chain *chain, const struct source_start *start,
    enum gap_reason *ret_gap)
{
	struct search_question question = question_of(chain, chain->lead, NULL);

	question.position = *start->position;
	question.is_id = !start->is_ours;
	question.reading = NULL;
	return answer(chain, &question, false, ret_gap);
}

int
chain_resolve_read(struct chain *chain)
{
	struct search_question question = question_of(chain, chain->lead, NULL);
	enum gap_reason gap;
	int error = answer(chain, &question, true, &gap);

	if (error == 0)
		chain_add_gap(chain, gap);
	return error;
}

int
chain_go_on(struct chain *chain)
{
	chain->lead = chain->count - 1;
	chain_close_old(chain);
	return chain_resolve_read(chain);
}

static bool
owes_gap(const struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		if (chain->open[i]->gap != GAP_NONE)
			return true;
	return false;
}

/* What will come after a copy owes the gap. */
static bool
ends_in_copy(const struct chain *chain)
{
	return chain->count > 0 && chain->open[chain->count - 1]->copy;
}

int
chain_moved(struct chain *chain, size_t index)
{
	struct search_question question;
	enum gap_reason gap;
	int error;

	if (index < chain->lead) {
		chain_close_behind(chain, index);
		chain_add_gap(chain, GAP_TRUNCATED);
		return 0;
	}
	question = question_of(chain, chain->lead, chain->open[index]);
	error = answer(chain, &question, true, &gap);
	if (error != 0)
		return error;
	if (gap == GAP_NONE && !owes_gap(chain) && !ends_in_copy(chain))
		gap = GAP_TRUNCATED;
	chain_add_gap(chain, gap);
	return 0;
}

int
chain_gone(struct chain *chain, size_t index)
{
	bool read = chain->open[index]->at_end;
	struct search_question question;
	enum gap_reason gap = GAP_ROTATED;
	int error = 0;

	if (index < chain->lead) {
		/* As one that was deleted while nobody looked. */
		chain_close_behind(chain, index);
		gap = read ? GAP_NONE : GAP_ROTATED;
	} else {
		question = question_of(chain, chain->lead, chain->open[index]);
		question.gone = true;
		error = answer(chain, &question, true, &gap);
	}
	if (error == 0)
		chain_add_gap(chain, gap);
	return error;
}

int
chain_was_copied(struct chain *chain, size_t index)
{
	struct search_question question = question_of(chain, index, NULL);

	return search_finds_copy(&question);
}
