/*
 * watch.c - the directory and the open files of one log.
 *
 * Directory and file may lie on two file systems: the name may be a link.
 */
#include "config.h"

#include "source/watch.h"

#include <stdlib.h>
#include <string.h>

struct watch {
	struct inotify *own;        /* NULL: those of the hints */
	struct inotify *names;      /* NULL: there are no hints */
	struct inotify *files;      /* likewise */
	struct source_hints *hints; /* NULL: it has its own */
	struct hint_waiter *waiter;

	struct inotify_user directory;
	char *path; /* of the directory */
	char *name; /* in it */
	bool (*is_counted)(void *context, const char *name); /* or NULL */
	void *context;
	uint64_t births;
	bool counting;   /* births were counted without a break */
	bool is_dubious; /* whether the directory is the path's still */
	int unsure;      /* files whose changes come without a hint, perhaps */
};

static bool
is_there(const struct watch *watch)
{
	return watch->directory.mark != NULL;
}

static void
call_waiter(const struct watch *watch)
{
	if (watch->hints != NULL)
		hint_waiter_call(watch->hints, watch->waiter);
}

/* ----------------------------------------------------------- directory -- */

static void
watch_directory(struct watch *watch)
{
	if (watch->names == NULL || (is_there(watch) && !watch->is_dubious))
		return;
	(void)inotify_watch_path(watch->names, watch->path, &watch->directory);
	watch->is_dubious = watch->counting = false;
}

static bool
counts(const struct watch *watch, const char *name)
{
	if (watch->is_counted != NULL)
		return watch->is_counted(watch->context, name);
	return strcmp(name, watch->name) == 0;
}

static void
take_name(void *context, const struct hint *hint)
{
	struct watch *watch = context;

	if (hint->kind == HINT_CAME && counts(watch, hint->name))
		watch->births++;
	/* The path may lead to another directory now. */
	if (hint->kind == HINT_MOVED)
		inotify_forget(watch->names, &watch->directory);
	if (hint->kind == HINT_MOVED || hint->kind == HINT_OVER ||
	    hint->kind == HINT_LOST)
		watch->counting = false;
	/*
	 * All are told that names are lost, by whoever makes very many, again
	 * and again: that a log has got another file shows at the next look.
	 */
	if (hint->kind == HINT_LOST)
		watch->is_dubious = true;
	else
		call_waiter(watch);
}

/* ---------------------------------------------------- made and unmade -- */

/* Splits a path into its directory and the last name. */
static bool
set_path(struct watch *watch, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		watch->path = strdup(".");
	else if (slash == path)
		watch->path = strdup("/");
	else
		watch->path = strndup(path, (size_t)(slash - path));
	watch->name = strdup(slash != NULL ? slash + 1 : path);
	return watch->path != NULL && watch->name != NULL;
}

/* It takes over the instance of its own. */
static struct watch *
begin(struct watch *watch, const char *path)
{
	watch->directory = (struct inotify_user){
	    .tell = take_name,
	    .context = watch,
	};
	if (!set_path(watch, path)) {
		watch_free(watch);
		return NULL;
	}
	/* Where the name has dates, what stands before them. */
	inotify_set_prefix(
	    &watch->directory, watch->name, strcspn(watch->name, "%"));
	watch_directory(watch);
	watch->counting = is_there(watch);
	return watch;
}

struct watch *
watch_new(const char *path)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL || path == NULL)
		return watch;
	watch->own = watch->names = watch->files = inotify_new();
	if (watch->own == NULL) {
		watch_free(watch);
		return NULL;
	}
	return begin(watch, path);
}

struct watch *
watch_new_shared(
    const char *path, struct source_hints *hints, struct hint_waiter *waiter)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return NULL;
	watch->hints = hints;
	watch->waiter = waiter;
	watch->names = hints->names;
	watch->files = hints->files;
	return begin(watch, path);
}

void
watch_count_names(struct watch *watch,
    bool (*is_counted)(void *context, const char *name), void *context)
{
	watch->is_counted = is_counted;
	watch->context = context;
}

void
watch_free(struct watch *watch)
{
	if (watch == NULL)
		return;
	if (watch->names != NULL)
		inotify_forget(watch->names, &watch->directory);
	inotify_free(watch->own);
	free(watch->path);
	free(watch->name);
	free(watch);
}

int
watch_fd(const struct watch *watch)
{
	return watch->own != NULL ? inotify_fd(watch->own) : -1;
}

bool
watch_works(const struct watch *watch)
{
	return watch->names != NULL && inotify_fd(watch->names) >= 0 &&
	       inotify_fd(watch->files) >= 0 && is_there(watch) &&
	       watch->directory.is_sure && watch->unsure == 0;
}

/* --------------------------------------------------------------- files -- */

static void
take_change(void *context, const struct hint *hint)
{
	struct watch_file *file = context;

	if (hint->kind == HINT_OVER) {
		file->watch->unsure += file->user.is_sure;
		file->user.is_sure = false;
	}
	call_waiter(file->watch);
}

void
watch_file(struct watch *watch, int fd, struct watch_file *file)
{
	*file = (struct watch_file){.watch = watch};
	file->user = (struct inotify_user){
	    .tell = take_change,
	    .context = file,
	};
	if (watch->files != NULL)
		(void)inotify_watch_file(watch->files, fd, &file->user);
	watch->unsure += !file->user.is_sure;
}

void
watch_forget(struct watch_file *file)
{
	struct watch *watch = file->watch;

	if (watch == NULL)
		return;
	watch->unsure -= !file->user.is_sure;
	if (watch->files != NULL)
		inotify_forget(watch->files, &file->user);
	file->watch = NULL;
}

/* --------------------------------------------------------------- hints -- */

/* Of shared hints, those of files only say when to look. */
void
watch_drain(struct watch *watch)
{
	if (watch->names == NULL)
		return;
	inotify_drain(watch->names);
	watch_directory(watch);
	if (watch->hints != NULL)
		hint_waiter_rest(watch->hints, watch->waiter);
}

uint64_t
watch_births(const struct watch *watch)
{
	return watch->births;
}

bool
watch_counts_births(const struct watch *watch)
{
	return watch->counting;
}

/* A link on the way to the directory may have been switched, without a hint. */
void
watch_count_anew(struct watch *watch)
{
	const struct inotify_mark *before = watch->directory.mark;

	watch->is_dubious = true;
	watch_directory(watch);
	watch->counting = is_there(watch) && watch->directory.mark == before;
}
