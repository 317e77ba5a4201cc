/*
 * gap.c - gaps that wait to be told, and the event "gap" in words.
 */
#include "config.h"

#include "source/gap.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
gap_queue_add(struct gap_queue *queue, enum gap_reason reason, uint64_t skipped)
{
	assert(reason < GAP_REASONS);
	if (reason == GAP_NONE)
		return;
	for (size_t i = 0; i < queue->count; i++)
		if (queue->gaps[i].reason == reason)
			return;
	/* Each reason has a place. */
	assert(queue->count < GAP_REASONS - 1);
	queue->gaps[queue->count++] =
	    (struct gap){.reason = reason, .skipped = skipped};
}

bool
gap_queue_take(struct gap_queue *queue, struct gap *ret_gap)
{
	if (queue->count == 0)
		return false;
	*ret_gap = queue->gaps[0];
	ret_gap->comment = queue->comment;
	queue->comment = NULL;
	queue->count--;
	memmove(queue->gaps, queue->gaps + 1,
	    queue->count * sizeof(queue->gaps[0]));
	return true;
}

void
gap_queue_move(struct gap_queue *queue, struct gap_queue *other)
{
	for (size_t i = 0; i < other->count; i++)
		gap_queue_add(
		    queue, other->gaps[i].reason, other->gaps[i].skipped);
	if (other->comment != NULL)
		queue->comment = other->comment;
	*other = (struct gap_queue){.count = 0};
}

void
gap_queue_clear(struct gap_queue *queue)
{
	queue->count = 0;
}

const char *
gap_reason_text(enum gap_reason reason)
{
	switch (reason) {
	case GAP_ROTATED:
		return "rotated";
	case GAP_TRUNCATED:
		return "truncated";
	case GAP_LATE:
		return "late";
	case GAP_OVERRUN:
		return "overrun";
	case GAP_LIMIT:
		return "limit";
	case GAP_UNKNOWN:
	case GAP_NONE:
	case GAP_REASONS:
		break;
	}
	return "unknown";
}

struct sse_slice
gap_data(char text[GAP_TEXT_SIZE_MAX], enum gap_reason reason, uint64_t skipped,
    const char *unit)
{
	char number[sizeof("18446744073709551615")] = "null";

	if (skipped != SOURCE_SKIPPED_UNKNOWN)
		(void)snprintf(number, sizeof(number), "%" PRIu64, skipped);
	(void)snprintf(text, GAP_TEXT_SIZE_MAX,
	    "{\"reason\":\"%s\",\"skipped\":%s,\"unit\":\"%s\"}",
	    gap_reason_text(reason), number, unit);
	return sse_slice(text);
}
