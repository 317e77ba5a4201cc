/*
 * resolve_part.c - a candidate that was judged, as a part of the answer.
 */
#include "config.h"

#include "source/resolve_part.h"

#include "source/judge.h"
#include "source/match.h"
#include "source/search_look.h"

static bool
is_position(enum search_part part)
{
	return part == PART_SAME || part == PART_COPY || part == PART_MOVED ||
	       part == PART_WEAK;
}

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
		if (listing_cache_is_told(search->question->listing))
			log_file_rest_from(
			    file, &candidate->stat, search->began_ms);
	}
	file->current = candidate->current;
	file->unsure = file->unsure || candidate->unsure;
	file->named = has_been_named(search, candidate);
	*ret_file = file;
	return 0;
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

/* Whether the follower has met it, or knows that it will. */
static bool
is_met(const struct search *search, const struct sse_file_stat *stat)
{
	return search_held_of(search, stat) != NULL ||
	       search_is_due(search, stat);
}

/*
 * Whether nothing is to be told of it when it is read after the one before it:
 * no gap, and no copy.  The current file is more than that.
 */
static bool
is_just_next(const struct search *search, size_t index)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];

	return index > 0 && !candidate[-1].compressed && !candidate->current &&
	       !candidate->gone && !candidate->unsure &&
	       candidate->gap == GAP_NONE && candidate->name[0] != '\0' &&
	       !judge_is_copy(search, index) &&
	       !judge_is_up_to_original(search, index);
}

static void
add_due(
    const struct search *search, size_t index, struct resolve_answer *answer)
{
	const struct candidate *candidate = &search->snapshot.candidates[index];

	if (!is_met(search, &candidate->stat) && !judge_is_copy(search, index))
		answer->born++;
	if (is_just_next(search, index))
		due_names_set(
		    &answer->due_names, answer->due_count, candidate->name);
	answer->due[answer->due_count++] = candidate->stat;
}

/*
 * Opens the candidate as the part that it has: NULL where what could come to it
 * cannot be read, either, and that is given up.
 */
static int
open_part(struct search *search, size_t index, struct log_file **ret_file)
{
	struct candidate *candidate = &search->snapshot.candidates[index];
	enum search_part part = judge_part(search, index);
	int error = open_file(search, candidate, part, ret_file);

	if (error == 0)
		return 0;
	if (error == RESULT_CHANGED)
		return RESULT_UNSETTLED;
	search_failed(search, candidate, error);
	if (part != PART_BEHIND || !search_gives_up(search))
		return error;
	*ret_file = NULL;
	return 0;
}

/* The file is the answer's, behind those that were added before. */
static void
add_file(struct search *search, size_t index, struct log_file *file,
    struct resolve_answer *answer)
{
	mark_copy(search, file, index);
	if (judge_part(search, index) != PART_BEHIND && !file->copy &&
	    !is_met(search, &file->stat))
		answer->born++;
	set_gap(search, file, index,
	    answer->count > 0 ? answer->generations[answer->count - 1] : NULL);
	if (index == search->base)
		answer->lead = answer->count;
	answer->generations[answer->count++] = file;
}

/* Whether the base has changed since it was searched. */
static bool
has_moved_on(
    const struct search *search, enum search_part part, struct log_file *file)
{
	return is_position(part) && fingerprint_check(&file->fingerprint) !=
					search->question->position.check;
}

int
resolve_part_add(
    struct search *search, size_t index, struct resolve_answer *answer)
{
	enum search_part part = judge_part(search, index);
	struct log_file *file;
	int error;

	if (part == PART_NONE)
		return 0;
	if (part == PART_DUE) {
		add_due(search, index, answer);
		return 0;
	}
	error = open_part(search, index, &file);
	if (error != 0 || file == NULL)
		return error;
	add_file(search, index, file, answer);
	return has_moved_on(search, part, file) ? RESULT_UNSETTLED : 0;
}

/* The unfinished record goes on in the file that the position moved to. */
static void
go_on_in(struct log_file *file, struct log_file *lead)
{
	struct splitter fresh = file->splitter;

	file->splitter = lead->splitter;
	file->owes_rest = lead->owes_rest;
	file->inside = lead->inside;
	lead->splitter = fresh;
	file->offset = lead->offset;
	file->check = lead->check;
}

void
resolve_part_inherit(
    const struct search *search, const struct resolve_answer *answer)
{
	const struct search_question *question = search->question;
	struct log_file *file = answer->generations[answer->lead];

	if (is_position(search->part) &&
	    question->lead < question->held_count &&
	    question->held[question->lead] != file)
		go_on_in(file, question->held[question->lead]);
}
