/*
 * record_start.c - the lines that begin a record.
 */
#include "config.h"

#include "record/record_start.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

struct record_start {
	struct pattern *pattern;
	struct sanitize clean;
};

int
record_start_new(const char *pattern, size_t line_size_max, bool keep_sequences,
    struct record_start **ret_start)
{
	struct record_start *start = calloc(1, sizeof(*start));
	struct pattern_error why;
	int error;

	if (start == NULL)
		return -ENOMEM;
	sanitize_init(&start->clean, line_size_max, keep_sequences);
	error = pattern_new(pattern, &start->pattern, &why);
	assert(error != -EINVAL);
	if (error != 0) {
		record_start_free(start);
		return error;
	}
	*ret_start = start;
	return 0;
}

void
record_start_free(struct record_start *start)
{
	if (start == NULL)
		return;
	pattern_free(start->pattern);
	sanitize_done(&start->clean);
	free(start);
}

bool
record_start_begins(void *context, struct sse_slice line)
{
	struct record_start *start = context;
	uint64_t left_out = 0;

	return sanitize_text(&start->clean, &line, &left_out) != 0 ||
	       pattern_find(start->pattern, line) != PATTERN_MISSES;
}

uint64_t
record_start_take_given_up(struct record_start *start)
{
	return start != NULL ? pattern_take_given_up(start->pattern) : 0;
}
