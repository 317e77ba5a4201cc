/*
 * snapshot_order.c - the generations that are the log's, from the oldest on.
 */
#include "config.h"

#include "source/snapshot_order.h"

#include <assert.h>
#include <string.h>

#include "source/fingerprint.h"

/* Another's file beside the log is none of its generations. */
static void
drop_foreign(struct snapshot *snapshot)
{
	const struct candidate *current = snapshot_current(snapshot);
	uint32_t owner;
	size_t i = 0;

	if (current == NULL)
		return;
	owner = current->stat.owner;
	while (i < snapshot->count)
		if (snapshot->candidates[i].stat.owner == owner ||
		    snapshot->candidates[i].stat.mode == 0) {
			i++;
		} else {
			snapshot_remove(snapshot, i);
			snapshot->foreign = true;
		}
}

/* Whether NAME stands beside this NAME.gz: then it is being compressed. */
static bool
has_plain_twin(
    const struct snapshot *snapshot, const struct candidate *compressed)
{
	const char *suffix = strrchr(compressed->name, '.');
	size_t size = (size_t)(suffix - compressed->name);

	for (size_t i = 0; i < snapshot->count; i++) {
		const char *name = snapshot->candidates[i].name;

		if (strlen(name) == size &&
		    memcmp(name, compressed->name, size) == 0)
			return true;
	}
	return false;
}

static void
drop_twins(struct snapshot *snapshot)
{
	size_t i = 0;

	while (i < snapshot->count)
		if (snapshot->candidates[i].rank.compressed &&
		    has_plain_twin(snapshot, &snapshot->candidates[i]))
			snapshot_remove(snapshot, i);
		else
			i++;
}

/* A file with two names is there once: the current file, or any of both. */
static void
drop_second_names(struct snapshot *snapshot)
{
	size_t i = 0;

	while (i < snapshot->count) {
		size_t j = i + 1;

		while (j < snapshot->count &&
		       !fingerprint_same_file(&snapshot->candidates[i].stat,
			   &snapshot->candidates[j].stat))
			j++;
		if (j < snapshot->count)
			snapshot_remove(snapshot, i);
		else
			i++;
	}
}

static bool
is_older(const struct candidate *a, const struct candidate *b)
{
	int order;

	if (a->current || b->current)
		return b->current && !a->current;
	order = log_rank_compare(&a->rank, &b->rank);
	if (order != 0)
		return order < 0;
	if (a->stat.mtime_ms != b->stat.mtime_ms)
		return a->stat.mtime_ms < b->stat.mtime_ms;
	return a->stat.birth_ns >= 0 && a->stat.birth_ns < b->stat.birth_ns;
}

/*
 * Insertion: names of unlike schemes are ordered by time, so there may be no
 * order that holds for all, and a library's sort could not bear that.
 */
static void
sort(struct snapshot *snapshot)
{
	for (size_t i = 1; i < snapshot->count; i++) {
		struct candidate moving = snapshot->candidates[i];
		size_t j = i;

		for (; j > 0 && is_older(&moving, &snapshot->candidates[j - 1]);
		     j--)
			snapshot->candidates[j] = snapshot->candidates[j - 1];
		snapshot->candidates[j] = moving;
	}
}

/* LOG.1, LOG.2 */
static bool
is_numbered(const struct candidate *candidate)
{
	return !candidate->current && candidate->rank.scheme == LOG_ROTATION &&
	       !candidate->rank.rotation.is_date;
}

/* A file that was made by a copy, or as an example, was written at once. */
#define LIFE_MIN_MS 1000

static bool
has_lived(const struct sse_file_stat *stat)
{
	return stat->birth_ns >= 0 &&
	       stat->mtime_ms - stat->birth_ns / 1000000 >= LIFE_MIN_MS;
}

/* By both of its times: a late line changes one of them. */
static bool
came_after(const struct sse_file_stat *a, const struct sse_file_stat *b)
{
	return a->birth_ns > b->birth_ns && a->mtime_ms >= b->mtime_ms;
}

/*
 * Whether numbers go up, as log4j2's do: all files came in their order, and the
 * log, if it is there, after them.  When a file was compressed, or could not be
 * looked at, says nothing.
 */
static bool
numbers_grow(const struct snapshot *snapshot)
{
	const struct candidate *last = snapshot_current(snapshot);
	size_t count = 0;

	for (size_t i = 0; i < snapshot->count; i++) {
		const struct candidate *next = &snapshot->candidates[i];

		if (!is_numbered(next) || next->rank.compressed ||
		    next->stat.mode == 0)
			continue;
		if (!has_lived(&next->stat) ||
		    (last != NULL && !came_after(&last->stat, &next->stat)))
			return false;
		last = next;
		count++;
	}
	return count > 1;
}

static void
let_numbers_grow(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		if (is_numbered(&snapshot->candidates[i]))
			snapshot->candidates[i].rank.grows = true;
	sort(snapshot);
}

static bool
current_is_last(const struct snapshot *snapshot)
{
	for (size_t i = 0; i + 1 < snapshot->count; i++)
		if (snapshot->candidates[i].current)
			return false;
	return true;
}

void
snapshot_order(struct snapshot *snapshot)
{
	drop_foreign(snapshot);
	drop_second_names(snapshot);
	drop_twins(snapshot);
	sort(snapshot);
	if (numbers_grow(snapshot))
		let_numbers_grow(snapshot);
	assert(current_is_last(snapshot));
}
