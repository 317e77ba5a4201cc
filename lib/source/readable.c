/*
 * readable.c - files that were found to be readable.
 */
#include "config.h"

#include "source/readable.h"

/* Files of one folder often have inodes that follow one another. */
static size_t
place_of(const struct sse_file_stat *stat)
{
	return stat->inode % READABLE_MAX;
}

bool
readable_knows(
    const struct readable *readable, const struct sse_file_stat *stat)
{
	const struct readable_file *file = &readable->files[place_of(stat)];

	return file->inode == stat->inode && file->device == stat->device &&
	       file->birth_ns == stat->birth_ns &&
	       file->ctime_ms == stat->ctime_ms;
}

void
readable_add(
    struct readable *readable, const struct sse_file_stat *stat, int64_t now_ms)
{
	if (now_ms - stat->ctime_ms < READABLE_REST_MS)
		return;
	readable->files[place_of(stat)] = (struct readable_file){
	    .device = stat->device,
	    .inode = stat->inode,
	    .birth_ns = stat->birth_ns,
	    .ctime_ms = stat->ctime_ms,
	};
}
