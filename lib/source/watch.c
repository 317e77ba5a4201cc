/*
 * watch.c - inotify; the only file that knows it.
 *
 * One instance for each watch, with the directory and the open files of one
 * log in it.  A file is watched through /proc/self/fd, so that it is the one
 * that is open, whatever its name leads to by now.
 *
 * Directory and file may lie on two file systems: the name may be a link.
 */
#include "config.h"

#include "source/watch.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>

#include "base/unset.h"
#include "fdio.h"

#define BIRTHS (IN_CREATE | IN_MOVED_TO)
#define HINT_SIZE_MAX (sizeof(struct inotify_event) + NAME_MAX + 1)
/*
 * No hint that a file in a directory itself can cause, as IN_ATTRIB: for these
 * the kernel goes through all the files that it knows there, and there may be
 * very many.
 */
#define DIRECTORY_HINTS                                                       \
	(BIRTHS | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | \
	    IN_ONLYDIR)
#define FOLDER_HINTS (BIRTHS | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR)
#define FILE_HINTS (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF)

struct watch {
	int fd;
	int directory; /* number of its watch, -1: none */
	char *path;    /* of the directory */
	char *name;    /* in it */
	bool (*is_counted)(void *context, const char *name); /* or NULL */
	void *context;
	uint64_t births;
	bool counting; /* births were counted without a break */
	int unwatched; /* files whose changes come without a hint, perhaps */
	bool remote;   /* so are births in the directory */
	LIST_HEAD(, watch_listener) listeners; /* of names in folders */
};

/* File systems whose changes may come from elsewhere; see statfs(2). */
static bool
is_remote(const struct statfs *file_system)
{
	static const unsigned long types[] = {0x6969 /* NFS */,
	    0xff534d42 /* CIFS */, 0xfe534d42 /* SMB2 */, 0x517b /* SMB */,
	    0x01021997 /* 9P */, 0x00c36400 /* Ceph */, 0x5346414f /* AFS */,
	    0x65735546 /* FUSE */, 0x794c7630 /* overlay */,
	    0x786f4256 /* vboxsf */, 0x47504653 /* GPFS */,
	    0x0bd00bd0 /* Lustre */, 0x73757245 /* Coda */,
	    0x01161970 /* GFS2 */, 0x7461636f /* OCFS2 */};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((unsigned long)file_system->f_type == types[i])
			return true;
	return false;
}

static void
watch_directory(struct watch *watch)
{
	struct statfs file_system;

	if (watch->fd < 0 || watch->directory >= 0 || watch->path == NULL)
		return;
	watch->directory =
	    inotify_add_watch(watch->fd, watch->path, DIRECTORY_HINTS);
	if (watch->directory >= 0)
		watch->remote = statfs(watch->path, &file_system) != 0 ||
				is_remote(&file_system);
	watch->counting = false;
}

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

struct watch *
watch_new(const char *path)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (watch == NULL)
		return NULL;
	watch->fd = -1;
	watch->directory = -1;
	if (path == NULL)
		return watch;
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (!set_path(watch, path)) {
		watch_free(watch);
		return NULL;
	}
	watch_directory(watch);
	watch->counting = watch->directory >= 0;
	return watch;
}

struct watch *
watch_new_of_folders(void)
{
	struct watch *watch = watch_new(NULL);

	if (watch != NULL)
		watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return watch;
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
	sse_fd_close(watch->fd);
	free(watch->path);
	free(watch->name);
	free(watch);
}

int
watch_fd(const struct watch *watch)
{
	return watch->fd;
}

bool
watch_works(const struct watch *watch)
{
	return watch->fd >= 0 && watch->directory >= 0 && !watch->remote &&
	       watch->unwatched == 0;
}

/* Watches what is open, whatever its name leads to by now. */
static int
add_open(struct watch *watch, int fd, uint32_t hints)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return watch->fd >= 0 ? inotify_add_watch(watch->fd, path, hints) : -1;
}

int
watch_file(struct watch *watch, int fd)
{
	struct statfs file_system;
	int number = add_open(watch, fd, FILE_HINTS);

	/* inotify counts from 1: what is given out is -2 or less, never -1. */
	if (number >= 0 &&
	    (fstatfs(fd, &file_system) != 0 || is_remote(&file_system)))
		number = ~number;
	if (number < 0)
		watch->unwatched++;
	return number;
}

void
watch_forget(struct watch *watch, int number)
{
	if (number < 0)
		watch->unwatched--;
	if (number != -1 && watch->fd >= 0)
		(void)inotify_rm_watch(
		    watch->fd, number < 0 ? ~number : number);
}

void
watch_listen(struct watch *watch, struct watch_listener *listener)
{
	LIST_INSERT_HEAD(&watch->listeners, listener, link);
}

void
watch_unlisten(struct watch_listener *listener)
{
	LIST_REMOVE(listener, link);
}

int
watch_folder(struct watch *watch, int fd)
{
	struct statfs file_system;

	if (fstatfs(fd, &file_system) != 0 || is_remote(&file_system))
		return -1;
	return add_open(watch, fd, FOLDER_HINTS);
}

void
watch_forget_folder(struct watch *watch, int number)
{
	if (number >= 0 && watch->fd >= 0)
		(void)inotify_rm_watch(watch->fd, number);
}

static void
tell(const struct watch *watch, const struct watch_news *news)
{
	struct watch_listener *listener;

	LIST_FOREACH(listener, &watch->listeners, link)
	listener->tell(listener->context, news);
}

static void
tell_hint(const struct watch *watch, const struct inotify_event *hint)
{
	struct watch_news news = {
	    .folder = hint->wd,
	    .came = (hint->mask & BIRTHS) != 0,
	    .is_folder = (hint->mask & IN_ISDIR) != 0,
	};

	if (hint->mask & (IN_Q_OVERFLOW | IN_IGNORED)) {
		tell(watch, &news);
	} else if (hint->len > 0 &&
		   (hint->mask & (BIRTHS | IN_MOVED_FROM | IN_DELETE))) {
		news.name = hint->name;
		tell(watch, &news);
	}
}

static bool
is_counted(const struct watch *watch, const char *name)
{
	if (watch->is_counted != NULL)
		return watch->is_counted(watch->context, name);
	return strcmp(name, watch->name) == 0;
}

static void
take_hint(struct watch *watch, const struct inotify_event *hint)
{
	if (hint->mask & IN_Q_OVERFLOW)
		watch->counting = false;
	if (hint->wd != watch->directory)
		return;
	if (hint->mask & (IN_IGNORED | IN_MOVE_SELF)) {
		/* The path may lead to another directory now. */
		if (!(hint->mask & IN_IGNORED))
			(void)inotify_rm_watch(watch->fd, watch->directory);
		watch->directory = -1;
		watch->counting = false;
	} else if ((hint->mask & BIRTHS) && hint->len > 0 &&
		   is_counted(watch, hint->name)) {
		watch->births++;
	}
}

static void
take_hints(struct watch *watch, const char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		const struct inotify_event *hint =
		    (const struct inotify_event *)(const void *)(bytes + at);

		tell_hint(watch, hint);
		take_hint(watch, hint);
		at += sizeof(*hint) + hint->len;
	}
}

/* What cannot be read would be ready all the time: there are no hints then. */
static void
give_up(struct watch *watch)
{
	sse_fd_close(watch->fd);
	watch->fd = watch->directory = -1;
	watch->counting = false;
	tell(watch, &(struct watch_news){.folder = -1});
}

void
watch_drain(struct watch *watch)
{
	_Alignas(struct inotify_event) UNSET char bytes[WATCH_READ_SIZE];
	ssize_t got;

	if (watch->fd < 0)
		return;
	/* Where there was room for any other one, these were all. */
	do {
		got = sse_fd_read(watch->fd, bytes, sizeof(bytes));
		if (got > 0)
			take_hints(watch, bytes, (size_t)got);
	} while (got > (ssize_t)(sizeof(bytes) - HINT_SIZE_MAX));
	if (got < 0 && got != -EAGAIN)
		give_up(watch);
	watch_directory(watch);
}

/*
 * What changes a folder holds its lock until the hint is queued, and reading it
 * takes that lock: so one entry is read.
 */
bool
watch_drain_folder(struct watch *watch, int fd)
{
	_Alignas(struct dirent64) char entry[sizeof(struct dirent64)];

	if (getdents64(fd, (void *)entry, sizeof(entry)) < 0)
		return false;
	watch_drain(watch);
	return watch->fd >= 0;
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

void
watch_count_anew(struct watch *watch)
{
	watch->counting = watch->directory >= 0;
}
