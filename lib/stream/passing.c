/*
 * passing.c - how long records that are not sent are passed over.
 */
#include "config.h"

#include "stream/passing.h"

#include <assert.h>

#include "source/source.h"

void
passing_add(struct passing *passing, const struct sse_clock *clock, size_t size,
    bool is_slow)
{
	assert(!passing->is_over);
	size += PASSING_RECORD_SIZE;
	passing->size += size;
	passing->look_size += is_slow ? PASSING_LOOK_SIZE : size;
	if (passing->count++ == 0)
		passing->budget = budget_begin(clock, PASSING_MS);
	else if (passing->look_size >= PASSING_LOOK_SIZE) {
		passing->look_size = 0;
		passing->is_over = budget_is_over(&passing->budget);
	}
	if (passing->size >= PASSING_SIZE_MAX)
		passing->is_over = true;
}

/* Who says which lines are not sent, while it is their turn. */
struct judge {
	struct passing *passing;
	const struct sse_clock *clock;
	struct filter *filter;
};

static bool
leaves_out(void *context, struct sse_slice line)
{
	const struct judge *judge = context;

	if (judge->passing->is_over ||
	    filter_passes_first(judge->filter, line) != 0)
		return false;
	passing_add(judge->passing, judge->clock, line.size,
	    filter_was_slow(judge->filter));
	return true;
}

bool
passing_leave_out(struct passing *passing, const struct sse_clock *clock,
    struct stages *stages)
{
	struct judge judge = {passing, clock, &stages->format.filter};
	const struct plain_judge lines = {
	    stages->conf->record_size_max, leaves_out, &judge};

	if (!stages->has_lines || passing->count < PASSING_RECORDS)
		return false;
	filter_forget(judge.filter);
	return source_leave_out(stages->source, &lines);
}
