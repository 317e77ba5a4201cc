/*
 * folder.h - the names in an open folder, some at a time.
 */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>

#define FOLDER_READ_SIZE 65536 /* bytes of names, at most, of one read */

/* Who is given names: 0, or an error. */
struct folder_taker {
	int (*take)(void *context, const char *name, bool is_folder);
	void *context;
};

/* Names are read from the first one on: 0 or -errno. */
int folder_begin(int fd);

/*
 * One read: how many names were given to the taker, "." and ".." among them; 0
 * after the last.  Those of one read come last first.  -errno, -ENOMEM before
 * it reads, or what the taker says.  No file is looked at, and none of what was
 * read is kept: what has gone since is not given later.
 */
int folder_read(int fd, const struct folder_taker *taker);

#endif
