/*
 * passing.h - how long records that are not sent are passed over, before it is
 * the turn of others.
 */
#ifndef PASSING_H
#define PASSING_H

#include <stddef.h>

#include "base/budget.h"

/*
 * Bytes of them in a row; a short one counts as more, since its search may take
 * as long as that of a long one.
 */
#define PASSING_SIZE_MAX 65536
#define PASSING_RECORD_SIZE 256
#define PASSING_MS 2 /* the same, when a pattern needs long for each */

/* Where no record was passed over, size and is_over are 0. */
struct passing {
	struct budget budget; /* once there was one */
	size_t size;          /* bytes */
	bool is_over;
};

/* A record of so many bytes was passed over. */
void passing_add(
    struct passing *passing, const struct sse_clock *clock, size_t size);

#endif
