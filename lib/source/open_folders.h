/*
 * open_folders.h - the folders that the names of a log are in, open, and
 * reading them some names at a time.
 */
#ifndef OPEN_FOLDERS_H
#define OPEN_FOLDERS_H

#include "fdio.h"
#include "source/folder.h"
#include "source/log_names.h"

#define OPEN_FOLDERS_MAX (LOG_NAMES_PATTERNS_MAX + 1)

struct open_folders {
	const struct log_names *names; /* borrowed */
	int fds[OPEN_FOLDERS_MAX];     /* -1: not there */
	struct sse_file_stat stats[OPEN_FOLDERS_MAX];
	size_t count;
	size_t at; /* the one that is read; count: all have been */
};

/*
 * Opens the folders of these names: the log's own, which is the directory, and
 * those below.  One that is missing or that may not be read is not there; of
 * the log's own that is so only where its other names are not needed.  0, or an
 * error, with nothing open.
 */
int open_folders_open(
    struct open_folders *open, const struct log_names *names, int directory);

/* Zeroed is closed, too. */
void open_folders_close(struct open_folders *open);

/* They are read from the first name of the first folder on: 0 or -errno. */
int open_folders_begin(struct open_folders *open);

/*
 * Goes on, until that many names have been given to the taker, whose folder is
 * at; a read is finished.  0 when all have been, RESULT_PARTIAL, or an error,
 * which may be the taker's.
 */
int open_folders_read(
    struct open_folders *open, int names_max, const struct folder_taker *taker);

#endif
