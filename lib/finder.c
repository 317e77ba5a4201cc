/*
 * finder.c - one face for the two searches.
 */
#include "finder.h"

#include <errno.h>
#include <stdlib.h>

#include "since.h"

struct finder {
	struct recall *recall; /* one of the two */
	struct since *since;
};

int
finder_new_id(const struct recall_options *options, struct sse_slice id,
    struct finder **ret_finder)
{
	struct finder *finder = calloc(1, sizeof(*finder));
	int error = -ENOMEM;

	if (finder != NULL)
		error = recall_new(options, id, &finder->recall);
	if (error != 0) {
		free(finder);
		return error;
	}
	*ret_finder = finder;
	return 0;
}

int
finder_new_time(const struct recall_options *options, int64_t time_ms,
    struct finder **ret_finder)
{
	struct finder *finder = calloc(1, sizeof(*finder));
	int error = -ENOMEM;

	if (finder != NULL)
		error = since_new(options, time_ms, &finder->since);
	if (error != 0) {
		free(finder);
		return error;
	}
	*ret_finder = finder;
	return 0;
}

void
finder_free(struct finder *finder)
{
	if (finder == NULL)
		return;
	recall_free(finder->recall);
	since_free(finder->since);
	free(finder);
}

int
finder_next(struct finder *finder, struct sse_position *ret_position)
{
	return finder->recall != NULL
		   ? recall_next(finder->recall, ret_position)
		   : since_next(finder->since, ret_position);
}

bool
finder_lacks(const struct finder *finder)
{
	return finder->since != NULL && since_lacks(finder->since);
}

bool
finder_guesses(const struct finder *finder)
{
	return finder->since != NULL && since_guesses(finder->since);
}
