/*
 * filter.c - which records are sent.
 */
#include "config.h"

#include "record/filter.h"

#include <assert.h>
#include <errno.h>

/* NULL for "". */
static const char *
said(const char *pattern)
{
	return pattern != NULL && pattern[0] != '\0' ? pattern : NULL;
}

void
filter_init(struct filter *filter, const char *include, const char *exclude)
{
	*filter =
	    (struct filter){.include = said(include), .exclude = said(exclude)};
}

void
filter_done(struct filter *filter)
{
	pattern_free(filter->included);
	pattern_free(filter->excluded);
	filter->included = filter->excluded = NULL;
}

bool
filter_is_set(const struct filter *filter)
{
	return filter->include != NULL || filter->exclude != NULL;
}

static int
compile(const char *text, struct pattern **pattern)
{
	struct pattern_error why;
	int error = 0;

	if (*pattern == NULL && text != NULL)
		error = pattern_new(text, pattern, &why);
	assert(error != -EINVAL);
	return error;
}

static void
set_pause(struct filter *filter)
{
	if (filter->included != NULL)
		pattern_set_pause(filter->included, filter->pause);
	if (filter->excluded != NULL)
		pattern_set_pause(filter->excluded, filter->pause);
}

int
filter_passes(struct filter *filter, struct sse_slice text)
{
	int error;

	if (!filter_is_set(filter))
		return 1;
	error = compile(filter->include, &filter->included);
	if (error == 0)
		error = compile(filter->exclude, &filter->excluded);
	if (error != 0)
		return error;
	set_pause(filter);
	if (filter->included != NULL &&
	    pattern_find(filter->included, text) == PATTERN_MISSES)
		return 0;
	return filter->excluded == NULL ||
	       pattern_find(filter->excluded, text) != PATTERN_MATCHES;
}
