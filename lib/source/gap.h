/*
 * gap.h - what is said when something may be missing.
 */
#ifndef GAP_H
#define GAP_H

#include "source/item.h"

#define GAP_TEXT_SIZE_MAX 128

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
