/*
 * passing.c - how long records that are not sent are passed over.
 */
#include "config.h"

#include "stream/passing.h"

#include <assert.h>

void
passing_add(struct passing *passing, const struct sse_clock *clock, size_t size)
{
	assert(!passing->is_over);
	if (passing->size == 0)
		passing->budget = budget_begin(clock, PASSING_MS);
	else
		passing->is_over = budget_is_over(&passing->budget);
	passing->size += size + PASSING_RECORD_SIZE;
	if (passing->size >= PASSING_SIZE_MAX)
		passing->is_over = true;
}
