/*
 * listing.h - the names beside a log that are its own: nothing is opened yet.
 */
#ifndef LISTING_H
#define LISTING_H

#include "snapshot.h"

/*
 * Where a log is: the directory of its path's target, and the name there.
 */
struct listing {
	const struct log_names *names;
	int64_t now_ms;
	int directory;
	struct log_base base;
	bool shared; /* the folder has files that are none of the log's */
};

/*
 * Opens the directory, which is closed by the caller: 0; -ENOMEM,
 * -ENAMETOOLONG, or why a part of the path cannot be passed or opened.  Links
 * are resolved as far as they lead.
 */
int listing_open(
    struct listing *listing, const struct log_names *names, int64_t now_ms);

/*
 * Adds the log's names to the entries, without descriptors: the newest when
 * there are too many, and the current file, if there is one, last.  0, a
 * shortage, or why nobody can say what is there.
 */
int listing_take(struct listing *listing, struct snapshot *entries);

/*
 * The name of the current file of a log whose names are dated, in the folder
 * of its path; "": none is there yet.  0, or the error of opening the folder.
 */
int listing_find_current(
    const struct log_names *names, int64_t now_ms, char ret_name[NAME_MAX + 1]);

/* Of what others may give back: no reason to pass over a file. */
bool listing_is_shortage(int error);

#endif
