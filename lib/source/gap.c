/*
 * gap.c - the event "gap" in words.
 */
#include "config.h"

#include "source/gap.h"

#include <inttypes.h>
#include <stdio.h>

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
