/*
 * snapshot_take.c - listing, looking, listing again.
 *
 *	entries      the names that a listing has
 *	candidates   the same, looked at, and the newest of them open
 */
#include "config.h"

#include "source/snapshot_take.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/result.h"
#include "base/shortage.h"
#include "source/fingerprint.h"
#include "source/listing.h"
#include "source/snapshot_order.h"
#include "source/walk.h"

/*
 * What could not be opened: 1 when it is kept, out of reach as a compressed one
 * is, or not to be read yet; 0 when it is no file; RESULT_NONE when it has
 * gone; else why: a shortage, or the log itself, is not a reason to pass over a
 * file in silence.  Nor is a stale handle: what has gone has no name any more.
 */
static int
keep_unopened(struct candidate *entry, int error)
{
	if (is_shortage(error))
		return error;
	if (error == -ENOENT)
		return RESULT_NONE;
	if (walk_is_gone(error) && error != -ESTALE)
		return 0;
	if (entry->current && error != -EACCES)
		return error;
	entry->compressed = true;
	entry->file = fingerprint_file(&entry->stat);
	return 1;
}

/* Whether the entry is a file that is held, and is read as such. */
static bool
borrow(struct candidate *entry, const struct snapshot_held *held)
{
	const struct log_file *file = snapshot_find_held(held, &entry->stat);

	if (file == NULL || sse_fd_stat(file->fd, &entry->stat) != 0)
		return false;
	entry->fd = file->fd;
	entry->lent = true;
	entry->file = fingerprint_file(&entry->stat);
	return true;
}

/* What nobody can say shows when it is opened. */
static bool
may_not_be_read(const struct listing *listing, const struct candidate *entry)
{
	struct readable *readable = &listing->cache->readable;
	int error;

	if (readable_knows(readable, &entry->stat))
		return false;
	error = sse_name_readable(listing->directory, entry->name);
	if (error == 0)
		readable_add(readable, &entry->stat, listing->now_ms);
	return error == -EACCES;
}

/* Who it is, and whether it may be read: as open_entry(). */
static int
look_at_entry(const struct listing *listing, struct candidate *entry)
{
	int error = 0;

	if (entry->stat.mode == 0)
		error = sse_name_stat(
		    listing->directory, entry->name, &entry->stat);
	if (error == 0 && !S_ISREG(entry->stat.mode))
		return 0;
	if (error == 0 && may_not_be_read(listing, entry))
		error = -EACCES;
	if (error < 0)
		return keep_unopened(entry, error);
	entry->file = fingerprint_file(&entry->stat);
	return 1;
}

/*
 * Opens an entry: 1, 0 where it is no file, RESULT_NONE where it has gone, or
 * an error.  A compressed one is not read, and its name and times are all that
 * matters.
 */
static int
open_entry(const struct listing *listing, struct candidate *entry)
{
	int error;

	entry->fd = walk_open_name(
	    listing->directory, entry->name, S_IFREG, O_RDONLY, &entry->stat);
	error = entry->fd < 0 ? entry->fd : 0;
	if (error != 0)
		entry->fd = -1;
	if (error == RESULT_WRONG_KIND)
		return 0;
	if (error < 0)
		return keep_unopened(entry, error);
	entry->file = fingerprint_file(&entry->stat);
	return 1;
}

static const struct candidate *
find_name(const struct snapshot *snapshot, const struct candidate *other)
{
	for (size_t i = 0; i < snapshot->count; i++)
		if (snapshot->candidates[i].current == other->current &&
		    strcmp(snapshot->candidates[i].name, other->name) == 0)
			return &snapshot->candidates[i];
	return NULL;
}

/* As open_entry(), if that is needed. */
static int
take_entry(const struct listing *listing, struct candidate *entry,
    const struct snapshot_held *held, bool is_new)
{
	if (entry->compressed || borrow(entry, held))
		return 1;
	return is_new ? open_entry(listing, entry)
		      : look_at_entry(listing, entry);
}

/*
 * The newest, which are the last, are opened.  What has gone is not listed any
 * more: if it is listed again, it is new.
 */
static int
open_newest(const struct listing *listing, struct snapshot *entries,
    struct snapshot *listed, const struct snapshot_held *held)
{
	size_t i = 0;

	while (i < entries->count) {
		struct candidate *entry = &entries->candidates[i];
		int kept = take_entry(listing, entry, held,
		    entries->count - i <= SNAPSHOT_OPEN_MAX);

		if (kept == 1) {
			i++;
			continue;
		}
		if (kept == RESULT_NONE)
			snapshot_remove(
			    listed, (size_t)(find_name(listed, entry) -
					     listed->candidates));
		else if (kept < 0)
			return kept;
		snapshot_remove(entries, i);
	}
	return 0;
}

/* Everything that was opened still has its name. */
static bool
still_there(const struct snapshot *opened, const struct snapshot *again)
{
	for (size_t i = 0; i < opened->count; i++) {
		const struct candidate *one = &opened->candidates[i];
		const struct candidate *now = find_name(again, one);

		if (now == NULL ||
		    !fingerprint_same_file(&one->stat, &now->stat))
			return false;
	}
	return true;
}

/* Nothing has come that was not listed (what cannot be opened aside). */
static bool
nothing_new(const struct snapshot *listed, const struct snapshot *again)
{
	for (size_t i = 0; i < again->count; i++)
		if (find_name(listed, &again->candidates[i]) == NULL)
			return false;
	return true;
}

static int
copy_names(const struct snapshot *from, struct snapshot *to)
{
	for (size_t i = 0; i < from->count; i++) {
		int error =
		    snapshot_insert(to, to->count, &from->candidates[i]);

		if (error != 0)
			return error;
	}
	return 0;
}

/* Whether the names that were opened are those of the listing now. */
static int
agree(const struct listing *listing, const struct snapshot *listed,
    const struct snapshot *opened, bool *ret_agree)
{
	struct snapshot again = {0};
	int error = listing_take(listing, true, &again);

	*ret_agree = error == 0 && still_there(opened, &again) &&
		     nothing_new(listed, &again);
	snapshot_done(&again);
	return error;
}

/*
 * One round; *ret_agree says whether both listings were the same.  Where no
 * name has come or gone, and each was there, nothing has to be compared.
 */
static int
collect(struct listing *listing, const struct snapshot_held *held,
    struct snapshot *opened, bool *ret_agree)
{
	struct snapshot listed = {0};
	int error = listing_refresh(listing);
	uint64_t changes = listing_changes(listing);
	size_t count = 0;

	if (error == 0)
		error = listing_take(listing, held->count > 0, opened);
	if (error == 0)
		error = copy_names(opened, &listed);
	count = listed.count;
	if (error == 0)
		error = open_newest(listing, opened, &listed, held);
	if (error == 0)
		error = listing_refresh(listing);
	if (error == 0 && listing_changes(listing) == changes &&
	    listed.count == count) {
		opened->changes = changes;
		*ret_agree = true;
	} else if (error == 0) {
		error = agree(listing, &listed, opened, ret_agree);
	}
	snapshot_done(&listed);
	return error;
}

/* The folder stays open, since candidates are opened later. */
static void
take_folder(struct listing *listing, struct snapshot *taken)
{
	struct sse_file_stat stat;

	taken->has_folder = true;
	taken->folder = listing->directory;
	taken->is_guarded = sse_fd_stat(listing->directory, &stat) == 0 &&
			    walk_is_guarded(&stat);
	listing->directory = -1;
}

int
snapshot_take(struct snapshot *snapshot, const struct log_names *names,
    int64_t now_ms, struct listing_cache *cache,
    const struct snapshot_held *held)
{
	const struct snapshot_held none = {NULL, 0};
	struct snapshot taken = {0};
	bool agrees = false;
	int error = 0;

	for (int i = 0; i < SNAPSHOT_TRIES_MAX && error == 0 && !agrees; i++) {
		struct listing listing;

		snapshot_done(&taken);
		error = listing_open(&listing, names, cache, now_ms);
		if (error != 0)
			break;
		error = collect(
		    &listing, held != NULL ? held : &none, &taken, &agrees);
		take_folder(&listing, &taken);
		listing_close(&listing);
	}
	if (error != 0) {
		snapshot_done(&taken);
		return error;
	}
	snapshot_order(&taken);
	*snapshot = taken;
	return 0;
}

int
snapshot_take_searched(struct snapshot *snapshot, const struct log_names *names,
    int64_t now_ms, struct listing_cache *cache)
{
	int error = snapshot_take(snapshot, names, now_ms, cache, NULL);

	if (error != 0)
		return error == -ENOENT ? RESULT_NONE : error;
	if (snapshot_awaits_current(snapshot))
		return -EACCES;
	return snapshot->count > 0 ? 0 : RESULT_NONE;
}

/* Whether a file that has kept its name is what it was. */
static bool
is_still(const struct listing *listing, const struct candidate *candidate)
{
	struct sse_file_stat now;
	int error = candidate->fd >= 0 ? sse_fd_stat(candidate->fd, &now)
				       : sse_name_stat(listing->directory,
					     candidate->name, &now);

	return error == 0 && snapshot_same_state(&now, &candidate->stat);
}

bool
snapshot_is_still(const struct snapshot *snapshot,
    const struct log_names *names, struct listing_cache *cache, int64_t now_ms)
{
	struct listing listing;
	bool still;

	if (cache == NULL || snapshot->changes == 0 ||
	    listing_open(&listing, names, cache, now_ms) != 0)
		return false;
	still = listing_refresh(&listing) == 0 &&
		listing_changes(&listing) == snapshot->changes;
	for (size_t i = 0; i < snapshot->count && still; i++)
		still = is_still(&listing, &snapshot->candidates[i]);
	listing_close(&listing);
	return still;
}
