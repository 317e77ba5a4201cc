/*
 * snapshot.c - the files of a log as they were at one moment.
 */
#include "config.h"

#include "source/snapshot.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "source/fingerprint.h"
#include "source/walk.h"

static int
reserve(struct snapshot *snapshot)
{
	size_t capacity = snapshot->capacity > 0 ? 2 * snapshot->capacity : 8;
	struct candidate *candidates;

	if (snapshot->count < snapshot->capacity)
		return 0;
	candidates =
	    reallocarray(snapshot->candidates, capacity, sizeof(*candidates));
	if (candidates == NULL)
		return -ENOMEM;
	snapshot->candidates = candidates;
	snapshot->capacity = capacity;
	return 0;
}

int
snapshot_insert(
    struct snapshot *snapshot, size_t index, const struct candidate *candidate)
{
	int error = reserve(snapshot);
	struct candidate *at;

	assert(index <= snapshot->count);
	if (error != 0)
		return error;
	at = snapshot->candidates + index;
	memmove(at + 1, at, (snapshot->count - index) * sizeof(*at));
	*at = *candidate;
	snapshot->count++;
	return 0;
}

static void
close_candidate(struct candidate *candidate)
{
	if (!candidate->lent)
		sse_fd_close(candidate->fd);
	candidate->fd = -1;
	candidate->lent = false;
}

void
snapshot_remove(struct snapshot *snapshot, size_t index)
{
	struct candidate *at = snapshot->candidates + index;

	assert(index < snapshot->count);
	close_candidate(at);
	snapshot->count--;
	memmove(at, at + 1, (snapshot->count - index) * sizeof(*at));
}

/*
 * By its name.  It was looked at, and where nobody can have put a device in its
 * place since, it need not be looked at again before it is opened.
 */
static int
open_name(const struct snapshot *snapshot, const struct candidate *candidate,
    struct sse_file_stat *ret_stat)
{
	const char *name = candidate->name;

	return snapshot->is_guarded && strchr(name, '/') == NULL
		   ? walk_open_known(
			 snapshot->folder, name, S_IFREG, O_RDONLY, ret_stat)
		   : walk_open_name(
			 snapshot->folder, name, S_IFREG, O_RDONLY, ret_stat);
}

int
snapshot_open(
    const struct snapshot *snapshot, const struct candidate *candidate)
{
	struct sse_file_stat stat;
	int fd = candidate->fd;

	if (fd >= 0)
		return fd;
	if (candidate->taken || candidate->compressed || !snapshot->has_folder)
		return RESULT_NONE;
	fd = open_name(snapshot, candidate, &stat);
	if (fd >= 0 && fingerprint_same_file(&stat, &candidate->stat))
		return fd;
	sse_fd_close(fd);
	return fd >= 0 || fd == RESULT_WRONG_KIND || walk_is_gone(fd)
		   ? RESULT_UNSETTLED
		   : fd;
}

void
snapshot_leave(const struct candidate *candidate, int fd)
{
	if (fd != candidate->fd)
		sse_fd_close(fd);
}

int
snapshot_take_fd(const struct snapshot *snapshot, struct candidate *candidate)
{
	int fd = snapshot_open(snapshot, candidate);

	if (candidate->lent) {
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		fd = fd < 0 ? -errno : fd;
	}
	if (fd < 0)
		return fd;
	candidate->fd = -1;
	candidate->lent = false;
	candidate->taken = true;
	return fd;
}

struct log_file *
snapshot_find_held(
    const struct snapshot_held *held, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < held->count; i++)
		if (fingerprint_same_file(&held->list[i]->stat, stat))
			return held->list[i];
	return NULL;
}

void
snapshot_close(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		close_candidate(&snapshot->candidates[i]);
	if (snapshot->has_folder)
		sse_fd_close(snapshot->folder);
	snapshot->has_folder = false;
}

void
snapshot_done(struct snapshot *snapshot)
{
	snapshot_close(snapshot);
	free(snapshot->candidates);
	*snapshot = (struct snapshot){0};
}

bool
snapshot_has(const struct snapshot *snapshot, const struct sse_file_stat *stat)
{
	for (size_t i = 0; i < snapshot->count; i++)
		if (fingerprint_same_file(&snapshot->candidates[i].stat, stat))
			return true;
	return false;
}

const struct candidate *
snapshot_current(const struct snapshot *snapshot)
{
	const struct candidate *last;

	if (snapshot->count == 0)
		return NULL;
	last = &snapshot->candidates[snapshot->count - 1];
	return last->current ? last : NULL;
}

bool
snapshot_is_unreadable(const struct candidate *candidate)
{
	return candidate->compressed && !candidate->rank.compressed;
}

bool
snapshot_awaits_current(const struct snapshot *snapshot)
{
	const struct candidate *current = snapshot_current(snapshot);

	return current != NULL && snapshot_is_unreadable(current);
}

/* The newest modification of all older generations. */
static uint64_t
stamp_before(const struct snapshot *snapshot, size_t index)
{
	int64_t stamp_ms = 0;

	for (size_t i = 0; i < index; i++)
		if (snapshot->candidates[i].stat.mtime_ms > stamp_ms)
			stamp_ms = snapshot->candidates[i].stat.mtime_ms;
	return (uint64_t)stamp_ms;
}

int
snapshot_position(const struct snapshot *snapshot, size_t index,
    uint64_t offset, struct sse_position *ret_position)
{
	const struct candidate *candidate = &snapshot->candidates[index];
	struct fingerprint fingerprint;
	int fd = snapshot_open(snapshot, candidate);
	int error = fd < 0 ? fd : fingerprint_load(&fingerprint, fd, offset);

	assert(index < snapshot->count);
	snapshot_leave(candidate, fd);
	if (error != 0)
		return error;
	*ret_position = (struct sse_position){
	    .stamp_ms = stamp_before(snapshot, index),
	    .file = candidate->file,
	    .offset = offset,
	    .check = fingerprint_check(&fingerprint),
	};
	return 0;
}

bool
snapshot_same_state(
    const struct sse_file_stat *one, const struct sse_file_stat *other)
{
	return fingerprint_same_file(one, other) && one->size == other->size &&
	       one->mtime_ms == other->mtime_ms;
}

bool
snapshot_equal(const struct snapshot *a, const struct snapshot *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!snapshot_same_state(
			&a->candidates[i].stat, &b->candidates[i].stat))
			return false;
	return true;
}
