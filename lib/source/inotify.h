/*
 * inotify.h - an inotify instance, by which several may watch the same file or
 * folder.
 *
 * A user has few instances, often 128, and one takes as many watches as there
 * are.  What the kernel tells of a file is told to all who watch it.
 */
#ifndef INOTIFY_H
#define INOTIFY_H

#include "source/inotify_mark.h"

#define INOTIFY_READ_SIZE 4096 /* bytes of hints taken by one read */
#define INOTIFY_READS_MAX 256  /* in a row; twice what the kernel keeps */

struct inotify;

/* NULL without memory; it does nothing where there is no instance left. */
struct inotify *inotify_new(void);

/* Nobody watches anything by it.  NULL is allowed. */
void inotify_free(struct inotify *inotify);

/* What to poll for reading, or -1: there are no hints. */
int inotify_fd(const struct inotify *inotify);

/*
 * The user, who is borrowed, watches this from now on, and not what he did:
 * the folder that a path leads to; an open folder; an open file, whatever its
 * name leads to by now.  False: none, or there are no more watches.
 */
bool inotify_watch_path(
    struct inotify *inotify, const char *path, struct inotify_user *user);
bool inotify_watch_folder(
    struct inotify *inotify, int fd, struct inotify_user *user);
bool inotify_watch_file(
    struct inotify *inotify, int fd, struct inotify_user *user);

/* He watches nothing. */
void inotify_forget(struct inotify *inotify, struct inotify_user *user);

/*
 * Tells the hints that wait.  Where they come faster than they can be taken,
 * all are lost.
 */
void inotify_drain(struct inotify *inotify);

/*
 * As inotify_drain(), after which all has been told that could be seen in this
 * folder before, of which nothing has been read.  False: nobody can say.
 */
bool inotify_drain_folder(struct inotify *inotify, int fd);

#endif
