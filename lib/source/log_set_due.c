/*
 * log_set_due.c - opening what is due where nothing has changed.
 *
 * A search would find each of them as it was, and looks at all of the log's
 * files for that.
 */
#include "config.h"

#include "source/log_set_due.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "source/file_shared.h"
#include "source/judge.h"
#include "source/listing.h"
#include "source/walk.h"

/* As it was when it was judged, who may read it included. */
static bool
is_as_it_was(const struct sse_file_stat *was, const struct sse_file_stat *now)
{
	return snapshot_same_state(was, now) && was->ctime_ms == now->ctime_ms;
}

/* The first of them; NULL: it is not what it was, or cannot be opened. */
static struct log_file *
open_first(const struct log_set *set, const struct listing *listing)
{
	const char *name = due_names_first(&set->due_names);
	int64_t now_ms = sse_clock_file_time_ms(set->options.clock);
	struct log_file *file;
	struct sse_file_stat stat;
	int fd =
	    walk_open_name(listing->directory, name, S_IFREG, O_RDONLY, &stat);

	if (fd < 0)
		return NULL;
	if (!is_as_it_was(&set->due[0], &stat) ||
	    log_file_new(fd, 0, false, set->options.record_size_max, &file) !=
		0) {
		sse_fd_close(fd);
		return NULL;
	}
	log_file_found(file, &stat);
	if (listing_cache_is_told(listing->cache))
		log_file_rest_from(file, &stat, now_ms);
	file->named = true;
	return file;
}

/* Opens the first of them, and puts it behind what is open: whether it did. */
static bool
take_first(struct log_set *set, const struct listing *listing)
{
	struct log_file **open =
	    reallocarray(set->open, set->count + 1, sizeof(struct log_file *));
	struct log_file *file;

	if (open == NULL)
		return false;
	set->open = open;
	file = open_first(set, listing);
	if (file == NULL)
		return false;
	log_file_watch(file, set->watch);
	set->open[set->count++] = file;
	due_names_drop(&set->due_names, 1);
	set->due_count--;
	memmove(set->due, set->due + 1, set->due_count * sizeof(set->due[0]));
	return true;
}

/* Whether the names are those that were judged. */
static bool
are_names_as_they_were(const struct log_set *set, struct listing *listing)
{
	return listing_refresh(listing) == 0 &&
	       listing_changes(listing) == set->due_names.changes;
}

bool
log_set_open_due(struct log_set *set)
{
	struct listing_cache *cache = file_shared_listing(set->options.shared);
	struct listing listing;
	size_t opened = 0;

	assert(set->count > 0);
	if (cache == NULL || due_names_first(&set->due_names) == NULL ||
	    set->open[set->count - 1]->copy ||
	    listing_open(&listing, set->names, cache,
		sse_clock_file_time_ms(set->options.clock)) != 0)
		return false;
	if (are_names_as_they_were(set, &listing))
		while (opened < JUDGE_AHEAD_MAX &&
		       due_names_first(&set->due_names) != NULL &&
		       take_first(set, &listing))
			opened++;
	listing_close(&listing);
	if (opened == 0)
		return false;
	set->lead = set->count - opened - 1;
	log_set_close_old(set);
	set->changes++;
	return true;
}
