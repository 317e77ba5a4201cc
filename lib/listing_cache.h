/*
 * listing_cache.h - the names of a log in its folders, which are read once for
 * all who look for them.
 *
 * Where inotify tells of the folders, it tells which name has come and which
 * has gone, and the names stay true.  Elsewhere they hold for a moment, as long
 * as no folder has changed.  Of the files themselves nothing is kept.
 */
#ifndef LISTING_CACHE_H
#define LISTING_CACHE_H

#include "fdio.h"
#include "name_set.h"
#include "watch.h"

#define LISTING_CACHE_AGE_MS 2000 /* without inotify */
#define LISTING_CACHE_REST_MS 50  /* what changed may have changed again */
#define LISTING_FOLDERS_MAX (LOG_NAMES_PATTERNS_MAX + 1)

/* One of the log's folders, as it was when it was read. */
struct listed_folder {
	bool there; /* and it may be read */
	struct sse_file_stat stat;
	int number; /* of its watch; -1: none */
};

struct listing_cache {
	const struct log_names *names;
	struct log_names *own; /* the same, or NULL: they are borrowed */
	struct watch *watch;   /* of folders; borrowed; NULL: none */
	struct watch_listener listener;

	struct log_base base;
	struct listed_folder folders[LISTING_FOLDERS_MAX];
	struct name_set set;
	/* With LINK_NUMBER: a name that is none of the log's; "": none. */
	char stranger[NAME_MAX + 1];

	bool is_kept;      /* it holds until something changes */
	bool is_told;      /* inotify tells of all folders */
	int64_t listed_ms; /* file time */
	uint64_t changes;  /* of the names, the current file's, too */
};

/* An empty one for these names, which are borrowed, and without a watch. */
void listing_cache_init(
    struct listing_cache *cache, const struct log_names *names);
void listing_cache_done(struct listing_cache *cache);

/*
 * One for the names of a source and its generations, as in log_names.h.  The
 * watch is borrowed; NULL is allowed.  0, -EINVAL or -ENOMEM.
 */
int listing_cache_new(const char *source, const char *generations,
    struct watch *watch, struct listing_cache **ret_cache);

/* NULL is allowed. */
void listing_cache_free(struct listing_cache *cache);

/*
 * Makes the names those of the log with that base in the directory, at that
 * time of the file system's clock.  They are as before when changes is.  0, a
 * shortage, or why the directory cannot be read.
 */
int listing_cache_refresh(struct listing_cache *cache, int directory,
    const struct log_base *base, int64_t now_ms);

/* Of what others may give back: no reason to pass over a file. */
bool listing_is_shortage(int error);

#endif
