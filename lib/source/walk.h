/*
 * walk.h - the way to a file, through links that may be followed.
 *
 * Who may write in the folder of a log could make it a link to any file that
 * the program may read.  So a symbolic link is followed only where its owner is
 * root, the program's user, or the owner of what it leads to; each on the way
 * is judged by itself.  And what is there is looked at before it is opened: a
 * device may do something when it is.
 */
#ifndef WALK_H
#define WALK_H

#include <limits.h>

#include "fdio.h"
#include "base/result.h"

#define WALK_LINKS_MAX 40        /* of one way, as the kernel has it */
#define WALK_NAMES_MAX 1024      /* of one way, where there are links on it */
#define WALK_REASON_SIZE_MAX 600 /* bytes, with a NUL */

/* Where a path leads to; both descriptors are O_PATH. */
struct walk {
	int fd;     /* what is there */
	int folder; /* that it is in */
	char name[NAME_MAX + 1];
	struct sse_file_stat stat;
};

/*
 * Finds what a path leads to: 0, RESULT_REFUSED for a link that is not
 * followed, -ELOOP for a way of too many links or, where there are some, of too
 * many names, since each takes its time, or -errno.  Only after 0 walk_done()
 * has to follow.
 */
int walk_to(struct walk *walk, const char *path);

/* The same from a folder on. */
int walk_from(struct walk *walk, int folder, const char *path);
void walk_done(struct walk *walk);

/* stat(2) of a path.  Errors as walk_to(). */
int walk_stat(const char *path, struct sse_file_stat *ret_stat);

/*
 * Opens a file of that kind, S_IFREG or S_IFIFO, and no other: the descriptor,
 * RESULT_WRONG_KIND, or an error as walk_to().  Without blocking.
 */
int walk_open(const char *path, uint32_t kind, int flags);

/*
 * The same for a name in a folder, which may be no link: -ELOOP.  *ret_stat is
 * of what was opened; NULL is allowed.
 */
int walk_open_name(int folder, const char *name, uint32_t kind, int flags,
    struct sse_file_stat *ret_stat);

/*
 * The same for a name that was a file of that kind a moment ago, in a folder
 * in which nobody may have changed that: in one call.
 */
int walk_open_known(int folder, const char *name, uint32_t kind, int flags,
    struct sse_file_stat *ret_stat);

/*
 * Whether only root and the program's user can put something else at a name in
 * a folder that is like this.
 */
bool walk_is_guarded(const struct sse_file_stat *folder);

/*
 * Which link is not followed, why, and what to write: a line.  False when there
 * is none on the way any more.
 */
bool walk_explain(const char *path, char reason[WALK_REASON_SIZE_MAX]);

/*
 * Whether an error says that the name has gone, or that what has it now is not
 * a regular file any more.
 */
bool walk_is_gone(int error);

#endif
