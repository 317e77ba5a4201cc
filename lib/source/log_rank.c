/*
 * log_rank.c - where a name of a log has its place.
 */
#include "config.h"

#include "source/log_rank.h"

bool
log_rank_is_due(const struct log_rank *rank, int64_t now_ms, int64_t mtime_ms)
{
	int64_t latest_ms = now_ms > mtime_ms ? now_ms : mtime_ms;

	return rank->values.date <=
	       name_values_date_at(latest_ms + LOG_RANK_AHEAD_MS);
}

int
log_rank_compare(const struct log_rank *a, const struct log_rank *b)
{
	if (a->scheme != b->scheme || a->grows != b->grows)
		return 0;
	if (a->scheme == LOG_ROTATION && a->grows)
		return -rotation_compare(&a->rotation, &b->rotation);
	if (a->scheme == LOG_ROTATION)
		return rotation_compare(&a->rotation, &b->rotation);
	if (a->group != b->group)
		return 0;
	return name_values_compare(&a->values, &b->values, a->grows);
}
