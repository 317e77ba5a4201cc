/*
 * listing.c - the names beside a log that are its own.
 */
#include "config.h"

#include "source/listing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/shortage.h"
#include "source/walk.h"

/* The folder of a path as it is written, and the last name. */
static int
walk_to_folder(struct walk *walk, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char *folder = slash == NULL   ? strdup(".")
		       : slash == path ? strdup("/")
				       : strndup(path, (size_t)(slash - path));
	int error = folder != NULL ? walk_to(walk, folder) : -ENOMEM;

	free(folder);
	if (error != 0)
		return error;
	if (strlen(name) > NAME_MAX || name[0] == '\0')
		error = -ENAMETOOLONG;
	else if (!S_ISDIR(walk->stat.mode))
		error = -ENOTDIR;
	else
		(void)snprintf(walk->name, sizeof(walk->name), "%s", name);
	if (error != 0) {
		walk_done(walk);
		return error;
	}
	sse_fd_close(walk->folder);
	walk->folder = walk->fd;
	walk->fd = -1;
	return 0;
}

/* Resolves links as far as they lead; of a file that is missing, the path. */
static int
find(struct walk *walk, const struct log_names *names)
{
	const char *path = log_names_path(names);
	int error = -ENOENT;

	if (!log_names_are_dated(names))
		error = walk_to(walk, path);
	return error == -ENOENT ? walk_to_folder(walk, path) : error;
}

int
listing_open(struct listing *listing, const struct log_names *names,
    struct listing_cache *cache, int64_t now_ms)
{
	struct walk walk;
	int error = find(&walk, names);

	if (error != 0)
		return error;
	*listing = (struct listing){
	    .names = names,
	    .now_ms = now_ms,
	    .directory = walk.folder,
	    .cache = cache,
	};
	log_base_init(&listing->base, names, walk.name);
	sse_fd_close(walk.fd);
	listing_cache_init(&listing->own, names);
	if (cache == NULL)
		listing->cache = &listing->own;
	return 0;
}

void
listing_close(struct listing *listing)
{
	listing_cache_done(&listing->own);
	sse_fd_close(listing->directory);
}

int
listing_refresh(struct listing *listing)
{
	return listing_cache_refresh(listing->cache, listing->directory,
	    &listing->base, listing->now_ms);
}

uint64_t
listing_changes(const struct listing *listing)
{
	return listing->cache->changes;
}

/*
 * By date where both have one, else by modification time; but the current file
 * is wanted whatever its time is.
 */
static bool
is_less_wanted(const struct candidate *a, const struct candidate *b)
{
	if (a->current != b->current)
		return b->current;
	if (a->rank.scheme == LOG_DATED && b->rank.scheme == LOG_DATED)
		return log_rank_compare(&a->rank, &b->rank) < 0;
	return a->stat.mtime_ms < b->stat.mtime_ms;
}

/*
 * Keeps the newest when there are too many: older ones are the ones that a
 * position is least likely to be in.
 */
static int
add_bounded(struct snapshot *snapshot, const struct candidate *candidate)
{
	struct candidate *oldest = snapshot->candidates;

	if (snapshot->count < SNAPSHOT_CANDIDATES_MAX)
		return snapshot_insert(snapshot, snapshot->count, candidate);
	for (size_t i = 1; i < snapshot->count; i++)
		if (is_less_wanted(&snapshot->candidates[i], oldest))
			oldest = &snapshot->candidates[i];
	if (!is_less_wanted(oldest, candidate))
		return 0;
	snapshot_remove(snapshot, (size_t)(oldest - snapshot->candidates));
	return snapshot_insert(snapshot, snapshot->count, candidate);
}

/*
 * Looks at the file with a name of the log: 1; 0 when it is none.  What nobody
 * can look at may be one, and is out of reach.
 */
static int
look_at(const struct listing *listing, struct candidate *found)
{
	int error =
	    sse_name_stat(listing->directory, found->name, &found->stat);

	if (error == -ENOENT || (error == 0 && !S_ISREG(found->stat.mode)))
		return 0;
	if (is_shortage(error))
		return error;
	found->compressed = found->rank.compressed || error != 0;
	return found->rank.scheme != LOG_DATED ||
	       log_rank_is_due(
		   &found->rank, listing->now_ms, found->stat.mtime_ms);
}

/* Whether it has the newest of the log's dates, which comes before others. */
static bool
is_newest_date(const struct snapshot *entries, const struct candidate *found)
{
	if (found->rank.scheme != LOG_DATED || found->compressed)
		return false;
	for (size_t i = 0; i < entries->count; i++)
		if (entries->candidates[i].current)
			return false;
	return true;
}

/* Adds the file with a name of the log: 1; 0 when it is none. */
static int
add_name(const struct listing *listing, const struct set_name *name,
    bool is_looked_at, struct snapshot *entries)
{
	struct candidate found = {.fd = -1, .rank = name->rank};
	int got = 1;

	(void)snprintf(found.name, sizeof(found.name), "%s%s",
	    log_names_folder(listing->names, name->folder), name->name);
	if (is_looked_at || name->rank.compressed ||
	    name->rank.scheme == LOG_DATED)
		got = look_at(listing, &found);
	found.current = got == 1 && is_newest_date(entries, &found);
	if (got == 1 && add_bounded(entries, &found) != 0)
		got = -ENOMEM;
	return got;
}

/* Numbers say nothing in a folder that is shared with others. */
static bool
says_nothing(const struct listing *listing, const struct name_kind *kind)
{
	return listing->base.link.kind == LINK_NUMBER &&
	       listing->cache->stranger[0] != '\0' && kind->count > 0 &&
	       kind->names[0]->rank.scheme == LOG_LINK;
}

/* The newest names of a kind: older ones are not looked at. */
static int
add_kind(const struct listing *listing, const struct name_kind *kind,
    bool is_looked_at, struct snapshot *entries)
{
	size_t wanted = NAME_SET_WANTED;
	int got = 0;

	if (says_nothing(listing, kind))
		return 0;
	for (size_t i = kind->count; i-- > 0 && wanted > 0 && got >= 0;) {
		got = add_name(listing, kind->names[i], is_looked_at, entries);
		wanted -= got == 1;
	}
	return got < 0 ? got : 0;
}

/* They are sorted sooner when the oldest come first. */
static void
reverse(struct snapshot *entries)
{
	for (size_t i = 0; i < entries->count / 2; i++) {
		struct candidate *one = &entries->candidates[i];
		struct candidate *other =
		    &entries->candidates[entries->count - 1 - i];
		struct candidate moving = *one;

		*one = *other;
		*other = moving;
	}
}

/* Between kinds the times of the files say which are wanted. */
static int
add_kinds(
    const struct listing *listing, bool look_at_all, struct snapshot *entries)
{
	const struct name_set *set = &listing->cache->set;
	bool is_looked_at = look_at_all || set->kinds_count > 1;
	int error = 0;

	for (size_t i = 0; i < set->kinds_count && error == 0; i++)
		error = add_kind(listing, set->kinds[i], is_looked_at, entries);
	reverse(entries);
	return error;
}

/* The current file of dated names becomes the last. */
static void
put_current_last(struct snapshot *entries)
{
	struct candidate *candidates = entries->candidates, current;
	size_t at = 0;

	while (at < entries->count && !candidates[at].current)
		at++;
	if (at == entries->count)
		return;
	current = candidates[at];
	memmove(candidates + at, candidates + at + 1,
	    (entries->count - at - 1) * sizeof(current));
	candidates[entries->count - 1] = current;
}

/* The log itself: by name, so that its target is the one that was listed. */
static int
add_current(const struct listing *listing, struct snapshot *entries)
{
	struct candidate found = {.fd = -1, .current = true};
	int error;

	if (log_names_are_dated(listing->names)) {
		put_current_last(entries);
		return 0;
	}
	(void)snprintf(
	    found.name, sizeof(found.name), "%s", listing->base.name);
	error = sse_name_stat(listing->directory, found.name, &found.stat);
	if (error != 0)
		return error == -ENOENT ? 0 : error;
	if (!S_ISREG(found.stat.mode))
		return 0;
	return snapshot_insert(entries, entries->count, &found);
}

int
listing_take(
    const struct listing *listing, bool look_at_all, struct snapshot *entries)
{
	int error = add_kinds(listing, look_at_all, entries);

	return error != 0 ? error : add_current(listing, entries);
}

int
listing_find_current(const struct log_names *names, struct listing_cache *cache,
    int64_t now_ms, char ret_name[NAME_MAX + 1])
{
	struct snapshot entries = {0};
	const struct candidate *current;
	struct listing listing;
	int error = listing_open(&listing, names, cache, now_ms);

	if (error != 0)
		return error;
	error = listing_refresh(&listing);
	if (error == 0)
		error = add_kinds(&listing, false, &entries);
	listing_close(&listing);
	put_current_last(&entries);
	current = snapshot_current(&entries);
	ret_name[0] = '\0';
	if (current != NULL)
		(void)snprintf(
		    ret_name, NAME_MAX + 1, "%.*s", NAME_MAX, current->name);
	snapshot_done(&entries);
	return error;
}
