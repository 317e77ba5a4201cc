/*
 * watch.h - hints that a log may have changed.
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

#include "source/hints.h"

#define WATCH_LOOK_MS 2000 /* between looks beside inotify */
#define WATCH_POLL_MS 250  /* between looks without it */

struct watch;

/* An open file of the log; zeroed, it is not watched. */
struct watch_file {
	struct watch *watch;
	struct inotify_user user;
};

/*
 * Watches the directory of a path for births of its last name.  It never
 * fails but for memory (NULL): without inotify, or with NULL for the path, it
 * has no hints.
 */
struct watch *watch_new(const char *path);

/*
 * The same by the hints of a process, which are borrowed, as the waiter is: he
 * is due when there is something to look at.  It has no descriptor of its own.
 */
struct watch *watch_new_shared(
    const char *path, struct source_hints *hints, struct hint_waiter *waiter);

/*
 * Counts the births of other names: those that is_counted says so of, and that
 * begin as the path's last name does, up to a percent sign.  The context is
 * borrowed.
 */
void watch_count_names(struct watch *watch,
    bool (*is_counted)(void *context, const char *name), void *context);

/* Its files were forgotten before.  NULL is allowed. */
void watch_free(struct watch *watch);

/* What to poll for reading, or -1. */
int watch_fd(const struct watch *watch);

/* Whether hints come for all that matters; else look every WATCH_POLL_MS. */
bool watch_works(const struct watch *watch);

/*
 * Also hints of a change of this open file.  Where none will come, or, from a
 * network or overlay file system, perhaps none, watch_works() is false until it
 * is forgotten.
 */
void watch_file(struct watch *watch, int fd, struct watch_file *file);

/* What is not watched may be forgotten. */
void watch_forget(struct watch_file *file);

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

/*
 * After a break: from here on births are counted again; if the path leads to
 * another directory, that is watched, and they are from the next time on.
 */
void watch_count_anew(struct watch *watch);

#endif
