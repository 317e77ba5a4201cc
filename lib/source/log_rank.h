/*
 * log_rank.h - where a name of a log has its place among the others.  Pure, but
 * for the time zone.
 */
#ifndef LOG_RANK_H
#define LOG_RANK_H

#include "source/name_values.h"
#include "source/rotation.h"

/* A name over a day ahead of the clock is not a log of today's. */
#define LOG_RANK_AHEAD_MS INT64_C(86400000)

/* Why a name is the log's, and where its place is. */
enum log_scheme {
	LOG_DATED,   /* of the source */
	LOG_PATTERN, /* of the key generations */
	LOG_ROTATION,
	LOG_LINK
};

struct log_rank {
	enum log_scheme scheme;
	bool compressed;
	bool grows;          /* a greater number is newer */
	unsigned char group; /* of a pattern: which one */
	union {
		struct name_values values;
		struct rotation rotation; /* with LOG_ROTATION */
	};
};

/*
 * Whether a name with dates can be current at that time, of a file that was
 * modified at the other one: a clock that was put back makes no log future.
 */
bool log_rank_is_due(
    const struct log_rank *rank, int64_t now_ms, int64_t mtime_ms);

/*
 * Less than 0 when a is the older one, more when b is; 0 when the names do not
 * say.
 */
int log_rank_compare(const struct log_rank *a, const struct log_rank *b);

#endif
