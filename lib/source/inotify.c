/*
 * inotify.c - marks, which the kernel knows by numbers, and who watches them.
 *
 * A file is watched through /proc/self/fd, so that it is the one that is open,
 * whatever its name leads to by now.
 */
#include "config.h"

#include "source/inotify.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>

#include "base/unset.h"
#include "fdio.h"

#define BIRTHS (IN_CREATE | IN_MOVED_TO)
#define DEATHS (IN_MOVED_FROM | IN_DELETE)
#define HINT_SIZE_MAX (sizeof(struct inotify_event) + NAME_MAX + 1)
/*
 * No hint that a file in a folder itself can cause, as IN_ATTRIB: for these the
 * kernel goes through all the files that it knows there, and there may be very
 * many.
 */
#define FOLDER_HINTS \
	(BIRTHS | DEATHS | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
#define FILE_HINTS (IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF)

struct inotify {
	int fd;
	bool is_broken; /* nothing can be read any more */
	LIST_HEAD(, inotify_mark) marks;
	void *by_number; /* the same, as tsearch() has them */
};

/* --------------------------------------------------------- file systems -- */

/* Those whose changes may come from elsewhere; see statfs(2). */
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

static bool
is_sure_path(const char *path)
{
	struct statfs file_system;

	return statfs(path, &file_system) == 0 && !is_remote(&file_system);
}

static bool
is_sure_file(int fd)
{
	struct statfs file_system;

	return fstatfs(fd, &file_system) == 0 && !is_remote(&file_system);
}

/* ---------------------------------------------------- made and unmade -- */

struct inotify *
inotify_new(void)
{
	struct inotify *inotify = calloc(1, sizeof(*inotify));

	if (inotify != NULL)
		inotify->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return inotify;
}

void
inotify_free(struct inotify *inotify)
{
	if (inotify == NULL)
		return;
	sse_fd_close(inotify->fd);
	free(inotify);
}

int
inotify_fd(const struct inotify *inotify)
{
	return inotify->is_broken ? -1 : inotify->fd;
}

/* --------------------------------------------------------------- marks -- */

static int
compare_numbers(const void *a, const void *b)
{
	int one = ((const struct inotify_mark *)a)->number;
	int other = ((const struct inotify_mark *)b)->number;

	return (one > other) - (one < other);
}

static struct inotify_mark *
find_mark(const struct inotify *inotify, int number)
{
	const struct inotify_mark wanted = {.number = number};
	void *found = tfind(&wanted, &inotify->by_number, compare_numbers);

	return found != NULL ? *(struct inotify_mark **)found : NULL;
}

static struct inotify_mark *
add_mark(struct inotify *inotify, int number, bool is_folder)
{
	struct inotify_mark *mark = inotify_mark_new(number, is_folder);

	if (mark == NULL ||
	    tsearch(mark, &inotify->by_number, compare_numbers) == NULL) {
		(void)inotify_rm_watch(inotify->fd, number);
		inotify_mark_free(mark);
		return NULL;
	}
	LIST_INSERT_HEAD(&inotify->marks, mark, link);
	return mark;
}

static void
drop_mark(struct inotify *inotify, struct inotify_mark *mark)
{
	(void)tdelete(mark, &inotify->by_number, compare_numbers);
	LIST_REMOVE(mark, link);
	inotify_mark_free(mark);
}

/* Nobody watches it, unless it is just being told who does. */
static void
drop_if_unused(struct inotify *inotify, struct inotify_mark *mark)
{
	if (mark->count > 0 || mark->is_telling)
		return;
	(void)inotify_rm_watch(inotify->fd, mark->number);
	drop_mark(inotify, mark);
}

/*
 * The mark with that number for one more user; NULL: none.  What waits to be
 * told happened before he came: it is told to the others, and the mark may be
 * gone then.
 */
static struct inotify_mark *
mark_for(struct inotify *inotify, int number, bool is_folder,
    const struct inotify_user *user)
{
	struct inotify_mark *mark = find_mark(inotify, number);

	if (mark == NULL)
		return add_mark(inotify, number, is_folder);
	if (mark == user->mark)
		return mark;
	inotify_drain(inotify);
	return find_mark(inotify, number);
}

/* What the kernel has a number for, or -1, is what the user watches. */
static bool
watch(struct inotify *inotify, int number, bool is_folder,
    struct inotify_user *user)
{
	struct inotify_mark *mark = NULL;
	bool is_watched;

	if (number >= 0)
		mark = mark_for(inotify, number, is_folder, user);
	if (mark != NULL && mark == user->mark)
		return true;
	inotify_forget(inotify, user);
	if (mark == NULL)
		return false;
	is_watched = inotify_mark_join(mark, user);
	drop_if_unused(inotify, mark);
	return is_watched;
}

static int
number_of(const struct inotify *inotify, const char *path, uint32_t hints)
{
	if (inotify_fd(inotify) < 0)
		return -1;
	return inotify_add_watch(inotify->fd, path, hints);
}

static int
number_of_open(const struct inotify *inotify, int fd, uint32_t hints)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return number_of(inotify, path, hints);
}

bool
inotify_watch_path(
    struct inotify *inotify, const char *path, struct inotify_user *user)
{
	if (!watch(inotify, number_of(inotify, path, FOLDER_HINTS), true, user))
		return false;
	user->is_sure = is_sure_path(path);
	return true;
}

bool
inotify_watch_folder(struct inotify *inotify, int fd, struct inotify_user *user)
{
	int number = number_of_open(inotify, fd, FOLDER_HINTS);

	if (!watch(inotify, number, true, user))
		return false;
	user->is_sure = is_sure_file(fd);
	return true;
}

bool
inotify_watch_file(struct inotify *inotify, int fd, struct inotify_user *user)
{
	int number = number_of_open(inotify, fd, FILE_HINTS);

	if (!watch(inotify, number, false, user))
		return false;
	user->is_sure = is_sure_file(fd);
	return true;
}

void
inotify_forget(struct inotify *inotify, struct inotify_user *user)
{
	struct inotify_mark *mark = user->mark;

	user->is_sure = false;
	if (mark == NULL)
		return;
	inotify_mark_leave(mark, user);
	drop_if_unused(inotify, mark);
}

/* --------------------------------------------------------------- hints -- */

/* With the last user who forgets it the mark goes. */
static void
tell_users(
    struct inotify *inotify, struct inotify_mark *mark, const struct hint *hint)
{
	inotify_mark_tell(mark, hint);
	drop_if_unused(inotify, mark);
}

static void
tell_lost(struct inotify *inotify)
{
	const struct hint hint = {.kind = HINT_LOST, .name = ""};
	struct inotify_mark *mark = LIST_FIRST(&inotify->marks);

	while (mark != NULL) {
		struct inotify_mark *next = LIST_NEXT(mark, link);

		tell_users(inotify, mark, &hint);
		mark = next;
	}
}

/* The kernel has given it up. */
static void
end_mark(struct inotify *inotify, struct inotify_mark *mark)
{
	const struct hint hint = {.kind = HINT_OVER, .name = ""};

	while (mark->count > 0) {
		struct inotify_user *user = mark->users[mark->count - 1];

		inotify_mark_leave(mark, user);
		user->tell(user->context, &hint);
	}
	drop_mark(inotify, mark);
}

static enum hint_kind
kind_of(const struct inotify_mark *mark, const struct inotify_event *event)
{
	if (mark->is_folder && event->len > 0 && (event->mask & BIRTHS))
		return HINT_CAME;
	if (mark->is_folder && event->len > 0 && (event->mask & DEATHS))
		return HINT_WENT;
	if (mark->is_folder && (event->mask & IN_MOVE_SELF))
		return HINT_MOVED;
	return HINT_CHANGED;
}

/* As it is told. */
static struct hint
hint_of(const struct inotify_mark *mark, const struct inotify_event *event)
{
	enum hint_kind kind = kind_of(mark, event);
	bool is_name = kind == HINT_CAME || kind == HINT_WENT;

	return (struct hint){
	    .kind = kind,
	    .name = is_name ? event->name : "",
	    .is_folder = (event->mask & IN_ISDIR) != 0,
	};
}

static void
take_event(struct inotify *inotify, const struct inotify_event *event)
{
	struct inotify_mark *mark;
	struct hint hint;

	if (event->mask & IN_Q_OVERFLOW) {
		tell_lost(inotify);
		return;
	}
	/* What came before it was forgotten may be told afterwards. */
	mark = find_mark(inotify, event->wd);
	if (mark == NULL)
		return;
	if (event->mask & IN_IGNORED) {
		end_mark(inotify, mark);
		return;
	}
	hint = hint_of(mark, event);
	tell_users(inotify, mark, &hint);
}

static void
take_events(struct inotify *inotify, const char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		const struct inotify_event *event =
		    (const struct inotify_event *)(const void *)(bytes + at);

		take_event(inotify, event);
		at += sizeof(*event) + event->len;
	}
}

void
inotify_drain(struct inotify *inotify)
{
	_Alignas(struct inotify_event) UNSET char bytes[INOTIFY_READ_SIZE];
	ssize_t got = 0;

	if (inotify_fd(inotify) < 0)
		return;
	for (int reads = 0; reads < INOTIFY_READS_MAX; reads++) {
		got = sse_fd_read(inotify->fd, bytes, sizeof(bytes));
		if (got > 0)
			take_events(inotify, bytes, (size_t)got);
		/* Where there was room for any other one, these were all. */
		if (got == -EAGAIN ||
		    (got >= 0 &&
			got <= (ssize_t)(sizeof(bytes) - HINT_SIZE_MAX)))
			return;
		if (got < 0)
			break;
	}
	/* It would be ready all the time: there are no hints then. */
	inotify->is_broken = got < 0;
	tell_lost(inotify);
}

/*
 * What changes a folder holds its lock until the hint is queued, and reading it
 * takes that lock: so one entry is read.
 */
bool
inotify_drain_folder(struct inotify *inotify, int fd)
{
	_Alignas(struct dirent64) char entry[sizeof(struct dirent64)];

	if (getdents64(fd, (void *)entry, sizeof(entry)) < 0)
		return false;
	inotify_drain(inotify);
	return inotify_fd(inotify) >= 0;
}
