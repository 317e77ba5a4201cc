/*
 * passing.h - how long records that are not sent are passed over, before it is
 * the turn of others.
 */
#ifndef PASSING_H
#define PASSING_H

#include "base/budget.h"
#include "stream/stages.h"

/*
 * Bytes of them in a row; a short one counts as more, since its search may take
 * as long as that of a long one.
 */
#define PASSING_SIZE_MAX 65536
#define PASSING_RECORD_SIZE 64
#define PASSING_MS 2 /* the same, when a pattern needs long for each */

/*
 * Reading the clock takes as long as a quick search: it is read once for so
 * many bytes, counted likewise, as long as all searches are quick.
 */
#define PASSING_LOOK_SIZE 2048

/*
 * Records that were passed over one by one before lines are looked for that can
 * be: where most are sent, that look would cost more than it saves.
 */
#define PASSING_RECORDS 4

/* Where no record was passed over, all but the budget are 0. */
struct passing {
	struct budget budget; /* once there was one */
	size_t size;          /* bytes */
	size_t look_size;     /* since the clock was read */
	size_t count;         /* records */
	bool is_over;
};

/* A record of so many bytes was passed over; the search may have taken long. */
void passing_add(struct passing *passing, const struct sse_clock *clock,
    size_t size, bool is_slow);

/*
 * Passes over the plain lines that are not sent, up to one that is: whether
 * there were any.  The stages find it next, and do not search it again.
 */
bool passing_leave_out(struct passing *passing, const struct sse_clock *clock,
    struct stages *stages);

#endif
