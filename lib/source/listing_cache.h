/*
 * listing_cache.h - the names of a log in its folders, which are read once for
 * all who look for them.
 *
 * Where inotify tells of the folders, it tells which name has come and which
 * has gone, and the names stay true.  Elsewhere they hold for a moment, as long
 * as no folder has changed.  Of the files themselves only this is kept, that
 * they may be read.
 */
#ifndef LISTING_CACHE_H
#define LISTING_CACHE_H

#include "source/name_set.h"
#include "source/open_folders.h"
#include "source/readable.h"
#include "source/inotify.h"
#include "source/log_names_rank.h"

#define LISTING_CACHE_AGE_MS 2000 /* without inotify */
#define LISTING_CACHE_REST_MS 50  /* what changed may have changed again */
#define LISTING_STEP_NAMES 1000   /* read in one step; that read is finished */
/* Milliseconds after a reading in steps in which one is done in one piece. */
#define LISTING_WHOLE_MS 1000

/* One of the log's folders, as it was when it was read. */
struct listed_folder {
	struct listing_cache *cache; /* that it is in */
	bool there;                  /* and it may be read */
	struct sse_file_stat stat;
	struct inotify_user user;
};

/* The folders while they are read, in steps. */
struct listing_reading {
	bool running;
	bool is_stepped; /* one step was not enough */
	struct open_folders open;
};

struct listing_cache {
	const struct log_names *names;
	struct log_names *own;   /* the same, or NULL: they are borrowed */
	struct inotify *inotify; /* borrowed; NULL: nobody tells of folders */

	struct log_base base;
	struct listed_folder folders[OPEN_FOLDERS_MAX];
	struct name_set set;
	/* With LINK_NUMBER: a name that is none of the log's; "": none. */
	char stranger[NAME_MAX + 1];

	struct readable readable; /* of the files */

	struct listing_reading reading;

	bool is_kept;       /* it holds until something changes */
	bool is_told;       /* inotify tells of all folders */
	int64_t listed_ms;  /* file time */
	int64_t stepped_ms; /* file time: the end of a reading in steps */
	uint64_t changes;   /* of the names, the current file's, too */
};

/*
 * An empty one for these names, which are borrowed, that nobody tells of
 * folders.  It must not move.
 */
void listing_cache_init(
    struct listing_cache *cache, const struct log_names *names);
void listing_cache_done(struct listing_cache *cache);

/*
 * One for the names of a source and its generations, as in log_names.h.  The
 * instance is borrowed; NULL is allowed.  0, -EINVAL or -ENOMEM.
 */
int listing_cache_new(const char *source, const char *generations,
    struct inotify *inotify, struct listing_cache **ret_cache);

/* NULL is allowed. */
void listing_cache_free(struct listing_cache *cache);

/*
 * Makes the names those of the log with that base in the directory, at that
 * time of the file system's clock.  They are as before when changes is.  0, a
 * shortage, or why the directory cannot be read.  RESULT_PARTIAL: a step of
 * reading it was made, and the next call goes on; never of a cache that was
 * only initialized, and not twice for one who needs the names more than once.
 */
int listing_cache_refresh(struct listing_cache *cache, int directory,
    const struct log_base *base, int64_t now_ms);

/*
 * A step of a reading that is under way, and nothing else: RESULT_PARTIAL when
 * more are to follow; 0 when listing_cache_refresh() is next, which sees
 * whether these are the folders still; or an error.  NULL is allowed.
 */
int listing_cache_step(struct listing_cache *cache, int64_t now_ms);

/*
 * Whether inotify tells of the folders, which are on file systems of this
 * machine then.  NULL is allowed.
 */
static inline bool
listing_cache_is_told(const struct listing_cache *cache)
{
	return cache != NULL && cache->is_told;
}

/* Gives up a reading in steps that nobody goes on with. */
void listing_cache_rest(struct listing_cache *cache);

#endif
