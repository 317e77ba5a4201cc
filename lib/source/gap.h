/*
 * gap.h - what is said when something may be missing.
 */
#ifndef GAP_H
#define GAP_H

#include "ssekit.h"

#define SOURCE_SKIPPED_UNKNOWN UINT64_MAX
#define GAP_TEXT_SIZE_MAX 128 /* bytes */

/* Why the stream may lack something. */
enum gap_reason {
	GAP_NONE,
	GAP_ROTATED,
	GAP_TRUNCATED,
	GAP_LATE,
	GAP_UNKNOWN,
	GAP_OVERRUN,
	GAP_LIMIT,
	GAP_REASONS /* how many */
};

struct gap {
	enum gap_reason reason;
	uint64_t skipped; /* in the source's unit; or SOURCE_SKIPPED_UNKNOWN */
	const char *comment; /* static, or NULL */
};

/* Gaps that wait to be told, the oldest first.  All zeros: none. */
struct gap_queue {
	struct gap gaps[GAP_REASONS - 1]; /* each reason once */
	size_t count;
	const char *comment; /* on the one that is taken first; or NULL */
};

/* Queues a gap, if there is a reason; one that waits already is told once. */
void gap_queue_add(
    struct gap_queue *queue, enum gap_reason reason, uint64_t skipped);

/* Takes the oldest gap, and the comment with it: whether there was one. */
bool gap_queue_take(struct gap_queue *queue, struct gap *ret_gap);

static inline bool
gap_queue_is_empty(const struct gap_queue *queue)
{
	return queue->count == 0;
}

/* All that waits in the other one waits here, and so does its comment. */
void gap_queue_move(struct gap_queue *queue, struct gap_queue *other);

/* What waits is not told; the comment is, on the next one. */
void gap_queue_clear(struct gap_queue *queue);

/* The reason in words: "rotated". */
const char *gap_reason_text(enum gap_reason reason);

/*
 * The data of the event "gap": a JSON object with the reason, how much was
 * skipped (SOURCE_SKIPPED_UNKNOWN: null) and in which unit.  It stands in the
 * text.
 */
struct sse_slice gap_data(char text[GAP_TEXT_SIZE_MAX], enum gap_reason reason,
    uint64_t skipped, const char *unit);

#endif
