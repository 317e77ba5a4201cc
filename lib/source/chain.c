/*
 * chain.c - the open files of one log.
 */
#include "config.h"

#include "source/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "source/resolve.h"
#include "source/search_look.h"
#include "source/successor.h"
#include "source/walk.h"

static int64_t
file_time_ms(const struct chain *chain)
{
	return sse_clock_file_time_ms(chain->options.clock);
}

static bool
is_birth(void *context, const char *name)
{
	const struct chain *chain = context;

	return log_path_is_born(&chain->path, name, file_time_ms(chain));
}

static int
init(struct chain *chain, const char *source)
{
	const char *generations = chain->options.generations;
	int error = log_names_new(
	    source, generations != NULL ? generations : "", &chain->names);

	if (error == 0)
		error = log_path_init(
		    &chain->path, chain->names, chain->options.listing);
	if (error != 0)
		return error;
	chain->watch = watch_new(
	    chain->options.unwatched ? NULL : log_names_path(chain->names));
	if (chain->watch == NULL)
		return -ENOMEM;
	watch_count_names(chain->watch, is_birth, chain);
	return 0;
}

int
chain_init(struct chain *chain, const char *source,
    const struct source_options *options)
{
	int error;

	*chain = (struct chain){.options = *options};
	error = init(chain, source);
	if (error != 0)
		chain_done(chain);
	return error;
}

void
chain_close_all(struct chain *chain)
{
	for (size_t i = 0; i < chain->count; i++)
		generation_free(chain->open[i]);
	free(chain->open);
	free(chain->due);
	chain->open = NULL;
	chain->due = NULL;
	chain->count = chain->lead = chain->due_count = 0;
}

void
chain_done(struct chain *chain)
{
	chain_close_all(chain);
	watch_free(chain->watch);
	log_path_done(&chain->path);
	log_names_free(chain->names);
}

/* --------------------------------------------------------- positions -- */

bool
chain_is_nothing(const struct chain *chain)
{
	return chain->count == 0;
}

void
chain_position(const struct chain *chain, struct sse_position *ret_position)
{
	*ret_position = (struct sse_position){.stamp_ms = chain->stamp_ms};
	if (!chain_is_nothing(chain)) {
		const struct generation *lead = chain->open[chain->lead];

		ret_position->file = lead->file;
		ret_position->offset = lead->offset;
		ret_position->check = lead->check;
	}
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

void
chain_add_gap(struct chain *chain, enum gap_reason reason)
{
	gap_queue_add(&chain->gaps, reason, SOURCE_SKIPPED_UNKNOWN);
}

/* ---------------------------------------------------------- meeting -- */

bool
chain_is_same(const struct generation *a, const struct generation *b)
{
	return evidence_same_file(&a->stat, &b->stat);
}

const struct generation *
chain_find(const struct chain *chain, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < chain->count; i++)
		if (evidence_same_file(&chain->open[i]->stat, stat))
			return chain->open[i];
	return NULL;
}

bool
chain_is_due(const struct chain *chain, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < chain->due_count; i++)
		if (evidence_same_file(&chain->due[i], stat))
			return true;
	return false;
}

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
	return chain_is_same(ours, theirs) && ours->offset == theirs->offset &&
	       ours->check == theirs->check && proves_the_same(chain, other);
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
chain_meets(struct chain *chain, const struct chain *other)
{
	if (chain->gaps.count > 0 || other->gaps.count > 0 ||
	    owes_more(chain, other) || !leads_meet(chain, other) ||
	    owes_rest(chain, other) || is_unsure(chain) || is_unsure(other))
		return false;
	for (size_t i = 0; i < other->lead; i++) {
		const struct generation *theirs = other->open[i];
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

/* -------------------------------------------------- from a position -- */

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
chain_resolve(struct chain *chain, const struct source_start *start,
    enum gap_reason *ret_gap)
{
	struct search_question question = question_of(chain, chain->lead, NULL);

	if (start != NULL) {
		question.position = *start->position;
		question.is_id = !start->is_ours;
		question.reading = NULL;
	}
	return answer(chain, &question, start == NULL, ret_gap);
}

/* ------------------------------------------------------------ surprises -- */

int
chain_check_path(struct chain *chain)
{
	int fd, error = log_path_look(&chain->path, file_time_ms(chain));

	if (error != 0 || chain->path.text == NULL)
		return error;
	fd = walk_open(chain->path.text, S_IFREG, O_RDONLY);
	sse_fd_close(fd);
	return fd == -ENOENT || fd >= 0 ? 0 : fd;
}

/* Closes open[index], which must be behind the lead. */
static void
close_behind(struct chain *chain, size_t index)
{
	generation_free(chain->open[index]);
	chain->count--;
	memmove(chain->open + index, chain->open + index + 1,
	    (chain->count - index) * sizeof(struct generation *));
	if (index < chain->lead)
		chain->lead--;
}

void
chain_close_old(struct chain *chain)
{
	size_t i = 0;

	while (i < chain->lead) {
		const struct generation *old = chain->open[i];

		if (!old->copy && chain->lead - i <= CHAIN_BEHIND_MAX) {
			i++;
			continue;
		}
		if (old->copy)
			chain->copy = evidence_file(&old->stat);
		search_remember(&chain->known, evidence_file(&old->stat));
		close_behind(chain, i);
	}
}

int
chain_go_on(struct chain *chain)
{
	enum gap_reason gap;
	int error;

	chain->lead = chain->count - 1;
	chain_close_old(chain);
	error = chain_resolve(chain, NULL, &gap);
	if (error == 0)
		chain_add_gap(chain, gap);
	return error;
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
		close_behind(chain, index);
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
		close_behind(chain, index);
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

/* Whether the path leads to another file than the newest that is open. */
static bool
leads_elsewhere(const struct chain *chain, const struct sse_file_stat *stat)
{
	const struct generation *last;

	if (chain_is_nothing(chain))
		return true;
	last = chain->open[chain->count - 1];
	return !last->current || !evidence_same_file(&last->stat, stat);
}

/* What is at the path; -ENOENT: nothing. */
static int
stat_current(struct chain *chain, struct sse_file_stat *ret_stat)
{
	int error = log_path_look(&chain->path, file_time_ms(chain));

	if (error != 0)
		return error;
	if (chain->path.text == NULL)
		return -ENOENT;
	return walk_stat(chain->path.text, ret_stat);
}

/* Whether the file that was not to be read is still there, and still so. */
static bool
waits_on(struct chain *chain, const struct sse_file_stat *stat)
{
	return evidence_same_file(&chain->awaited, stat) &&
	       chain_check_path(chain) == -EACCES;
}

/* The path leads to another file than the newest that is open. */
static int
meet(struct chain *chain, const struct sse_file_stat *stat)
{
	enum gap_reason gap = GAP_NONE;
	bool nothing = chain_is_nothing(chain);
	int error = chain_resolve(chain, NULL, &gap);

	if (error == 0) {
		chain_add_gap(chain, gap);
		chain->appeared = nothing && !chain_is_nothing(chain);
		if (!leads_elsewhere(chain, stat))
			return 0;
	}
	if (error == 0 || error == -EACCES) {
		int why = chain_check_path(chain);

		if (why == -EACCES)
			chain->awaited = *stat;
		error = error != 0 ? error : why;
	}
	return error;
}

int
chain_look(struct chain *chain)
{
	struct sse_file_stat stat;
	int error;

	if (chain->due_count > 0)
		return 0;
	error = stat_current(chain, &stat);
	if (error != 0) {
		if (!chain_is_nothing(chain) && error == -ENOENT)
			chain->open[chain->count - 1]->current = false;
		return error == -ENOENT ? 0 : error;
	}
	if (!S_ISREG(stat.mode))
		return RESULT_WRONG_KIND;
	if (!leads_elsewhere(chain, &stat))
		return 0;
	return waits_on(chain, &stat) ? -EACCES : meet(chain, &stat);
}

int
chain_was_copied(struct chain *chain, size_t index)
{
	struct search_question question = question_of(chain, index, NULL);

	return search_finds_copy(&question);
}
