/*
 * opening.c - from where a reader wants to begin to the open files of a log.
 *
 * What is found becomes a position as any other: where it is by the time that
 * it is used, and what came in between, is resolve()'s to know.
 */
#include "config.h"

#include "source/opening.h"

#include <errno.h>

#include "base/shortage.h"

#define NO_TIMES "since: no record has a time as time-format says"
#define FEW_TIMES                                                         \
	"since: many records have no time as time-format says; this may " \
	"begin too early"

void
opening_done(struct opening *opening)
{
	find_id_free(opening->find_id);
	find_time_free(opening->find_time);
	start_done(&opening->begun);
	opening->find_id = NULL;
	opening->find_time = NULL;
}

static void
start_at(struct opening *opening, const struct sse_position *position)
{
	opening->position = sse_position_pack(position);
	opening->start.position = &opening->position;
	opening->start.gap = GAP_NONE;
}

static int
open_files(struct opening *opening, struct log_set *set)
{
	opening->is_placed = true;
	return start_set(&opening->begun, set, &opening->start);
}

/* What keeps a search from its log, and will be over. */
static bool
is_later(int error)
{
	return error == -EACCES || error == RESULT_PARTIAL;
}

/*
 * It cannot begin where the client wants to: as one that asks for nothing,
 * then.
 */
static int
open_elsewhere(
    struct opening *opening, struct log_set *set, const char *comment)
{
	opening->start.gap = GAP_UNKNOWN;
	set->gaps.comment = comment;
	return open_files(opening, set);
}

static int
open_at_id(struct opening *opening, struct log_set *set)
{
	struct sse_position position;

	if (sse_position_parse(opening->start.id, &position) != 0)
		return open_elsewhere(opening, set, NULL);
	start_at(opening, &position);
	return open_files(opening, set);
}

static int
search_id(struct opening *opening, struct log_set *set)
{
	int error = find_id_new(
	    &set->options, set->names, opening->start.id, &opening->find_id);

	opening->start.gap = GAP_UNKNOWN;
	if (error == 0)
		return RESULT_PARTIAL;
	/* What cannot be searched cannot be opened either, or it can. */
	return is_later(error) || error == -ENOMEM ? error
						   : open_files(opening, set);
}

static int
search_time(struct opening *opening, struct log_set *set)
{
	int error = find_time_new(&set->options, set->names,
	    opening->start.time_ms, &opening->find_time);

	opening->start.gap = GAP_NONE;
	set->gaps.comment = NULL;
	if (error == 0) {
		opening->start.gap = GAP_UNKNOWN;
		set->gaps.comment = NO_TIMES;
		return RESULT_PARTIAL;
	}
	if (is_later(error) || error == -ENOMEM)
		return error;
	/* There is no log yet: whatever comes is new enough. */
	if (error == RESULT_NONE)
		return open_files(opening, set);
	return open_elsewhere(opening, set, NO_TIMES);
}

/* A search, or the files, if where it begins is known. */
static int
place(struct opening *opening, struct log_set *set)
{
	const struct source_start *start = &opening->start;

	if (opening->is_placed)
		return open_files(opening, set);
	if (start->id.size > 0)
		return start->is_record_id ? search_id(opening, set)
					   : open_at_id(opening, set);
	return start->has_time ? search_time(opening, set)
			       : open_files(opening, set);
}

int
opening_begin(struct opening *opening, struct log_set *set,
    const struct source_start *start)
{
	int error;

	opening_done(opening);
	*opening = (struct opening){.start = *start};
	set->gaps.comment = start->comment;
	error = place(opening, set);
	opening->goes_on = error == RESULT_PARTIAL;
	return error;
}

/* One read of the search: as find_id_next(). */
static int
search_on(struct opening *opening, struct sse_position *ret_position)
{
	return opening->find_id != NULL
		   ? find_id_next(opening->find_id, ret_position)
		   : find_time_next(opening->find_time, ret_position);
}

/* What was found is where it begins, and what is to be said of that. */
static void
take_found(struct opening *opening, struct log_set *set,
    const struct sse_position *position)
{
	start_at(opening, position);
	opening->start.is_ours = true;
	set->gaps.comment = NULL;
	if (opening->find_time == NULL)
		return;
	if (find_time_guesses(opening->find_time)) {
		opening->start.gap = GAP_UNKNOWN;
		set->gaps.comment = FEW_TIMES;
	}
	if (find_time_lacks(opening->find_time))
		opening->start.gap = GAP_ROTATED;
}

/* Another step of the search. */
static int
step_search(struct opening *opening, struct log_set *set)
{
	struct sse_position position;
	int got = search_on(opening, &position);

	if (got == 0)
		return RESULT_PARTIAL;
	if (is_shortage(got))
		return got;
	if (got == 1)
		take_found(opening, set, &position);
	opening_done(opening);
	/* It is searched anew. */
	return is_later(got) ? got : open_files(opening, set);
}

int
opening_step(struct opening *opening, struct log_set *set)
{
	bool searches = opening->find_id != NULL || opening->find_time != NULL;
	int error = searches ? step_search(opening, set) : place(opening, set);

	opening->goes_on = error == RESULT_PARTIAL;
	return error;
}

bool
opening_has_position(const struct opening *opening)
{
	return opening->start.position != NULL;
}

bool
opening_has_record_id(const struct opening *opening)
{
	return opening->start.is_record_id;
}

bool
opening_goes_on(const struct opening *opening)
{
	return opening->goes_on;
}
