/*
 * opening.c - from where a reader wants to begin to the open files of a log.
 *
 * What is found becomes a position as any other: where it is by the time that
 * it is used, and what came in between, is resolve()'s to know.
 */
#include "config.h"

#include "source/opening.h"

#include <errno.h>

#define NO_TIMES "since: no record has a time as time-format says"
#define FEW_TIMES                                                         \
	"since: many records have no time as time-format says; this may " \
	"begin too early"

void
opening_done(struct opening *opening)
{
	recall_free(opening->recall);
	since_free(opening->since);
	start_done(&opening->begun);
	opening->recall = NULL;
	opening->since = NULL;
}

static void
start_at(struct opening *opening, const struct sse_position *position)
{
	opening->position = *position;
	opening->start.position = &opening->position;
	opening->start.gap = GAP_NONE;
}

static int
open_files(struct opening *opening, struct chain *chain)
{
	opening->is_placed = true;
	return start_chain(&opening->begun, chain, &opening->start);
}

/* What keeps a search from its log, and will be over. */
static bool
is_later(int error)
{
	return error == -EACCES || error == RESULT_PARTIAL;
}

/* It cannot begin where the client wants to: as one without a wish, then. */
static int
open_elsewhere(
    struct opening *opening, struct chain *chain, const char *comment)
{
	opening->start.gap = GAP_UNKNOWN;
	opening->comment = comment;
	return open_files(opening, chain);
}

static int
open_at_id(struct opening *opening, struct chain *chain)
{
	struct sse_position position;

	if (sse_position_parse(opening->start.id, &position) != 0)
		return open_elsewhere(opening, chain, NULL);
	start_at(opening, &position);
	return open_files(opening, chain);
}

static int
search_id(struct opening *opening, struct chain *chain)
{
	int error = recall_new(
	    &chain->options, chain->names, opening->start.id, &opening->recall);

	opening->start.gap = GAP_UNKNOWN;
	if (error == 0)
		return RESULT_PARTIAL;
	/* What cannot be searched cannot be opened either, or it can. */
	return is_later(error) || error == -ENOMEM ? error
						   : open_files(opening, chain);
}

static int
search_time(struct opening *opening, struct chain *chain)
{
	int error = since_new(&chain->options, chain->names,
	    opening->start.time_ms, &opening->since);

	opening->start.gap = GAP_NONE;
	opening->comment = NULL;
	if (error == 0) {
		opening->start.gap = GAP_UNKNOWN;
		opening->comment = NO_TIMES;
		return RESULT_PARTIAL;
	}
	if (is_later(error) || error == -ENOMEM)
		return error;
	/* There is no log yet: whatever comes is new enough. */
	if (error == RESULT_NONE)
		return open_files(opening, chain);
	return open_elsewhere(opening, chain, NO_TIMES);
}

/* A search, or the files, if where it begins is known. */
static int
place(struct opening *opening, struct chain *chain)
{
	const struct source_start *start = &opening->start;

	if (opening->is_placed)
		return open_files(opening, chain);
	if (start->id.size > 0)
		return start->is_record_id ? search_id(opening, chain)
					   : open_at_id(opening, chain);
	return start->has_time ? search_time(opening, chain)
			       : open_files(opening, chain);
}

int
opening_begin(struct opening *opening, struct chain *chain,
    const struct source_start *start)
{
	int error;

	opening_done(opening);
	*opening = (struct opening){.start = *start, .comment = start->comment};
	error = place(opening, chain);
	opening->goes_on = error == RESULT_PARTIAL;
	return error;
}

/* One read of the search: as recall_next(). */
static int
search_on(struct opening *opening, struct sse_position *ret_position)
{
	return opening->recall != NULL
		   ? recall_next(opening->recall, ret_position)
		   : since_next(opening->since, ret_position);
}

/* What was found is where it begins, and what is to be said of that. */
static void
take_found(struct opening *opening, const struct sse_position *position)
{
	start_at(opening, position);
	opening->start.is_ours = true;
	opening->comment = NULL;
	if (opening->since == NULL)
		return;
	if (since_guesses(opening->since)) {
		opening->start.gap = GAP_UNKNOWN;
		opening->comment = FEW_TIMES;
	}
	if (since_lacks(opening->since))
		opening->start.gap = GAP_ROTATED;
}

/* Another step of the search. */
static int
step_search(struct opening *opening, struct chain *chain)
{
	struct sse_position position;
	int got = search_on(opening, &position);

	if (got == 0)
		return RESULT_PARTIAL;
	if (listing_is_shortage(got))
		return got;
	if (got == 1)
		take_found(opening, &position);
	opening_done(opening);
	/* It is searched anew. */
	return is_later(got) ? got : open_files(opening, chain);
}

int
opening_step(struct opening *opening, struct chain *chain)
{
	bool searches = opening->recall != NULL || opening->since != NULL;
	int error =
	    searches ? step_search(opening, chain) : place(opening, chain);

	opening->goes_on = error == RESULT_PARTIAL;
	return error;
}
