/*
 * unsent.c - the position behind records that were not sent.
 */
#include "stream/unsent.h"

#include <assert.h>

void
unsent_init(
    struct unsent *unsent, const struct sse_clock *clock, int64_t wait_ms)
{
	assert(wait_ms >= 0);
	*unsent = (struct unsent){
	    .clock = clock,
	    .wait_ms = wait_ms,
	    .told_ms = sse_clock_monotonic_ms(clock),
	};
}

void
unsent_move(struct unsent *unsent, const struct source_position *position)
{
	unsent->is_set = true;
	unsent->position = *position;
}

void
unsent_tell(struct unsent *unsent, bool has_id)
{
	unsent->told_ms = sse_clock_monotonic_ms(unsent->clock);
	unsent->is_set = unsent->is_set && !has_id;
}

void
unsent_hurry(struct unsent *unsent)
{
	unsent->told_ms =
	    sse_clock_monotonic_ms(unsent->clock) - unsent->wait_ms;
}

int64_t
unsent_left_ms(const struct unsent *unsent)
{
	if (!unsent->is_set)
		return INT64_MAX;
	return unsent->told_ms + unsent->wait_ms -
	       sse_clock_monotonic_ms(unsent->clock);
}
