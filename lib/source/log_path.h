/*
 * log_path.h - the path of a log's current file; where its names are dated, of
 * the newest.
 */
#ifndef LOG_PATH_H
#define LOG_PATH_H

#include "source/listing.h"

#define LOG_PATH_REST_MS 50   /* a folder that changed may have changed again */
#define LOG_PATH_AGE_MS 10000 /* dates come to be due without a change */

struct log_path {
	const struct log_names *names; /* borrowed */
	struct listing_cache *listing; /* likewise; NULL: none */
	char *text;                    /* NULL: no file is there yet */
	/* Of the folder of dated names, as it was when it was listed. */
	struct sse_file_stat folder;
	int64_t listed_ms; /* file time; 0: not yet */
};

/* 0 or -ENOMEM; then it is done. */
int log_path_init(struct log_path *path, const struct log_names *names,
    struct listing_cache *listing);
void log_path_done(struct log_path *path);

/*
 * Looks for the newest of dated names, at that time of the file system's clock:
 * 0, also when there is none; or why the folder cannot be read, and all is as
 * it was.  Does not read a folder that has not changed.
 */
int log_path_look(struct log_path *path, int64_t now_ms);

/*
 * Whether a file that is born with that name, in the folder of the path, is
 * the current one, or the next.
 */
bool log_path_is_born(
    const struct log_path *path, const char *name, int64_t now_ms);

#endif
