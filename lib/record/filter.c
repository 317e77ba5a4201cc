/*
 * filter.c - which records are sent.
 */
#include "config.h"

#include "record/filter.h"

#include <assert.h>
#include <errno.h>

#include "base/unset.h"

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
	UNSET struct pattern_error why; /* zeros cost more than a search */
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

static int
search(struct filter *filter, struct sse_slice text)
{
	int error = compile(filter->include, &filter->included);

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

int
filter_passes(struct filter *filter, struct sse_slice text)
{
	bool has_passed = text.data != NULL &&
			  text.data == filter->passed.data &&
			  text.size == filter->passed.size;

	filter_forget(filter);
	return has_passed || !filter_is_set(filter) ? 1 : search(filter, text);
}

int
filter_passes_first(struct filter *filter, struct sse_slice text)
{
	int got = search(filter, text);

	filter->passed = got == 1 ? text : (struct sse_slice){NULL, 0};
	return got;
}

void
filter_forget(struct filter *filter)
{
	filter->passed = (struct sse_slice){NULL, 0};
}

bool
filter_was_slow(const struct filter *filter)
{
	return (filter->included != NULL &&
		   pattern_was_slow(filter->included)) ||
	       (filter->excluded != NULL && pattern_was_slow(filter->excluded));
}
