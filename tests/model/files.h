/*
 * files.h - the files of the world: real ones, with the times that the world
 * gives them.
 */
#ifndef FILES_H
#define FILES_H

#include "world.h"

#define FILES_PATH_MAX 512 /* bytes, with the NUL */

/* A folder for generations. */
#define FILES_OLDER "older"

/* What no test can go on after. */
_Noreturn void files_broken(const char *what);

/* What is open there. */
struct world_file *files_of(struct world *world, int fd);

/* What the path leads to, or NULL. */
struct world_file *files_at(struct world *world, const char *path);

/* The content, or a name, has changed now. */
void files_touch(struct world *world, struct world_file *file);

/* The file has just been made, and its lines are that run's. */
struct world_file *files_born(struct world *world, int fd, int run);
int files_new_run(struct world *world);

bool files_exist(const char *path);

/* A name in the folder of the log. */
void files_path(
    const struct world *world, const char *name, char path[FILES_PATH_MAX]);

/* The log is number 0.  It lives until the call after the next. */
const char *files_file(const struct world *world, int number);

/* Opens the log for writing, and makes it if it is not there. */
int files_open_log(struct world *world);

/* A name changes, what had the new one before is gone; a name is removed. */
void files_rename(struct world *world, const char *from, const char *to);
void files_remove(struct world *world, const char *path);

/* Of dated names: the one of the world's day. */
void world_name_today(struct world *world);

/* Everything in the folder. */
void files_remove_all(const struct world *world);

/* Copies bytes from an offset on to the end of another one. */
void files_copy(int from, int to, int64_t offset, int64_t size);

#endif
