/*
 * search_look.c - looking until the directory is at rest.
 */
#include "config.h"

#include "source/search_look.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "source/match.h"
#include "source/nameless.h"
#include "source/snapshot_take.h"
#include "source/walk.h"

/* A log that was there, can be opened, and was not met: it has gone by. */
static bool
has_vanished(const struct search *search, const struct sse_file_stat *first)
{
	return S_ISREG(first->mode) &&
	       !snapshot_has(&search->snapshot, first) &&
	       search_held_of(search, first) == NULL;
}

static int
look_once(struct search *search)
{
	const struct search_question *question = search->question;
	const struct snapshot_held held = {
	    question->held, question->held_count};
	struct sse_file_stat first;
	int readable = question->path != NULL
			   ? walk_open(question->path, S_IFREG, O_RDONLY)
			   : -ENOENT;
	int error;

	search->began_ms = sse_clock_file_time_ms(question->clock);
	watch_drain(question->watch);
	search->births = watch_births(question->watch);
	search->vanished = search->missed = false;
	error = snapshot_take(&search->snapshot, question->names,
	    search->began_ms, question->listing, &held);
	if (error == 0 || error == -ENOENT)
		error = nameless_add(search);
	if (error == 0)
		error = match_candidates(search);
	if (error == 0 && readable >= 0 && sse_fd_stat(readable, &first) == 0 &&
	    has_vanished(search, &first))
		search->vanished = true;
	sse_fd_close(readable);
	watch_drain(question->watch);
	return error;
}

/* Whether a second look, just now, would see what this one saw. */
static bool
is_still(const struct search *search)
{
	const struct search_question *question = search->question;

	return !search->vanished &&
	       snapshot_is_still(&search->snapshot, question->names,
		   question->listing, sse_clock_file_time_ms(question->clock));
}

/*
 * Nothing is declared lost on the word of a single search: two have to see the
 * same, and no file may have been born meanwhile.
 */
static bool
is_at_rest(const struct search *search, const struct snapshot *before)
{
	if (search->births != watch_births(search->question->watch))
		return false;
	return search->base != SIZE_MAX ||
	       search->question->position.file == 0 ||
	       (before->candidates != NULL &&
		   snapshot_equal(before, &search->snapshot)) ||
	       is_still(search);
}

int
search_look(struct search *search)
{
	struct snapshot before = {0};
	int error = 0;

	for (int i = 0; i < SEARCH_TRIES_MAX; i++) {
		error = look_once(search);
		if (error != 0 || is_at_rest(search, &before) ||
		    i + 1 == SEARCH_TRIES_MAX)
			break;
		snapshot_done(&before);
		/* Which is compared, and not read. */
		snapshot_close(&search->snapshot);
		before = search->snapshot;
		search->snapshot = (struct snapshot){0};
	}
	snapshot_done(&before);
	return error;
}

int
search_finds_copy(const struct search_question *question)
{
	struct search search = {.question = question};
	int error = look_once(&search);
	bool copied = search.there && search.part != PART_SAME;

	search_done(&search);
	return error != 0 ? error : copied;
}
