/*
 * listing.h - the names beside a log that are its own: nothing is opened yet.
 */
#ifndef LISTING_H
#define LISTING_H

#include "source/log_names_rank.h"
#include "source/snapshot.h"

/*
 * Where a log is: the directory of its path's target, and the name there.
 */
struct listing {
	const struct log_names *names;
	int64_t now_ms;
	int directory;
	struct log_base base;
	struct listing_cache *cache; /* borrowed, or own */
	struct listing_cache own;
};

/*
 * Opens the directory: 0; -ENOMEM, -ENAMETOOLONG, or why a part of the path
 * cannot be passed or opened.  Links are resolved as far as they lead.  The
 * names are kept in the cache; NULL: nothing is.  Only after 0 listing_close()
 * has to follow.  It must not move.
 */
int listing_open(struct listing *listing, const struct log_names *names,
    struct listing_cache *cache, int64_t now_ms);
void listing_close(struct listing *listing);

/* Learns the names as they are now.  Errors as listing_cache_refresh(). */
int listing_refresh(struct listing *listing);

/* How often names have come and gone, by what is known. */
uint64_t listing_changes(const struct listing *listing);

/*
 * Adds the names that were learned to the entries, without descriptors: the
 * newest when there are too many, and the current file, if there is one, last.
 * What their files are now is looked at where it says which are wanted; or of
 * all of them.  0, a shortage, or why nobody can say what is there.
 */
int listing_take(
    const struct listing *listing, bool look_at_all, struct snapshot *entries);

/*
 * The name of the current file of a log whose names are dated, in the folder
 * of its path; "": none is there yet.  0, or the error of opening the folder.
 */
int listing_find_current(const struct log_names *names,
    struct listing_cache *cache, int64_t now_ms, char ret_name[NAME_MAX + 1]);

#endif
