/*
 * stamp.c - how far the stamp of a reader's ids may rise.
 */
#include "config.h"

#include "source/stamp.h"

#include <assert.h>

/* The first modification that is not seen as a whole, among so many files. */
static int64_t
first_unseen(const struct log_set *set, size_t count, int64_t began_ms)
{
	int64_t limit_ms = began_ms;

	for (size_t i = 0; i < count; i++) {
		const struct log_file *file = set->open[i];

		if (log_file_is_unread(file) && file->mtime_ms < limit_ms)
			limit_ms = file->mtime_ms;
	}
	return limit_ms;
}

void
stamp_raise(struct log_set *set, size_t count, int64_t began_ms)
{
	int64_t limit_ms = first_unseen(set, count, began_ms);
	int64_t stamp_ms = (int64_t)set->stamp_ms, newest_ms = 0;

	assert(count <= set->count);
	for (size_t i = 0; i < count; i++) {
		int64_t mtime_ms = set->open[i]->mtime_ms;

		if (mtime_ms > newest_ms)
			newest_ms = mtime_ms;
		if (mtime_ms < limit_ms && mtime_ms > stamp_ms)
			stamp_ms = mtime_ms;
	}
	/* A file that may have more is not unseen as a whole. */
	if (newest_ms >= limit_ms && limit_ms - 1 > stamp_ms)
		stamp_ms = limit_ms - 1;
	assert(stamp_ms >= (int64_t)set->stamp_ms);
	set->stamp_ms = (uint64_t)stamp_ms;
}

void
stamp_pass_over(struct log_set *set, int64_t began_ms)
{
	for (size_t i = 0; i < set->lead; i++) {
		int64_t mtime_ms = set->open[i]->stat.mtime_ms;

		if (mtime_ms < began_ms && mtime_ms > (int64_t)set->stamp_ms)
			set->stamp_ms = (uint64_t)mtime_ms;
	}
}
