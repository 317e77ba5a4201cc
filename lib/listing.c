/*
 * listing.c - the names beside a log that are its own.
 */
#include "config.h"

#include "listing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "walk.h"

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
listing_open(
    struct listing *listing, const struct log_names *names, int64_t now_ms)
{
	struct walk walk;
	int error = find(&walk, names);

	if (error != 0)
		return error;
	*listing = (struct listing){
	    .names = names,
	    .now_ms = now_ms,
	    .directory = walk.folder,
	};
	log_base_init(&listing->base, names, walk.name);
	sse_fd_close(walk.fd);
	return 0;
}

bool
listing_is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

/* By date where both have one, else by modification time. */
static bool
is_less_wanted(const struct candidate *a, const struct candidate *b)
{
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

/* Whether a name beside the log says that the folder is not the log's alone. */
static bool
is_foreign(const struct listing *listing, const char *name)
{
	return listing->base.link.kind == LINK_NUMBER &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       !link_pattern_is_own(&listing->base.link, name);
}

/*
 * Adds a name of the log, if it is that of a regular file.  What nobody can
 * look at may be one, and is out of reach.
 */
static int
add_candidate(const struct listing *listing, struct candidate *found,
    struct snapshot *entries)
{
	int error =
	    sse_name_stat(listing->directory, found->name, &found->stat);

	if (error == -ENOENT || (error == 0 && !S_ISREG(found->stat.mode)))
		return 0;
	if (listing_is_shortage(error))
		return error;
	found->compressed = found->rank.compressed || error != 0;
	if (found->rank.scheme == LOG_DATED &&
	    !log_rank_is_due(
		&found->rank, listing->now_ms, found->stat.mtime_ms))
		return 0;
	return add_bounded(entries, found);
}

/* An entry of the folder with that index: 0, or a shortage. */
static int
add_name(struct listing *listing, size_t folder, const char *name,
    struct snapshot *entries)
{
	struct candidate found = {.fd = -1};

	if (!log_names_rank(
		listing->names, &listing->base, folder, name, &found.rank)) {
		listing->shared = listing->shared || is_foreign(listing, name);
		return 0;
	}
	(void)snprintf(found.name, sizeof(found.name), "%s%s",
	    log_names_folder(listing->names, folder), name);
	return add_candidate(listing, &found, entries);
}

/* The next entry, or NULL; and why, if that is not the end. */
static const struct dirent *
read_entry(DIR *directory, int *ret_error)
{
	const struct dirent *entry;

	errno = 0;
	entry = readdir(directory);
	*ret_error = entry == NULL ? -errno : 0;
	return entry;
}

/* The log's own folder, or one below, to be listed. */
static int
open_folder(const struct listing *listing, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY;
	struct walk walk;
	int fd, error;

	if (name[0] == '\0')
		return sse_fd_open_at(listing->directory, ".", flags);
	error = walk_from(&walk, listing->directory, name);
	if (error != 0)
		return error;
	fd = sse_fd_open_at(walk.fd, ".", flags);
	walk_done(&walk);
	return fd;
}

/* Names only: nothing is opened yet. */
static int
list_folder(struct listing *listing, size_t folder, struct snapshot *entries)
{
	const char *name = log_names_folder(listing->names, folder);
	int fd = open_folder(listing, name);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	int error = 0;

	if (directory == NULL) {
		error = fd >= 0 ? -errno : fd;
		sse_fd_close(fd);
		return error;
	}
	while (error == 0 && (entry = read_entry(directory, &error)) != NULL)
		error = add_name(listing, folder, entry->d_name, entries);
	closedir(directory);
	return error;
}

/* Numbers say nothing in a folder that is shared with others. */
static void
drop_numbers(const struct listing *listing, struct snapshot *entries)
{
	size_t i = 0;

	while (i < entries->count)
		if (listing->shared && listing->base.link.kind == LINK_NUMBER &&
		    entries->candidates[i].rank.scheme == LOG_LINK)
			snapshot_remove(entries, i);
		else
			i++;
}

/*
 * Where the log's own folder may not be read, the log itself is all that can
 * be seen; with dates not even that.  A folder below may be missing.
 */
static int
list(struct listing *listing, struct snapshot *entries)
{
	bool dated = log_names_are_dated(listing->names);
	int error = list_folder(listing, 0, entries);

	if (error == -EACCES && !dated)
		error = 0;
	for (size_t i = 1; error == 0 && i < log_names_folders(listing->names);
	     i++) {
		error = list_folder(listing, i, entries);
		if (error != -ENOMEM && error != -EMFILE && error != -ENFILE)
			error = 0;
	}
	drop_numbers(listing, entries);
	return error;
}

/* The newest of the log's dates becomes the current file. */
static void
choose_current(struct snapshot *entries)
{
	struct candidate *candidates = entries->candidates, newest;
	size_t at = SIZE_MAX;

	for (size_t i = 0; i < entries->count; i++)
		if (candidates[i].rank.scheme == LOG_DATED &&
		    !candidates[i].compressed &&
		    (at == SIZE_MAX || log_rank_compare(&candidates[i].rank,
					   &candidates[at].rank) > 0))
			at = i;
	if (at == SIZE_MAX)
		return;
	newest = candidates[at];
	newest.current = true;
	memmove(candidates + at, candidates + at + 1,
	    (entries->count - at - 1) * sizeof(newest));
	candidates[entries->count - 1] = newest;
}

/* The log itself: by name, so that its target is the one that was listed. */
static int
add_current(const struct listing *listing, struct snapshot *entries)
{
	struct candidate found = {.fd = -1, .current = true};
	int error;

	if (log_names_are_dated(listing->names)) {
		choose_current(entries);
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
listing_take(struct listing *listing, struct snapshot *entries)
{
	int error = list(listing, entries);

	return error != 0 ? error : add_current(listing, entries);
}

int
listing_find_current(
    const struct log_names *names, int64_t now_ms, char ret_name[NAME_MAX + 1])
{
	struct snapshot entries = {0};
	const struct candidate *current;
	struct listing listing;
	int error = listing_open(&listing, names, now_ms);

	if (error != 0)
		return error;
	error = list_folder(&listing, 0, &entries);
	sse_fd_close(listing.directory);
	choose_current(&entries);
	current = snapshot_current(&entries);
	ret_name[0] = '\0';
	if (current != NULL)
		(void)snprintf(
		    ret_name, NAME_MAX + 1, "%.*s", NAME_MAX, current->name);
	snapshot_done(&entries);
	return error;
}
