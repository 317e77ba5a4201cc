/*
 * snapshot.c - listing, opening, listing again.
 *
 *	place        where the log is: the directory of the path's target, and
 *	             the name there
 *	entries      names there that are the log's
 *	candidates   the same, open
 */
#include "config.h"

#include "snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence.h"

struct place {
	const struct log_names *names;
	int64_t now_ms;
	int directory;
	struct log_base base;
	bool shared; /* the folder has files that are none of the log's */
};

static int
open_directory(const char *path, const char *slash)
{
	if (slash == NULL)
		path = ".";
	else if (slash == path)
		path = "/";
	/* O_PATH: a directory that may only be passed through will do. */
	return sse_fd_open(path, O_PATH | O_DIRECTORY);
}

/* Resolves links as far as they lead; of a file that is missing, the path. */
static int
resolve_links(const struct log_names *names, char **ret_whole)
{
	const char *path = log_names_path(names);
	char *whole = log_names_are_dated(names) ? NULL : realpath(path, NULL);

	if (whole == NULL && !log_names_are_dated(names) && errno != ENOENT)
		return -errno;
	if (whole == NULL)
		whole = strdup(path);
	*ret_whole = whole;
	return whole != NULL ? 0 : -ENOMEM;
}

static int
place_open(struct place *place, const struct log_names *names, int64_t now_ms)
{
	char *whole = NULL, *slash;
	const char *name;
	int error = resolve_links(names, &whole);

	if (error != 0)
		return error;
	*place = (struct place){.names = names, .now_ms = now_ms};
	slash = strrchr(whole, '/');
	name = slash != NULL ? slash + 1 : whole;
	if (strlen(name) > NAME_MAX || name[0] == '\0')
		error = -ENAMETOOLONG;
	else
		log_base_init(&place->base, names, name);
	if (slash != NULL)
		*slash = '\0';
	if (error == 0) {
		error = open_directory(whole, slash);
		place->directory = error;
	}
	free(whole);
	return error < 0 ? error : 0;
}

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

	if (error != 0)
		return error;
	at = snapshot->candidates + index;
	memmove(at + 1, at, (snapshot->count - index) * sizeof(*at));
	*at = *candidate;
	snapshot->count++;
	return 0;
}

static void
remove_at(struct snapshot *snapshot, size_t index)
{
	struct candidate *at = snapshot->candidates + index;

	sse_fd_close(at->fd);
	snapshot->count--;
	memmove(at, at + 1, (snapshot->count - index) * sizeof(*at));
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
	remove_at(snapshot, (size_t)(oldest - snapshot->candidates));
	return snapshot_insert(snapshot, snapshot->count, candidate);
}

/* Whether a name beside the log says that the folder is not the log's alone. */
static bool
is_foreign(const struct place *place, const char *name)
{
	return place->base.link.kind == LINK_NUMBER && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0 &&
	       !link_pattern_is_own(&place->base.link, name);
}

/* Of what others may give back: no reason to pass over a file. */
static bool
is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

/*
 * Adds a name of the log, if it is that of a regular file.  What nobody can
 * look at may be one, and is out of reach.
 */
static int
add_candidate(const struct place *place, struct candidate *found,
    struct snapshot *entries)
{
	int error = sse_name_stat(place->directory, found->name, &found->stat);

	if (error == -ENOENT || (error == 0 && !S_ISREG(found->stat.mode)))
		return 0;
	if (is_shortage(error))
		return error;
	found->compressed = found->rank.compressed || error != 0;
	if (found->rank.scheme == LOG_DATED &&
	    !log_rank_is_due(&found->rank, place->now_ms, found->stat.mtime_ms))
		return 0;
	return add_bounded(entries, found);
}

/* An entry of the folder with that index: 0, or a shortage. */
static int
add_name(struct place *place, size_t folder, const char *name,
    struct snapshot *entries)
{
	struct candidate found = {.fd = -1};

	if (!log_names_rank(
		place->names, &place->base, folder, name, &found.rank)) {
		place->shared = place->shared || is_foreign(place, name);
		return 0;
	}
	(void)snprintf(found.name, sizeof(found.name), "%s%s",
	    log_names_folder(place->names, folder), name);
	return add_candidate(place, &found, entries);
}

/* The next entry, or NULL; and why, if that is not the end. */
static const struct dirent *
read_entry(DIR *listing, int *ret_error)
{
	const struct dirent *entry;

	errno = 0;
	entry = readdir(listing);
	*ret_error = entry == NULL ? -errno : 0;
	return entry;
}

/* Names only: nothing is opened yet. */
static int
list_folder(struct place *place, size_t folder, struct snapshot *entries)
{
	const char *name = log_names_folder(place->names, folder);
	int fd = sse_fd_open_at(place->directory, name[0] != '\0' ? name : ".",
	    O_RDONLY | O_DIRECTORY);
	DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	int error = 0;

	if (listing == NULL) {
		error = fd >= 0 ? -errno : fd;
		sse_fd_close(fd);
		return error;
	}
	while (error == 0 && (entry = read_entry(listing, &error)) != NULL)
		error = add_name(place, folder, entry->d_name, entries);
	closedir(listing);
	return error;
}

/* Numbers say nothing in a folder that is shared with others. */
static void
drop_numbers(const struct place *place, struct snapshot *entries)
{
	size_t i = 0;

	while (i < entries->count)
		if (place->shared && place->base.link.kind == LINK_NUMBER &&
		    entries->candidates[i].rank.scheme == LOG_LINK)
			remove_at(entries, i);
		else
			i++;
}

/*
 * Where the log's own folder may not be read, the log itself is all that can
 * be seen; with dates not even that.  A folder below may be missing.
 */
static int
list(struct place *place, struct snapshot *entries)
{
	bool dated = log_names_are_dated(place->names);
	int error = list_folder(place, 0, entries);

	if (error == -EACCES && !dated)
		error = 0;
	for (size_t i = 1; error == 0 && i < log_names_folders(place->names);
	     i++) {
		error = list_folder(place, i, entries);
		if (error != -ENOMEM && error != -EMFILE && error != -ENFILE)
			error = 0;
	}
	drop_numbers(place, entries);
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
add_current(const struct place *place, struct snapshot *entries)
{
	struct candidate found = {.fd = -1, .current = true};
	int error;

	if (log_names_are_dated(place->names)) {
		choose_current(entries);
		return 0;
	}
	(void)snprintf(found.name, sizeof(found.name), "%s", place->base.name);
	error = sse_name_stat(place->directory, found.name, &found.stat);
	if (error != 0)
		return error == -ENOENT ? 0 : error;
	if (!S_ISREG(found.stat.mode))
		return 0;
	return snapshot_insert(entries, entries->count, &found);
}

static int
list_all(struct place *place, struct snapshot *entries)
{
	int error = list(place, entries);

	return error != 0 ? error : add_current(place, entries);
}

/* Whether it has gone, or is no regular file any more. */
static bool
is_none(int error)
{
	return error == -ENOENT || error == -ELOOP || error == -ENXIO ||
	       error == -ENODEV || error == -EISDIR || error == -ESTALE;
}

/*
 * What could not be opened: 1 when it is kept, out of reach as a compressed one
 * is, or not to be read yet; 0 when it is dropped, as it has gone or is none;
 * else why: a shortage, or the log itself, is no reason to pass over a file in
 * silence.
 */
static int
keep_unopened(struct candidate *entry, int error)
{
	if (is_shortage(error))
		return error;
	if (is_none(error))
		return 0;
	if (entry->current && error != -EACCES)
		return error;
	entry->compressed = true;
	entry->file = evidence_file(&entry->stat);
	return 1;
}

/*
 * Opens an entry: 1, 0 when it is dropped, or an error.  A compressed one is
 * not read, and its name and times are all that matters.
 */
static int
open_entry(const struct place *place, struct candidate *entry)
{
	int error;

	if (entry->compressed)
		return 1;
	entry->fd = sse_fd_open_at(
	    place->directory, entry->name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
	error =
	    entry->fd < 0 ? entry->fd : sse_fd_stat(entry->fd, &entry->stat);
	if (error != 0 && entry->fd < 0)
		entry->fd = -1;
	if (error < 0)
		return keep_unopened(entry, error);
	if (!S_ISREG(entry->stat.mode))
		return 0;
	entry->file = evidence_file(&entry->stat);
	return 1;
}

static int
open_all(const struct place *place, struct snapshot *entries)
{
	size_t i = 0;
	int kept = 1;

	while (i < entries->count && kept >= 0) {
		kept = open_entry(place, &entries->candidates[i]);
		if (kept == 0)
			remove_at(entries, i);
		else
			i++;
	}
	return kept < 0 ? kept : 0;
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

/* Everything that was opened still has its name. */
static bool
still_there(const struct snapshot *opened, const struct snapshot *again)
{
	for (size_t i = 0; i < opened->count; i++) {
		const struct candidate *one = &opened->candidates[i];
		const struct candidate *now = find_name(again, one);

		if (now == NULL || !evidence_same_file(&one->stat, &now->stat))
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

/* One round; *ret_agree says whether both listings were the same. */
static int
collect(struct place *place, struct snapshot *opened, bool *ret_agree)
{
	struct snapshot listed = {0}, again = {0};
	int error = list_all(place, opened);

	if (error == 0)
		error = copy_names(opened, &listed);
	if (error == 0)
		error = open_all(place, opened);
	if (error == 0)
		error = list_all(place, &again);
	*ret_agree = error == 0 && still_there(opened, &again) &&
		     nothing_new(&listed, &again);
	snapshot_done(&listed);
	snapshot_done(&again);
	return error;
}

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
			remove_at(snapshot, i);
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
			remove_at(snapshot, i);
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
		       !evidence_same_file(&snapshot->candidates[i].stat,
			   &snapshot->candidates[j].stat))
			j++;
		if (j < snapshot->count)
			remove_at(snapshot, i);
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

int
snapshot_take(
    struct snapshot *snapshot, const struct log_names *names, int64_t now_ms)
{
	struct snapshot taken = {0};
	bool agree = false;
	int error = 0;

	for (int i = 0; i < SNAPSHOT_TRIES_MAX && error == 0 && !agree; i++) {
		struct place place;

		snapshot_done(&taken);
		error = place_open(&place, names, now_ms);
		if (error != 0)
			break;
		error = collect(&place, &taken, &agree);
		sse_fd_close(place.directory);
	}
	if (error != 0) {
		snapshot_done(&taken);
		return error;
	}
	drop_foreign(&taken);
	drop_second_names(&taken);
	drop_twins(&taken);
	sort(&taken);
	*snapshot = taken;
	return 0;
}

int
snapshot_find_current(
    const struct log_names *names, int64_t now_ms, char ret_name[NAME_MAX + 1])
{
	struct snapshot entries = {0};
	const struct candidate *current;
	struct place place;
	int error = place_open(&place, names, now_ms);

	if (error != 0)
		return error;
	error = list_folder(&place, 0, &entries);
	sse_fd_close(place.directory);
	choose_current(&entries);
	current = snapshot_current(&entries);
	ret_name[0] = '\0';
	if (current != NULL)
		(void)snprintf(
		    ret_name, NAME_MAX + 1, "%.*s", NAME_MAX, current->name);
	snapshot_done(&entries);
	return error;
}

void
snapshot_done(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->count; i++)
		sse_fd_close(snapshot->candidates[i].fd);
	free(snapshot->candidates);
	*snapshot = (struct snapshot){0};
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
	struct evidence evidence;
	int error = evidence_load(&evidence, candidate->fd, offset);

	if (error != 0)
		return error;
	*ret_position = (struct sse_position){
	    .stamp_ms = stamp_before(snapshot, index),
	    .file = candidate->file,
	    .offset = offset,
	    .check = evidence_check(&evidence),
	};
	return 0;
}

bool
snapshot_equal(const struct snapshot *a, const struct snapshot *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct sse_file_stat *one = &a->candidates[i].stat;
		const struct sse_file_stat *other = &b->candidates[i].stat;

		if (!evidence_same_file(one, other) ||
		    one->size != other->size ||
		    one->mtime_ms != other->mtime_ms)
			return false;
	}
	return true;
}
