/*
 * path_explain.c - looking again for what was in the way: nobody keeps the
 * words as long as nobody asks.
 */
#include "config.h"

#include "source/path_explain.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/obstacle.h"
#include "source/log_names.h"
#include "source/walk.h"

static_assert(SOURCE_CLAUSE_SIZE_MAX >= WALK_REASON_SIZE_MAX &&
		  SOURCE_CLAUSE_SIZE_MAX >= OBSTACLE_TEXT_SIZE_MAX,
    "a clause fits");

/* A link is not followed. */
static bool
explain_refusal(const char *text, char *clause)
{
	char *path = log_names_unescape(text);
	bool explained = path != NULL && walk_explain(path, clause);

	free(path);
	return explained;
}

static bool
explain_obstacle(const char *text, int error, char *clause)
{
	struct log_names *names = NULL;
	char path[PATH_MAX];
	const char *slash;
	int size;

	if (log_names_new(text, NULL, &names) != 0)
		return false;
	size = snprintf(path, sizeof(path), "%s", log_names_path(names));
	slash = strrchr(path, '/');
	/* Of names with dates there is the folder alone to be looked at. */
	if (log_names_are_dated(names))
		path[slash != NULL ? slash + 1 - path : 0] = '\0';
	log_names_free(names);
	return size >= 0 && (size_t)size < sizeof(path) &&
	       obstacle_explain(path[0] != '\0' ? path : ".", error, clause);
}

bool
path_explain(const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX])
{
	return error == RESULT_REFUSED ? explain_refusal(text, clause)
				       : explain_obstacle(text, error, clause);
}
