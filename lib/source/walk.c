/*
 * walk.c - the way to a file, one name after the other.
 *
 * By descriptor: what was looked at is what is gone through, whatever its name
 * leads to by then.  A way without links, as most are, is one call.
 */
#include "config.h"

#include "source/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* A link that was not followed. */
struct refusal {
	int link; /* O_PATH; -1: none */
	uint32_t owner;
	uint32_t target_owner;
};

struct walker {
	int links;
	int names; /* that were gone one by one */
	struct refusal refusal;
};

static const struct walk nowhere = {.fd = -1, .folder = -1};

void
walk_done(struct walk *walk)
{
	sse_fd_close(walk->fd);
	sse_fd_close(walk->folder);
	*walk = nowhere;
}

static bool
may_follow(const struct sse_file_stat *link, const struct sse_file_stat *target)
{
	return link->owner == 0 || link->owner == geteuid() ||
	       link->owner == target->owner;
}

/* The link that the walk has come to, which leads to the target. */
static int
judge(struct walker *walker, struct walk *walk, const struct walk *target)
{
	if (may_follow(&walk->stat, &target->stat))
		return 0;
	if (walker->refusal.link < 0)
		walker->refusal = (struct refusal){
		    fcntl(walk->fd, F_DUPFD_CLOEXEC, 0),
		    walk->stat.owner,
		    target->stat.owner,
		};
	return RESULT_REFUSED;
}

/* The text of such a link need be no path: "pipe:[123]". */
static bool
is_of_proc(int link)
{
	struct statfs file_system;

	return fstatfs(link, &file_system) == 0 &&
	       file_system.f_type == PROC_SUPER_MAGIC;
}

static int walk_path(
    struct walker *walker, int from, const char *path, struct walk *walk);

/* What the kernel says that a link of its own leads to. */
static int
walk_through(struct walk *walk, struct walk *target)
{
	int fd = sse_fd_open_at(walk->folder, walk->name, O_PATH);
	int error = fd < 0 ? fd : sse_fd_stat(fd, &target->stat);

	if (error == 0)
		target->folder = fcntl(walk->folder, F_DUPFD_CLOEXEC, 0);
	if (error == 0 && target->folder < 0)
		error = -errno;
	if (error != 0) {
		sse_fd_close(fd);
		return error;
	}
	target->fd = fd;
	memcpy(target->name, walk->name, sizeof(target->name));
	return 0;
}

/* The text of a link, though a signal comes first. */
static ssize_t
read_link(int link, char *text, size_t size)
{
	ssize_t got;

	do
		got = readlinkat(link, "", text, size);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Goes on from the link that the walk has come to, to what it leads to. */
static int
follow(struct walker *walker, struct walk *walk)
{
	struct walk target = nowhere;
	char path[PATH_MAX];
	ssize_t size;
	int error;

	if (++walker->links > WALK_LINKS_MAX)
		return -ELOOP;
	if (is_of_proc(walk->fd)) {
		error = walk_through(walk, &target);
	} else {
		size = read_link(walk->fd, path, sizeof(path) - 1);
		if (size < 0)
			return -errno;
		path[size] = '\0';
		error = walk_path(walker, walk->folder, path, &target);
	}
	if (error == 0)
		error = judge(walker, walk, &target);
	if (error != 0) {
		walk_done(&target);
		return error;
	}
	walk_done(walk);
	*walk = target;
	return 0;
}

/* Goes on to the next name, and through it if it is a link. */
static int
step(struct walker *walker, struct walk *walk, const char *name, size_t size)
{
	int error;

	if (size > NAME_MAX)
		return -ENAMETOOLONG;
	if (++walker->names > WALK_NAMES_MAX)
		return -ELOOP;
	sse_fd_close(walk->folder);
	walk->folder = walk->fd;
	memcpy(walk->name, name, size);
	walk->name[size] = '\0';
	walk->fd =
	    sse_fd_open_at(walk->folder, walk->name, O_PATH | O_NOFOLLOW);
	error = walk->fd < 0 ? walk->fd : sse_fd_stat(walk->fd, &walk->stat);
	return error == 0 && S_ISLNK(walk->stat.mode) ? follow(walker, walk)
						      : error;
}

/* Where a path begins. */
static int
begin(int from, const char *path, struct walk *walk)
{
	const char *name = path[0] == '/' ? "/" : ".";

	*walk = nowhere;
	if (path[0] == '\0')
		return -ENOENT;
	walk->fd = sse_fd_open_at(from, name, O_PATH | O_DIRECTORY);
	return walk->fd < 0 ? walk->fd : sse_fd_stat(walk->fd, &walk->stat);
}

/*
 * Before the last name in one call, where there are no links so far: that name.
 * NULL: there are, or nobody can say, or there is only one name.
 */
static const char *
begin_straight(int from, const char *path, struct walk *walk)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	size_t size;

	*walk = nowhere;
	if (slash == NULL || slash[1] == '\0')
		return NULL;
	size = (size_t)(slash - path) + 1;
	if (size >= sizeof(folder))
		return NULL;
	memcpy(folder, path, size);
	folder[size] = '\0';
	walk->fd = sse_fd_open_unlinked(from, folder, O_PATH | O_DIRECTORY);
	return walk->fd >= 0 ? slash + 1 : NULL;
}

/* From a folder on, which is borrowed; after an error nothing is open. */
static int
walk_path(struct walker *walker, int from, const char *path, struct walk *walk)
{
	const char *at = begin_straight(from, path, walk);
	int error = 0;

	if (at == NULL) {
		error = begin(from, path, walk);
		at = path + strspn(path, "/");
	}
	while (error == 0 && *at != '\0') {
		size_t size = strcspn(at, "/");

		error = step(walker, walk, at, size);
		at += size;
		if (error == 0 && *at == '/' && !S_ISDIR(walk->stat.mode))
			error = -ENOTDIR;
		at += strspn(at, "/");
	}
	if (error != 0)
		walk_done(walk);
	return error;
}

static void
walker_done(struct walker *walker)
{
	sse_fd_close(walker->refusal.link);
}

int
walk_from(struct walk *walk, int folder, const char *path)
{
	struct walker walker = {.refusal = {.link = -1}};
	int error = walk_path(&walker, folder, path, walk);

	walker_done(&walker);
	return error;
}

int
walk_to(struct walk *walk, const char *path)
{
	return walk_from(walk, AT_FDCWD, path);
}

/* ------------------------------------------------------ what is there -- */

/* A descriptor of what a path leads to, O_PATH, and what that is. */
static int
look(const char *path, struct sse_file_stat *ret_stat)
{
	struct walk walk;
	int fd = sse_fd_open_unlinked(AT_FDCWD, path, O_PATH);
	int error;

	if (fd >= 0) {
		error = sse_fd_stat(fd, ret_stat);
		if (error == 0)
			return fd;
		sse_fd_close(fd);
		return error;
	}
	/* There are links, or nobody can say. */
	error = fd == -ENOENT ? fd : walk_to(&walk, path);
	if (error != 0)
		return error;
	*ret_stat = walk.stat;
	fd = walk.fd;
	sse_fd_close(walk.folder);
	return fd;
}

int
walk_stat(const char *path, struct sse_file_stat *ret_stat)
{
	int fd = look(path, ret_stat);

	if (fd < 0)
		return fd;
	sse_fd_close(fd);
	return 0;
}

/* What was looked at, and how to come to it again. */
struct looked_at {
	int fd; /* O_PATH */
	struct sse_file_stat stat;
	int folder;
	const char *path;
};

/*
 * Where there is no /proc, as in some chroots: the name again, if it is still
 * that file's.
 */
static int
open_by_name(const struct looked_at *looked_at, int flags)
{
	struct sse_file_stat stat;
	int fd = sse_fd_open_at(looked_at->folder, looked_at->path, flags);
	int error = fd < 0 ? fd : sse_fd_stat(fd, &stat);

	if (error == 0 && (stat.device != looked_at->stat.device ||
			      stat.inode != looked_at->stat.inode))
		error = -ENOENT;
	if (error == 0)
		return fd;
	sse_fd_close(fd);
	return error;
}

/* Opens for good what was looked at, which is closed. */
static int
open_looked_at(struct looked_at *looked_at, uint32_t kind, int flags)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	int fd = RESULT_WRONG_KIND;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", looked_at->fd);
	if ((looked_at->stat.mode & S_IFMT) == kind) {
		fd = sse_fd_open(path, flags | O_NONBLOCK);
		if (fd == -ENOENT)
			fd = open_by_name(looked_at, flags | O_NONBLOCK);
	}
	sse_fd_close(looked_at->fd);
	return fd;
}

int
walk_open(const char *path, uint32_t kind, int flags)
{
	struct looked_at looked_at = {.folder = AT_FDCWD, .path = path};

	looked_at.fd = look(path, &looked_at.stat);
	if (looked_at.fd < 0)
		return looked_at.fd;
	if (!sse_fd_is_of_kernel(looked_at.fd))
		return open_looked_at(&looked_at, kind, flags);
	sse_fd_close(looked_at.fd);
	return RESULT_WRONG_KIND;
}

int
walk_open_name(int folder, const char *name, uint32_t kind, int flags,
    struct sse_file_stat *ret_stat)
{
	struct looked_at looked_at = {.folder = folder, .path = name};
	int error;

	looked_at.fd = sse_fd_open_at(folder, name, O_PATH | O_NOFOLLOW);
	error = looked_at.fd < 0 ? looked_at.fd
				 : sse_fd_stat(looked_at.fd, &looked_at.stat);
	if (error == 0 && S_ISLNK(looked_at.stat.mode))
		error = -ELOOP;
	if (error != 0) {
		sse_fd_close(looked_at.fd);
		return error;
	}
	if (ret_stat != NULL)
		*ret_stat = looked_at.stat;
	return open_looked_at(&looked_at, kind, flags);
}

int
walk_open_known(int folder, const char *name, uint32_t kind, int flags,
    struct sse_file_stat *ret_stat)
{
	int fd = sse_fd_open_at(folder, name, flags | O_NOFOLLOW | O_NONBLOCK);
	int error = fd < 0 ? fd : sse_fd_stat(fd, ret_stat);

	if (error == 0 && (ret_stat->mode & S_IFMT) != kind)
		error = RESULT_WRONG_KIND;
	if (error == 0)
		return fd;
	sse_fd_close(fd);
	return error;
}

/* An access list that lets others write shows as the group's right. */
bool
walk_is_guarded(const struct sse_file_stat *folder)
{
	return (folder->owner == 0 || folder->owner == geteuid()) &&
	       (folder->mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* ---------------------------------------------------------- refusals -- */

/* The path of what is open, as far as the kernel says. */
static void
path_of(int fd, char *path, size_t size)
{
	char link[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	ssize_t got;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	got = readlink(link, path, size - 1);
	path[got > 0 ? got : 0] = '\0';
}

bool
walk_explain(const char *path, char reason[WALK_REASON_SIZE_MAX])
{
	struct walker walker = {.refusal = {.link = -1}};
	const struct refusal *refusal = &walker.refusal;
	char link[WALK_REASON_SIZE_MAX / 2];
	struct walk walk;
	bool refused =
	    walk_path(&walker, AT_FDCWD, path, &walk) == RESULT_REFUSED;

	if (refused) {
		path_of(refusal->link, link, sizeof(link));
		(void)snprintf(reason, WALK_REASON_SIZE_MAX,
		    "The link %s, of user %u, leads to a file of user %u, and "
		    "is not followed: write the target's path instead, or "
		    "chown -h root the link",
		    link, refusal->owner, refusal->target_owner);
	}
	walk_done(&walk);
	walker_done(&walker);
	return refused;
}

bool
walk_is_gone(int error)
{
	return error == -ENOENT || error == -ELOOP || error == -ENXIO ||
	       error == -ENODEV || error == -EISDIR || error == -ESTALE;
}
