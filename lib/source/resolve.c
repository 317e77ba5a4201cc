/*
 * resolve.c - which files, from which offsets.
 *
 *	judge   what is missing is named: rotated, truncated, late, unknown
 *	answer  each candidate has its part: the base, the ones after it, a few
 *	        before it, or none
 */
#include "config.h"

#include "source/resolve.h"
#include "source/search_look.h"

#include <errno.h>
#include <stdlib.h>

/* ----------------------------------------------------------- judging -- */

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

/* ------------------------------------------------------------- parts -- */

static bool
is_kept_behind(const struct search *search, size_t index)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];
	const struct candidate *current = snapshot_current(&search->snapshot);

	if (search->base - index > RESOLVE_ADOPTED_MAX || candidate->compressed)
		return false;
	if (current != NULL && (!search_is_born(&candidate->stat) ||
				   search_born_after(candidate, current)))
		return false;
	return search->gap == GAP_LATE ||
	       candidate->stat.mtime_ms <= search_stamp_ms(search);
}

static enum search_part
part_of(struct search *search, size_t index)
{
	struct candidate *candidate = &search->snapshot.candidates[index];

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
		if (part_of(search, i) != PART_NEXT)
			continue;
		if (count >= RESOLVE_AHEAD_MAX && i >= known) {
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

static void
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
}

/* --------------------------------------------------------- answering -- */

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

/* Where the base is a copy: whether this one is what it was made of. */
static bool
is_original(const struct search *search, size_t index)
{
	return search->snapshot.candidates[index].file ==
	       search->question->position.file;
}

/*
 * Where the base is a copy: whether this one is, too, or the original that they
 * were made of.  What has no place among the names any more cannot be told.
 */
static bool
is_up_to_original(const struct search *search, size_t index)
{
	if (search->part != PART_COPY || index < search->base)
		return false;
	for (size_t i = search->base; i < index; i++)
		if (is_original(search, i))
			return false;
	return true;
}

/* Of one that follows the base: whether that is a copy of the same file. */
static bool
is_copy_too(const struct search *search, size_t index)
{
	return is_up_to_original(search, index) &&
	       !is_original(search, index) &&
	       !search->snapshot.candidates[index].unsure;
}

static bool
is_copy(const struct search *search, size_t index)
{
	return !search->snapshot.candidates[index].current &&
	       (is_copy_too(search, index) ||
		   search_original_of(search, index) != NULL);
}

/*
 * A copy is read under the name of its original, so that a client that comes
 * back meanwhile still knows that a truncation follows.
 */
static void
mark_copy(const struct search *search, struct log_file *file, size_t index)
{
	if (!is_copy(search, index))
		return;
	file->copy = true;
	if (is_copy_too(search, index))
		file->file = search->question->position.file;
}

/* New, empty, and written to since: it was truncated before it was seen. */
static bool
was_emptied(const struct search *search, const struct log_file *file)
{
	const struct sse_file_stat *stat = &file->stat;

	return file->current && search_is_born(stat) &&
	       stat->mtime_ms > search_birth_ms(stat) &&
	       search_held_of(search, stat) == NULL &&
	       log_file_is_empty(file, stat);
}

static void
set_gap(struct search *search, struct log_file *file, size_t index,
    const struct log_file *before)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];

	if (part_of(search, index) != PART_NEXT)
		return;
	if (candidate->gap != GAP_NONE)
		file->gap = candidate->gap;
	else if (is_up_to_original(search, index) ||
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

	if (!is_met(search, stat) && !is_copy(search, index))
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
	enum search_part part = part_of(search, index);
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

	if (search_must_wait(search))
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
