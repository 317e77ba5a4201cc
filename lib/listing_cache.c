/*
 * listing_cache.c - the names of a log in its folders.
 */
#include "config.h"

#include "listing_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "walk.h"

bool
listing_is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

/* ------------------------------------------------------- what is told -- */

static bool
is_numbered(const struct listing_cache *cache)
{
	return cache->base.link.kind == LINK_NUMBER;
}

/* Whether a name beside the log says that the folder is not the log's alone. */
static bool
is_stranger(const struct listing_cache *cache, const char *name)
{
	return is_numbered(cache) && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0 &&
	       !link_pattern_is_own(&cache->base.link, name);
}

static int
add_name(struct listing_cache *cache, size_t folder, const char *name,
    bool is_folder)
{
	struct log_rank rank;

	if (log_names_rank(cache->names, &cache->base, folder, name, &rank))
		return is_folder
			   ? 0
			   : name_set_add(&cache->set, folder, name, &rank);
	if (cache->stranger[0] == '\0' && is_stranger(cache, name)) {
		(void)snprintf(
		    cache->stranger, sizeof(cache->stranger), "%s", name);
		cache->changes++;
	}
	return 0;
}

/* There may be other strangers: only reading the folders tells. */
static void
drop_stranger(struct listing_cache *cache, const char *name)
{
	if (strcmp(cache->stranger, name) == 0)
		cache->is_kept = false;
}

static void
take_name(
    struct listing_cache *cache, size_t folder, const struct watch_news *news)
{
	const char *name = news->name;
	struct log_rank rank;
	bool ranks =
	    log_names_rank(cache->names, &cache->base, folder, name, &rank);

	if (ranks || (folder == 0 && strcmp(name, cache->base.name) == 0))
		cache->changes++;
	if (!news->came && ranks)
		name_set_drop(&cache->set, folder, name, &rank);
	else if (!news->came)
		drop_stranger(cache, name);
	else if (add_name(cache, folder, name, news->is_folder) != 0)
		cache->is_kept = false;
}

static void
take_news(void *context, const struct watch_news *news)
{
	struct listing_cache *cache = context;

	for (size_t i = 0; i < log_names_folders(cache->names); i++) {
		const struct listed_folder *folder = &cache->folders[i];

		if (!folder->there || folder->number < 0 ||
		    (news->folder >= 0 && news->folder != folder->number))
			continue;
		if (news->name != NULL)
			take_name(cache, i, news);
		else
			cache->is_kept = false;
	}
}

/* ---------------------------------------------------- made and unmade -- */

void
listing_cache_init(struct listing_cache *cache, const struct log_names *names)
{
	*cache = (struct listing_cache){.names = names};
	for (size_t i = 0; i < LISTING_FOLDERS_MAX; i++)
		cache->folders[i].number = -1;
}

void
listing_cache_done(struct listing_cache *cache)
{
	name_set_clear(&cache->set);
}

int
listing_cache_new(const char *source, const char *generations,
    struct watch *watch, struct listing_cache **ret_cache)
{
	struct listing_cache *cache = malloc(sizeof(*cache));
	struct log_names *names;
	int error = cache != NULL ? log_names_new(source, generations, &names)
				  : -ENOMEM;

	if (error != 0) {
		free(cache);
		return error;
	}
	listing_cache_init(cache, names);
	cache->own = names;
	cache->watch = watch;
	cache->listener =
	    (struct watch_listener){.tell = take_news, .context = cache};
	if (watch != NULL)
		watch_listen(watch, &cache->listener);
	*ret_cache = cache;
	return 0;
}

static void
forget_folder(struct listing_cache *cache, size_t folder)
{
	if (cache->folders[folder].number >= 0)
		watch_forget_folder(
		    cache->watch, cache->folders[folder].number);
	cache->folders[folder].number = -1;
}

void
listing_cache_free(struct listing_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < LISTING_FOLDERS_MAX; i++)
		forget_folder(cache, i);
	if (cache->watch != NULL)
		watch_unlisten(&cache->listener);
	listing_cache_done(cache);
	log_names_free(cache->own);
	free(cache);
}

/* ------------------------------------------------------------ looking -- */

/* The log's folders, open. */
struct open_folders {
	int fds[LISTING_FOLDERS_MAX]; /* -1: not there */
	struct sse_file_stat stats[LISTING_FOLDERS_MAX];
	size_t count;
};

/* The log's own folder, or one below, to be read. */
static int
open_folder(int directory, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY;
	struct walk walk;
	int fd, error;

	if (name[0] == '\0')
		return sse_fd_open_at(directory, ".", flags);
	error = walk_from(&walk, directory, name);
	if (error != 0)
		return error;
	fd = sse_fd_open_at(walk.fd, ".", flags);
	walk_done(&walk);
	return fd;
}

static void
close_folders(struct open_folders *open)
{
	for (size_t i = 0; i < open->count; i++)
		sse_fd_close(open->fds[i]);
}

/*
 * Where the log's own folder may not be read, the log itself is all that can
 * be seen; with dates not even that.  A folder below may be missing.
 */
static bool
may_be_missing(const struct listing_cache *cache, size_t folder, int error)
{
	if (folder == 0)
		return error == -EACCES && !log_names_are_dated(cache->names);
	return !listing_is_shortage(error);
}

static int
open_folders(
    const struct listing_cache *cache, int directory, struct open_folders *open)
{
	open->count = 0;
	for (size_t i = 0; i < log_names_folders(cache->names); i++) {
		int fd =
		    open_folder(directory, log_names_folder(cache->names, i));
		int error = fd < 0 ? fd : sse_fd_stat(fd, &open->stats[i]);

		if (error != 0) {
			sse_fd_close(fd);
			fd = -1;
		}
		open->fds[open->count++] = fd;
		if (error != 0 && !may_be_missing(cache, i, error)) {
			close_folders(open);
			return error;
		}
	}
	return 0;
}

static bool
are_the_same(const struct listing_cache *cache, const struct open_folders *open)
{
	for (size_t i = 0; i < open->count; i++) {
		const struct listed_folder *folder = &cache->folders[i];

		if (folder->there != (open->fds[i] >= 0) ||
		    (folder->there &&
			!evidence_same_file(&folder->stat, &open->stats[i])))
			return false;
	}
	return true;
}

static bool
are_at_rest(const struct open_folders *open, int64_t now_ms)
{
	for (size_t i = 0; i < open->count; i++)
		if (open->fds[i] >= 0 &&
		    open->stats[i].ctime_ms + LISTING_CACHE_REST_MS >= now_ms)
			return false;
	return true;
}

static bool
are_unchanged(const struct listing_cache *cache,
    const struct open_folders *open, int64_t now_ms)
{
	int64_t age_ms = now_ms - cache->listed_ms;

	if (age_ms < 0 || age_ms >= LISTING_CACHE_AGE_MS)
		return false;
	for (size_t i = 0; i < open->count; i++)
		if (open->fds[i] >= 0 &&
		    cache->folders[i].stat.ctime_ms != open->stats[i].ctime_ms)
			return false;
	return true;
}

/* Takes what inotify tells of the folders by now: whether that is all. */
static bool
follow_news(struct listing_cache *cache, const struct open_folders *open)
{
	for (size_t i = 0; i < open->count; i++)
		if (open->fds[i] >= 0 &&
		    !watch_drain_folder(cache->watch, open->fds[i]))
			return false;
	return cache->is_kept && !name_set_is_short(&cache->set);
}

static bool
holds(struct listing_cache *cache, const struct open_folders *open,
    const struct log_base *base, int64_t now_ms)
{
	if (!cache->is_kept || strcmp(cache->base.name, base->name) != 0 ||
	    !are_the_same(cache, open))
		return false;
	return cache->is_told ? follow_news(cache, open)
			      : are_unchanged(cache, open, now_ms);
}

/* ------------------------------------------------------------ reading -- */

/* Watches come before what they are to tell the changes of. */
static void
watch_folders(struct listing_cache *cache, const struct open_folders *open)
{
	cache->is_told = cache->watch != NULL;
	for (size_t i = 0; i < open->count; i++) {
		struct listed_folder *folder = &cache->folders[i];
		bool there = open->fds[i] >= 0;
		int number = there && cache->watch != NULL
				 ? watch_folder(cache->watch, open->fds[i])
				 : -1;

		if (number != folder->number)
			forget_folder(cache, i);
		*folder = (struct listed_folder){
		    .there = there, .stat = open->stats[i], .number = number};
		if (there && number < 0)
			cache->is_told = false;
	}
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

/* Names only: no file is looked at.  The descriptor is used up. */
static int
read_folder(struct listing_cache *cache, size_t folder, int *fd)
{
	DIR *directory = fdopendir(*fd);
	const struct dirent *entry;
	int error = 0;

	if (directory == NULL)
		return -errno;
	*fd = -1;
	/* One entry may have been read, to be told of the others. */
	rewinddir(directory);
	while (error == 0 && (entry = read_entry(directory, &error)) != NULL)
		error = add_name(
		    cache, folder, entry->d_name, entry->d_type == DT_DIR);
	closedir(directory);
	return error;
}

static int
read_folders(struct listing_cache *cache, struct open_folders *open)
{
	int error = 0;

	for (size_t i = 0; i < open->count && error == 0; i++) {
		if (open->fds[i] >= 0)
			error = read_folder(cache, i, &open->fds[i]);
		if (error != 0 && may_be_missing(cache, i, error))
			error = 0;
	}
	return error;
}

static int
read_all(struct listing_cache *cache, struct open_folders *open,
    const struct log_base *base, int64_t now_ms)
{
	int error;

	cache->changes++;
	cache->base = *base;
	cache->stranger[0] = '\0';
	name_set_clear(&cache->set);
	watch_folders(cache, open);
	/* What is told meanwhile may take that back. */
	cache->is_kept = cache->is_told || are_at_rest(open, now_ms);
	cache->listed_ms = now_ms;
	error = read_folders(cache, open);
	if (error != 0)
		cache->is_kept = false;
	else if (cache->is_told)
		watch_drain(cache->watch);
	return error;
}

int
listing_cache_refresh(struct listing_cache *cache, int directory,
    const struct log_base *base, int64_t now_ms)
{
	struct open_folders open;
	int error = open_folders(cache, directory, &open);

	if (error != 0)
		return error;
	if (!holds(cache, &open, base, now_ms))
		error = read_all(cache, &open, base, now_ms);
	close_folders(&open);
	return error;
}
