/*
 * listing_cache.c - the names of a log in its folders.
 */
#include "config.h"

#include "source/listing_cache.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/fingerprint.h"
#include "base/result.h"

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
take_name(struct listing_cache *cache, size_t folder, const struct hint *hint)
{
	const char *name = hint->name;
	bool came = hint->kind == HINT_CAME;
	struct log_rank rank;
	bool ranks =
	    log_names_rank(cache->names, &cache->base, folder, name, &rank);

	if (ranks || (folder == 0 && strcmp(name, cache->base.name) == 0))
		cache->changes++;
	if (!came && ranks)
		name_set_drop(&cache->set, folder, name, &rank);
	else if (!came)
		drop_stranger(cache, name);
	else if (add_name(cache, folder, name, hint->is_folder) != 0)
		cache->is_kept = false;
}

static void
take_hint(void *context, const struct hint *hint)
{
	const struct listed_folder *folder = context;
	struct listing_cache *cache = folder->cache;

	if (hint->kind == HINT_CAME || hint->kind == HINT_WENT)
		take_name(cache, (size_t)(folder - cache->folders), hint);
	else if (hint->kind == HINT_OVER || hint->kind == HINT_LOST)
		cache->is_kept = false;
}

/* ---------------------------------------------------- made and unmade -- */

void
listing_cache_init(struct listing_cache *cache, const struct log_names *names)
{
	*cache = (struct listing_cache){.names = names};
	for (size_t i = 0; i < OPEN_FOLDERS_MAX; i++) {
		struct listed_folder *folder = &cache->folders[i];

		folder->cache = cache;
		folder->user.tell = take_hint;
		folder->user.context = folder;
	}
}

void
listing_cache_rest(struct listing_cache *cache)
{
	if (cache->reading.running)
		cache->is_kept = false;
	cache->reading.running = false;
	open_folders_close(&cache->reading.open);
}

void
listing_cache_done(struct listing_cache *cache)
{
	listing_cache_rest(cache);
	name_set_clear(&cache->set);
}

int
listing_cache_new(const char *source, const char *generations,
    struct inotify *inotify, struct listing_cache **ret_cache)
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
	cache->inotify = inotify;
	*ret_cache = cache;
	return 0;
}

void
listing_cache_free(struct listing_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < OPEN_FOLDERS_MAX; i++)
		if (cache->inotify != NULL)
			inotify_forget(cache->inotify, &cache->folders[i].user);
	listing_cache_done(cache);
	log_names_free(cache->own);
	free(cache);
}

/* ------------------------------------------------------------ looking -- */

static bool
are_the_same(const struct listing_cache *cache, const struct open_folders *open)
{
	for (size_t i = 0; i < open->count; i++) {
		const struct listed_folder *folder = &cache->folders[i];

		if (folder->there != (open->fds[i] >= 0) ||
		    (folder->there &&
			!fingerprint_same_file(&folder->stat, &open->stats[i])))
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
		    !inotify_drain_folder(cache->inotify, open->fds[i]))
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

/* Whether all that happens to it is told; -1: it is not there. */
static bool
watch_folder(struct listing_cache *cache, int fd, struct listed_folder *folder)
{
	struct inotify_user *user = &folder->user;

	if (cache->inotify == NULL)
		return false;
	if (fd >= 0 && inotify_watch_folder(cache->inotify, fd, user) &&
	    user->is_sure)
		return true;
	inotify_forget(cache->inotify, user);
	return false;
}

/* Strangers may have any name. */
static void
tell_only_own(struct listing_cache *cache, size_t folder)
{
	struct inotify_user *user = &cache->folders[folder].user;
	char prefix[NAME_MAX + 1] = "";

	if (!is_numbered(cache))
		log_names_prefix(cache->names, &cache->base, folder, prefix);
	inotify_set_prefix(user, prefix, strlen(prefix));
}

/* Watches come before what they are to tell the changes of. */
static void
watch_folders(struct listing_cache *cache, const struct open_folders *open)
{
	cache->is_told = cache->inotify != NULL;
	for (size_t i = 0; i < open->count; i++) {
		struct listed_folder *folder = &cache->folders[i];

		folder->there = open->fds[i] >= 0;
		folder->stat = open->stats[i];
		tell_only_own(cache, i);
		if (!watch_folder(cache, open->fds[i], folder) && folder->there)
			cache->is_told = false;
	}
}

/*
 * What was read is taken at once: a name that goes is told of afterwards, and
 * does not come back.
 */
static int
take_entry(void *context, const char *name, bool is_folder)
{
	struct listing_cache *cache = context;

	int error;

	if (name_set_is_past(
		&cache->set, name, log_names_order_size(cache->names)))
		return 0;
	error = add_name(cache, cache->reading.open.at, name, is_folder);
	return error < 0 ? error : 0;
}

/* Names of later dates are not due. */
static uint64_t
due_date(const struct listing_cache *cache, int64_t now_ms)
{
	return log_names_are_dated(cache->names)
		   ? name_values_date_at(now_ms + LOG_RANK_AHEAD_MS)
		   : 0;
}

/* The descriptors are used up. */
static int
begin_reading(struct listing_cache *cache, const struct open_folders *open,
    const struct log_base *base, int64_t now_ms)
{
	listing_cache_rest(cache);
	cache->reading =
	    (struct listing_reading){.running = true, .open = *open};
	cache->changes++;
	cache->base = *base;
	cache->stranger[0] = '\0';
	name_set_clear(&cache->set);
	cache->set.due_date = due_date(cache, now_ms);
	watch_folders(cache, open);
	/* What is told meanwhile may take that back. */
	cache->is_kept = cache->is_told || are_at_rest(open, now_ms);
	/* An entry may have been read of each, to be told of the others. */
	return open_folders_begin(&cache->reading.open);
}

/* Who looks for names in a folder that changes all the time comes to an end. */
static bool
is_read_whole(const struct listing_cache *cache, int64_t now_ms)
{
	int64_t since_ms = now_ms - cache->stepped_ms;

	return cache->own == NULL ||
	       (since_ms >= 0 && since_ms < LISTING_WHOLE_MS);
}

/* One step, or all that is left in one piece. */
static int
read_some(struct listing_cache *cache, int64_t now_ms)
{
	int names_max =
	    is_read_whole(cache, now_ms) ? INT_MAX : LISTING_STEP_NAMES;
	int error = open_folders_read(&cache->reading.open, names_max,
	    &(struct folder_taker){take_entry, cache});

	if (error == RESULT_PARTIAL)
		cache->reading.is_stepped = true;
	return error;
}

static int
read_on(struct listing_cache *cache, int64_t now_ms)
{
	struct listing_reading *reading = &cache->reading;
	int error = read_some(cache, now_ms);

	if (error == RESULT_PARTIAL)
		return error;
	if (error == 0) {
		reading->running = false;
		cache->listed_ms = now_ms;
		if (reading->is_stepped)
			cache->stepped_ms = now_ms;
		if (cache->is_told)
			inotify_drain(cache->inotify);
	}
	listing_cache_rest(cache);
	return error;
}

/* After an error the folders are read anew. */
int
listing_cache_step(struct listing_cache *cache, int64_t now_ms)
{
	int error;

	if (cache == NULL || !cache->reading.running)
		return 0;
	error = read_some(cache, now_ms);
	if (error != 0 && error != RESULT_PARTIAL)
		listing_cache_rest(cache);
	return error;
}

/* Whether these folders are being read, and are the same as when it began. */
static bool
is_under_way(const struct listing_cache *cache, const struct open_folders *open,
    const struct log_base *base)
{
	return cache->reading.running &&
	       strcmp(cache->base.name, base->name) == 0 &&
	       are_the_same(cache, open);
}

int
listing_cache_refresh(struct listing_cache *cache, int directory,
    const struct log_base *base, int64_t now_ms)
{
	struct open_folders open;
	int error = open_folders_open(&open, cache->names, directory);

	if (error != 0)
		return error;
	if (is_under_way(cache, &open, base)) {
		open_folders_close(&open);
		return read_on(cache, now_ms);
	}
	if (holds(cache, &open, base, now_ms)) {
		open_folders_close(&open);
		return 0;
	}
	error = begin_reading(cache, &open, base, now_ms);
	if (error == 0)
		error = read_on(cache, now_ms);
	else
		listing_cache_rest(cache);
	return error;
}
