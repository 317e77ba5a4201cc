/*
 * redis_loss.h - whether anything was lost of a Redis Stream behind a place in
 * it, and how much.
 *
 * Entries are numbered as they are added, and the oldest are deleted first.  So
 * how many were deleted says whether a place that is not there any more is
 * among them, and how many behind it are.  Nothing simpler says so: neither the
 * id of the first entry, nor that the place is gone, nor the greatest id that
 * was deleted.
 */
#ifndef REDIS_LOSS_H
#define REDIS_LOSS_H

#include "source/gap.h"
#include "source/redis_position.h"

/* A stream at one moment, and what is where the place was. */
struct redis_look {
	bool exists;
	bool has_added; /* a server before Redis 7 does not say */
	uint64_t added; /* entries ever */
	uint64_t length;
	struct redis_id last; /* greatest id ever */
	bool is_present;      /* there is an entry with the place's id */
	uint64_t check;       /* of that one */
};

struct redis_loss {
	enum gap_reason reason; /* GAP_NONE: nothing was lost */
	uint64_t skipped;       /* records, or SOURCE_SKIPPED_UNKNOWN */
	/*
	 * Where to go on.  Without an ordinal: one behind which the next entry
	 * is, whatever its number.
	 */
	struct redis_position position;
};

/* How many were deleted; only where has_added. */
uint64_t redis_look_deleted(const struct redis_look *look);

struct redis_loss redis_loss_judge(
    const struct redis_position *position, const struct redis_look *look);

#endif
