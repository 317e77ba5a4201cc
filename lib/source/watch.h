/*
 * watch.h - hints that a file may have changed, from inotify.
 *
 * A hint says when to look, never what is there: every look works without
 * one.  Where hints cannot be had (no inotify instance left, a network file
 * system, a directory that does not exist) the watch says so, and looks have
 * to be more frequent.  The one thing that is believed is the count of births,
 * and it can only lead to a gap event, never to silence.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#define WATCH_LOOK_MS 2000   /* between looks beside inotify */
#define WATCH_POLL_MS 250    /* between looks without it */
#define WATCH_READ_SIZE 4096 /* bytes of hints taken by one read */

struct watch;

/*
 * Watches the directory of a path for births of its last name.  It never
 * fails but for memory (NULL): without inotify, or with NULL for the path, it
 * has no descriptor.
 */
struct watch *watch_new(const char *path);

/*
 * Counts the births of other names: those that is_counted says so of.  The
 * context is borrowed.
 */
void watch_count_names(struct watch *watch,
    bool (*is_counted)(void *context, const char *name), void *context);
void watch_free(struct watch *watch);

/* What to poll for reading, or -1. */
int watch_fd(const struct watch *watch);

/* Whether hints come for all that matters; else look every WATCH_POLL_MS. */
bool watch_works(const struct watch *watch);

/*
 * Also hints of a change of this open file: a number for watch_forget().  It
 * is negative when none will come, or, from a network or overlay file system,
 * perhaps none: then watch_works() is false until it is forgotten.
 */
int watch_file(struct watch *watch, int fd);
void watch_forget(struct watch *watch, int number);

/*
 * Takes the waiting hints; tries anew to watch a directory that was not there.
 */
void watch_drain(struct watch *watch);

/*
 * How often the name has got another file since the watch began, as far as it
 * was told; and whether that can be told at all (hints may have been lost).
 */
uint64_t watch_births(const struct watch *watch);
bool watch_counts_births(const struct watch *watch);

/* After a break: from here on births are counted again. */
void watch_count_anew(struct watch *watch);

/* What has become of a name in a folder. */
struct watch_news {
	int folder;       /* its number; -1: all folders */
	const char *name; /* NULL: hints are lost, and there may be no more */
	bool came;        /* or another file took it; else it has gone */
	bool is_folder;   /* it is a folder's name */
};

/* Who is told of names. */
struct watch_listener {
	LIST_ENTRY(watch_listener) link;
	void (*tell)(void *context, const struct watch_news *news);
	void *context;
};

/*
 * A watch of no log, but of folders that it is given: what comes to them, and
 * what goes.  NULL without memory; without inotify it has no descriptor.
 */
struct watch *watch_new_of_folders(void);

/* The listener, which is borrowed, is told of all folders by watch_drain(). */
void watch_listen(struct watch *watch, struct watch_listener *listener);
void watch_unlisten(struct watch_listener *listener);

/*
 * Also hints of the names in this open folder: its number, the same for the
 * same folder.  -1 where there are none, or, from a network or overlay file
 * system, perhaps none.
 */
int watch_folder(struct watch *watch, int fd);
void watch_forget_folder(struct watch *watch, int number);

/*
 * As watch_drain(), after which all has been told that could be seen in this
 * folder before, of which nothing has been read.  False: nobody can say.
 */
bool watch_drain_folder(struct watch *watch, int fd);

#endif
