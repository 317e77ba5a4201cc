/*
 * obstacle.c - what on the way to a file keeps the program from it.
 *
 * The way is gone by names, link by link, since what is asked for is a name.
 * It is only for the words: nothing is opened here, and a way that somebody has
 * made so long that it takes time is not gone to its end.
 */
#include "config.h"

#include "base/obstacle.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inside.h"
#include "base/result.h"
#include "fdio.h"

#define NAME_SIZE_MAX 64 /* bytes of a user or group in a text, with a NUL */
#define OBSTACLE_LINKS_MAX 40 /* of one way, as the kernel has it */

/* The way to a path, as far as it was gone. */
struct way {
	char path[PATH_MAX]; /* without the links that it was gone through */
	size_t size;         /* bytes of it that were gone */
	int links;
	int names;
	struct stat stat; /* of what was come to last */
};

/* The bytes of the way to the next name, with it. */
static size_t
next_size(const struct way *way)
{
	const char *at = way->path + way->size;

	at += strspn(at, "/");
	return (size_t)(at + strcspn(at, "/") - way->path);
}

/* What the name that was come to leads to takes its place. */
static int
go_through(struct way *way, size_t size)
{
	char target[PATH_MAX], path[PATH_MAX];
	ssize_t got;
	int put, folder = 0;
	char behind = way->path[size];

	way->path[size] = '\0';
	got = readlink(way->path, target, sizeof(target) - 1);
	if (got < 0)
		return -errno;
	target[got] = '\0';
	if (target[0] != '/')
		folder = (int)(strrchr(way->path, '/') - way->path) + 1;
	way->path[size] = behind;
	put = snprintf(path, sizeof(path), "%.*s%s%s", folder, way->path,
	    target, way->path + size);
	if (put < 0 || (size_t)put >= sizeof(path))
		return -ENAMETOOLONG;
	if (++way->links > OBSTACLE_LINKS_MAX)
		return -ELOOP;
	memcpy(way->path, path, (size_t)put + 1);
	way->size = 0;
	return 0;
}

/* One name further: 0, or why not; then all before way->size is there. */
static int
step(struct way *way)
{
	size_t size = next_size(way);
	char behind = way->path[size];
	struct stat stat;
	int error = 0;

	assert(size > way->size);
	if (++way->names > OBSTACLE_NAMES_MAX)
		return -ELOOP;
	way->path[size] = '\0';
	if (lstat(way->path, &stat) != 0)
		error = -errno;
	way->path[size] = behind;
	if (error != 0)
		return error;
	if (S_ISLNK(stat.st_mode))
		return go_through(way, size);
	way->stat = stat;
	way->size = size;
	return 0;
}

static bool
is_at_end(const struct way *way)
{
	return way->path[way->size + strspn(way->path + way->size, "/")] ==
	       '\0';
}

/* To the end, or to what cannot be gone past. */
static int
go(struct way *way, const char *path)
{
	char base[PATH_MAX] = "";
	int error = 0, size;

	if (path[0] != '/' && getcwd(base, sizeof(base)) == NULL)
		return -errno;
	size = snprintf(way->path, PATH_MAX, "%s%s%s", base,
	    path[0] == '/' ? "" : "/", path);
	if (size < 0 || (size_t)size >= PATH_MAX)
		return -ENAMETOOLONG;
	if (lstat("/", &way->stat) != 0)
		return -errno;
	while (error == 0 && !is_at_end(way))
		error = step(way);
	if (error == 0)
		way->path[way->size] = '\0';
	return error;
}

/* ------------------------------------------------------------- the words -- */

/* As snprintf(3), but what is cut is cut; the bytes that are there. */
static size_t put(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static size_t
put(char *text, size_t size, const char *format, ...)
{
	va_list arguments;
	int whole;

	va_start(arguments, format);
	whole = vsnprintf(text, size, format, arguments);
	va_end(arguments);
	if (whole < 0)
		return 0;
	return (size_t)whole < size ? (size_t)whole : size - 1;
}

struct name {
	char text[NAME_SIZE_MAX];
};

/* As it is known, or a number. */
static struct name
name_of(const char *known, unsigned long number)
{
	struct name name;

	if (known == NULL)
		put(name.text, sizeof(name.text), "%lu", number);
	else
		put(name.text, sizeof(name.text), "%s", known);
	return name;
}

static struct name
user_name(uid_t user)
{
	return name_of(inside_user(user), user);
}

static struct name
group_name(gid_t group)
{
	return name_of(inside_group(group), group);
}

/*
 * A path for a shell: in quotes where it needs them.  Who can make a link could
 * have a command pasted: what quotes do not hold is not shown, and "" is.
 */
static void
put_shell_path(const char *path, char *text, size_t size)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz"
				    "0123456789/._-+,:@%";
	const char *quote = path[strspn(path, plain)] == '\0' ? "" : "'";

	for (const char *at = path; *at != '\0'; at++)
		if (*at == '\'' || (unsigned char)*at < ' ')
			size = 1;
	if (put(text, size, "%s%s%s", quote, path, quote) + 1 >= size)
		text[0] = '\0';
}

/* What to write so that the user may do it, which is 'r' or 'x'. */
static void
put_cure(const struct way *way, char permission, char *text, size_t size)
{
	const struct stat *stat = &way->stat;
	struct name user = user_name(geteuid());
	mode_t bit = permission == 'r' ? S_IRGRP : S_IXGRP;
	char path[OBSTACLE_TEXT_SIZE_MAX / 2];

	assert(permission == 'r' || permission == 'x');
	put_shell_path(way->path, path, sizeof(path));
	if (stat->st_uid != geteuid() && (stat->st_mode & (bit >> 3)) != 0)
		put(text, size,
		    "; its mode allows it: an ACL, SELinux, AppArmor or the"
		    " unit's sandbox does not");
	else if (stat->st_uid != geteuid() && (stat->st_mode & bit) != 0 &&
		 stat->st_gid != 0)
		put(text, size,
		    "; write: adduser %s %s, and restart what runs as %s",
		    user.text, group_name(stat->st_gid).text, user.text);
	else if (path[0] == '\0')
		text[0] = '\0';
	else if (stat->st_uid == geteuid())
		put(text, size, "; write: chmod u+%c %s", permission, path);
	else
		put(text, size, "; write: setfacl -m u:%s:%c %s", user.text,
		    permission, path);
	/* A command that is cut is another one. */
	if (strlen(text) + 1 >= size)
		text[0] = '\0';
}

/* What was come to may not be read, or gone into. */
static bool
explain_denied(const struct way *way, char permission, char *text)
{
	const struct stat *stat = &way->stat;
	bool is_folder = S_ISDIR(stat->st_mode);
	size_t size = put(text, OBSTACLE_TEXT_SIZE_MAX,
	    "%s may not %s the %s %s, which is %s:%s %04o",
	    user_name(geteuid()).text, permission == 'r' ? "read" : "enter",
	    is_folder ? "folder" : "file", way->path,
	    user_name(stat->st_uid).text, group_name(stat->st_gid).text,
	    (unsigned)stat->st_mode & 07777U);

	put_cure(way, permission, text + size, OBSTACLE_TEXT_SIZE_MAX - size);
	return true;
}

/* A name is not there. */
static bool
explain_missing(struct way *way, char *text)
{
	size_t size = next_size(way);
	bool is_last = way->path[size] == '\0';

	way->path[size] = '\0';
	if (is_last && way->links == 0)
		return false;
	put(text, OBSTACLE_TEXT_SIZE_MAX,
	    is_last ? "a link leads to %s, which does not exist"
		    : "the folder %s does not exist",
	    way->path);
	return true;
}

/* The system lets the user read it, but not the program in its sandbox. */
static bool
explain_sandbox(const struct way *way, char *text)
{
	put(text, OBSTACLE_TEXT_SIZE_MAX,
	    "%s is not in a folder that the sandbox has allowed at the start:"
	    " " OBSTACLE_SANDBOX ", or its folder in the key sandbox-read",
	    way->path);
	return true;
}

/* It looks like a file that could be followed. */
static bool
explain_of_kernel(const struct way *way, char *text)
{
	int fd = sse_fd_open(way->path, O_PATH);
	bool is = fd >= 0 && sse_fd_is_of_kernel(fd);

	sse_fd_close(fd);
	if (is)
		put(text, OBSTACLE_TEXT_SIZE_MAX,
		    "%s is made by the kernel as it is read, and nothing is"
		    " added to it",
		    way->path);
	return is;
}

/* The last name is there, and cannot be read. */
static bool
explain_end(const struct way *way, int error, char *text)
{
	mode_t mode = way->stat.st_mode;

	if (error == -EACCES &&
	    faccessat(AT_FDCWD, way->path, R_OK, AT_EACCESS) != 0)
		return explain_denied(way, 'r', text);
	if (error == -EACCES && inside_is())
		return explain_sandbox(way, text);
	if (error != RESULT_WRONG_KIND)
		return false;
	if (S_ISREG(mode) || S_ISFIFO(mode))
		return explain_of_kernel(way, text);
	put(text, OBSTACLE_TEXT_SIZE_MAX,
	    S_ISDIR(mode) ? "%s is a folder; write the path of a file in it"
			  : "%s is neither a regular file nor a FIFO",
	    way->size > 0 ? way->path : "/");
	return true;
}

bool
obstacle_explain(const char *path, int error, char text[OBSTACLE_TEXT_SIZE_MAX])
{
	struct way way = {.size = 0};
	int found = go(&way, path);

	if (found == 0)
		return explain_end(&way, error, text);
	if (found != error)
		return false;
	if (found == -ENOENT)
		return explain_missing(&way, text);
	way.path[way.size > 0 ? way.size : 1] = '\0';
	if (found == -EACCES)
		return explain_denied(&way, 'x', text);
	if (found != -ENOTDIR)
		return false;
	put(text, OBSTACLE_TEXT_SIZE_MAX, "%s is no folder", way.path);
	return true;
}
