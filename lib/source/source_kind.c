/*
 * source_kind.c - the table of the kinds of sources.
 *
 * What a path is, is looked at: a FIFO is a pipe, and anything else is the
 * file's to judge.  What does not exist yet is waited for by the file, too: so
 * what has to be known of a path for long, it says.
 */
#include "config.h"

#include "source/source_kind.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/file.h"
#include "source/journal.h"
#include "source/pipe.h"
#ifdef WITH_REDIS
#include "source/redis.h"
#endif

/* A program that tests build has one more. */
#ifdef SOURCE_OF_TESTS
extern const struct source_ops SOURCE_OF_TESTS;
#endif

/* All that there are; the last is what no other one claims. */
static const struct source_ops *const kinds[] = {
#ifdef SOURCE_OF_TESTS
    &SOURCE_OF_TESTS,
#endif
#ifdef WITH_REDIS
    &redis_ops,
#endif
    &journal_ops,
    &pipe_ops,
    &file_ops,
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

bool
source_is_stdin(const char *text)
{
	return pipe_is_stdin(text);
}

/* The kind whose scheme the text begins with; NULL: it is a path. */
static const struct source_ops *
kind_by_scheme(const char *text)
{
	for (size_t i = 0; i < KINDS; i++) {
		const char *scheme = kinds[i]->scheme;

		if (scheme != NULL &&
		    strncmp(text, scheme, strlen(scheme)) == 0)
			return kinds[i];
	}
	return NULL;
}

/* The same; of a path the one that waits for what is not there. */
static const struct source_ops *
kind_by_text(const char *text)
{
	const struct source_ops *kind = kind_by_scheme(text);

	return kind != NULL ? kind : kinds[KINDS - 1];
}

bool
source_is_path(const char *text)
{
	return kind_by_scheme(text) == NULL;
}

const char *
source_default_name(const char *text)
{
	const struct source_ops *kind = kind_by_text(text);
	const char *slash = strrchr(text, '/');

	if (kind->default_name != NULL)
		return kind->default_name(text);
	if (source_is_stdin(text))
		return "stdin";
	return slash != NULL ? slash + 1 : text;
}

const char *
source_denied_text(const char *text)
{
	const char *own = kind_by_text(text)->denied_text;

	return own != NULL ? own
			   : "waiting for the log: it may not be read "
			     "(Permission denied)";
}

bool
source_has_times(const char *text)
{
	return kind_by_text(text)->has_times;
}

/* A path that begins so is written as "./redis:...". */
static bool
is_left_out(const char *text)
{
#ifdef WITH_REDIS
	(void)text;
	return false;
#else
	return strncmp(text, "redis:", strlen("redis:")) == 0;
#endif
}

int
source_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX])
{
	const struct source_ops *kind = kind_by_text(text);

	if (is_left_out(text)) {
		(void)snprintf(reason, SOURCE_REASON_SIZE_MAX,
		    "this program was built without Redis Streams");
		return -EINVAL;
	}
	return kind->check != NULL ? kind->check(text, reason) : 0;
}

bool
source_takes_key(const char *text, enum source_key key)
{
	return (kind_by_text(text)->keys & key) != 0;
}

int
source_check_key(const char *text, enum source_key key, const char *value,
    char reason[SOURCE_REASON_SIZE_MAX])
{
	const struct source_ops *kind = kind_by_text(text);

	assert((kind->keys & key) != 0);
	return kind->check_key != NULL ? kind->check_key(key, value, reason)
				       : 0;
}

struct format_json_names
source_json_names(const char *text)
{
	return kind_by_text(text)->json_names;
}

bool
source_gives_records(const char *text)
{
	return kind_by_text(text)->lines == NULL;
}

bool
source_explain(const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX])
{
	const struct source_ops *kind = kind_by_text(text);

	return kind->explain != NULL && kind->explain(text, error, clause);
}

const struct source_ops *
source_kind(const char *text)
{
	const struct source_ops *kind = kind_by_scheme(text);

	for (size_t i = 0; kind == NULL && i < KINDS; i++)
		if (kinds[i]->claims != NULL && kinds[i]->claims(text))
			kind = kinds[i];
	assert(kind != NULL);
	return kind;
}

int
source_peek(const char *text, const char *generations,
    const struct source_shared *shared)
{
	const struct source_ops *kind = source_kind(text);

	if (kind->peek == NULL)
		return RESULT_NONE;
	if (shared != NULL && shared->ops != kind)
		shared = NULL;
	return kind->peek(text, generations, shared);
}

struct source_descriptors
source_descriptors(const char *text, const char *generations)
{
	const struct source_ops *kind = kind_by_text(text);

	/* A connection, say. */
	if (kind->descriptors == NULL)
		return (struct source_descriptors){.open = 1};
	return kind->descriptors(text, generations);
}

void
source_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches)
{
	const struct source_ops *kind = kind_by_text(text);

	if (kind->reach != NULL && !source_is_stdin(text))
		kind->reach(text, source, reaches);
}

/* --------------------------------------- what several of them share -- */

int
source_shared_new(const char *text, const char *generations,
    struct source_hints *hints, struct source_shared **ret_shared)
{
	const struct source_ops *kind = kind_by_text(text);
	struct inotify *names = hints != NULL ? hints->names : NULL;
	struct source_shared *shared;
	int error;

	*ret_shared = NULL;
	if (kind->sharing == NULL)
		return 0;
	shared = calloc(1, sizeof(*shared));
	if (shared == NULL)
		return -ENOMEM;
	shared->ops = kind;
	shared->hints = hints;
	error = kind->sharing->new (text, generations, names, &shared->context);
	if (error == 0) {
		*ret_shared = shared;
		return 0;
	}
	free(shared);
	/* A source of such a text cannot be started, and says so. */
	return error == -ENOMEM ? error : 0;
}

void
source_shared_wake(struct source_shared *shared, struct hint_waiter *waiter)
{
	if (shared != NULL && shared->hints != NULL)
		shared->waiter = waiter;
}

void
source_shared_free(struct source_shared *shared)
{
	if (shared == NULL)
		return;
	shared->ops->sharing->free(shared->context);
	free(shared);
}

void
source_shared_rest(struct source_shared *shared)
{
	if (shared != NULL)
		shared->ops->sharing->rest(shared->context);
}
