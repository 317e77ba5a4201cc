/*
 * sandbox.c - what has to be reached, as rules of the kernel.
 *
 * A right lies on a folder as it is, not on its name.  So what is given is
 * kept as what it was, and what is asked later is looked for above.
 */
#include "config.h"

#include "program/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/inside.h"
#include "fdio.h"
#include "program/landlock.h"
#include "program/seccomp_filter.h"

static_assert((unsigned)REACH_READ == (unsigned)LANDLOCK_READ &&
		  (unsigned)REACH_WRITE == (unsigned)LANDLOCK_WRITE &&
		  (unsigned)REACH_MAKE == (unsigned)LANDLOCK_MAKE &&
		  (unsigned)REACH_REMOVE == (unsigned)LANDLOCK_REMOVE,
    "a right of one is that of the other");

/* A folder or file with rights; its device and inode are what it is. */
struct sandbox_given {
	struct sse_file_stat stat;
	unsigned rights;
};

static bool
same_file(const struct sse_file_stat *a, const struct sse_file_stat *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* The folder above, O_PATH; -1: there is none but "/", or nobody can say. */
static int
open_above(int fd, const struct sse_file_stat *stat)
{
	struct sse_file_stat above, root;
	int up = sse_fd_open_at(fd, "..", O_PATH | O_DIRECTORY);
	int top = sse_fd_open("/", O_PATH | O_DIRECTORY);
	bool is_some = up >= 0 && top >= 0 && sse_fd_stat(up, &above) == 0 &&
		       sse_fd_stat(top, &root) == 0 &&
		       !same_file(&above, stat) && !same_file(&above, &root);

	sse_fd_close(top);
	if (is_some)
		return up;
	sse_fd_close(up);
	return -1;
}

/* ------------------------------------------------------------- entering -- */

/* The rights that a reach is given. */
static unsigned
rights_of(unsigned reach)
{
	unsigned rights = reach & ~(unsigned)REACH_HOLD;

	return rights | ((reach & REACH_HOLD) != 0 ? LANDLOCK_WRITE : 0);
}

static int
give(struct sandbox *sandbox, const struct landlock *landlock, int fd,
    unsigned rights)
{
	struct sandbox_given given = {.rights = rights};
	int error = sse_fd_stat(fd, &given.stat);

	if (error != 0)
		return error;
	sandbox->given[sandbox->count++] = given;
	return landlock_allow(landlock, fd, rights);
}

/* Gone in the meantime, or not for this user: there is nothing to give. */
static bool
is_nothing(int error)
{
	return error == -ENOENT || error == -ENOTDIR || error == -EACCES ||
	       error == -ELOOP;
}

/*
 * What only could not be opened now, as without a descriptor, is an error: it
 * would be out of reach for good.
 */
static int
give_reach(struct sandbox *sandbox, const struct landlock *landlock,
    const struct reach *reach)
{
	struct sse_file_stat stat;
	int fd = sse_fd_open(reach->path, O_PATH);
	int above = -1, error;

	if (fd < 0)
		return is_nothing(fd) ? 0 : fd;
	if (reach->may_be_anew && sse_fd_stat(fd, &stat) == 0)
		above = open_above(fd, &stat);
	error = give(sandbox, landlock, above >= 0 ? above : fd,
	    rights_of(reach->rights));
	sse_fd_close(above);
	sse_fd_close(fd);
	return error;
}

static int
give_all(struct sandbox *sandbox, const struct landlock *landlock,
    const struct reaches *reaches)
{
	int error = 0;

	for (size_t i = 0; i < reaches->count && error == 0; i++)
		error = give_reach(sandbox, landlock, &reaches->list[i]);
	for (size_t i = 0; i < reaches->port_count && error == 0; i++)
		error = landlock_allow_port(landlock, reaches->ports[i]);
	return error;
}

static bool
makes_files(const struct reaches *reaches)
{
	bool makes = false;

	for (size_t i = 0; i < reaches->count; i++)
		makes |= (reaches->list[i].rights & REACH_MAKE) != 0;
	return makes;
}

/* What is given, besides files. */
static int
keep(struct sandbox *sandbox, const struct reaches *reaches)
{
	sandbox->given = calloc(reaches->count + 1, sizeof(*sandbox->given));
	sandbox->ports =
	    calloc(reaches->port_count + 1, sizeof(*sandbox->ports));
	if (sandbox->given == NULL || sandbox->ports == NULL)
		return -ENOMEM;
	if (reaches->port_count > 0)
		memcpy(sandbox->ports, reaches->ports,
		    reaches->port_count * sizeof(*sandbox->ports));
	sandbox->port_count = reaches->port_count;
	sandbox->makes = makes_files(reaches);
	sandbox->local = reaches->local;
	sandbox->abstract = reaches->abstract;
	return 0;
}

static int
confine_files(struct sandbox *sandbox, const struct reaches *reaches,
    const char **ret_lacks)
{
	struct landlock landlock;
	int error = landlock_init(&landlock, reaches->abstract);

	if (error != 0)
		return error;
	error = give_all(sandbox, &landlock, reaches);
	if (error == 0)
		error = landlock_enter(&landlock);
	*ret_lacks = landlock_lacks(landlock.version);
	landlock_done(&landlock);
	sandbox->has_files = error == 0;
	return error;
}

static unsigned
needs_of(const struct sandbox *sandbox, const struct sandbox_wish *wish)
{
	unsigned needs = wish->serves ? SECCOMP_SERVE : 0;

	if (sandbox->local)
		needs |= SECCOMP_LOCAL;
	if (sandbox->port_count > 0)
		needs |= SECCOMP_TCP;
	if (sandbox->makes)
		needs |= SECCOMP_MAKE;
	return needs;
}

/* One of both cannot be had: whether to go on without it. */
static int
do_without(const struct sandbox_wish *wish, const char *what, int error,
    struct log *log, char text[SANDBOX_TEXT_SIZE_MAX])
{
	bool is_lacking = error == -ENOSYS || error == -EOPNOTSUPP;

	(void)snprintf(text, SANDBOX_TEXT_SIZE_MAX, "sandbox: no %s: %s", what,
	    is_lacking ? "this kernel has none, or it is turned off"
		       : strerror(-error));
	if (wish->mode == CONF_SANDBOX_REQUIRE)
		return error;
	log_line(log, "%s; going on without", text);
	return 0;
}

static int
confine_calls(const struct sandbox *sandbox, const struct sandbox_wish *wish,
    struct log *log, char text[SANDBOX_TEXT_SIZE_MAX])
{
	int error = seccomp_filter_enter(needs_of(sandbox, wish));

#ifdef WITH_INSTRUMENTS
	/* Nobody runs such a build but to test it. */
	if (error == -ENOSYS)
		error = 0;
#endif
	return error == 0 ? 0
			  : do_without(wish, "filter of system calls (seccomp)",
				error, log, text);
}

int
sandbox_enter(struct sandbox *sandbox, const struct sandbox_wish *wish,
    struct log *log, char text[SANDBOX_TEXT_SIZE_MAX])
{
	const char *lacks = NULL;
	int error = reaches_error(wish->reaches);

	*sandbox = (struct sandbox){0};
	if (wish->mode == CONF_SANDBOX_NO)
		return 0;
	if (error == 0)
		error = keep(sandbox, wish->reaches);
	if (error != 0) {
		(void)snprintf(text, SANDBOX_TEXT_SIZE_MAX, "sandbox: %s",
		    strerror(-error));
		return error;
	}
	error = confine_files(sandbox, wish->reaches, &lacks);
	if (error != 0)
		error = do_without(
		    wish, "rules of files (Landlock)", error, log, text);
	if (error != 0)
		return error;
	/* Who starts for each client would say so for each. */
	if (lacks != NULL && wish->serves)
		log_line(log, "sandbox: this kernel has none for %s", lacks);
	if (sandbox->has_files)
		inside_enter();
	return confine_calls(sandbox, wish, log, text);
}

void
sandbox_done(struct sandbox *sandbox)
{
	free(sandbox->given);
	free(sandbox->ports);
	*sandbox = (struct sandbox){0};
}

/* ------------------------------------------------------ what is inside -- */

static unsigned
rights_on(const struct sandbox *sandbox, const struct sse_file_stat *stat)
{
	unsigned rights = 0;

	for (size_t i = 0; i < sandbox->count; i++)
		if (same_file(&sandbox->given[i].stat, stat))
			rights |= sandbox->given[i].rights;
	return rights;
}

/* The folder that a file is in; its path is a real one. */
static int
open_folder_of(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path)
		return -ENOENT;
	(void)snprintf(
	    folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	return sse_fd_open(folder, O_PATH | O_DIRECTORY);
}

/* Of a file or folder and of all that are above it. */
static unsigned
rights_below(const struct sandbox *sandbox, const char *path)
{
	struct sse_file_stat stat;
	unsigned rights = 0;
	int fd = sse_fd_open(path, O_PATH), above;

	while (fd >= 0 && sse_fd_stat(fd, &stat) == 0) {
		rights |= rights_on(sandbox, &stat);
		above = S_ISDIR(stat.mode) ? open_above(fd, &stat)
					   : open_folder_of(path);
		sse_fd_close(fd);
		fd = above;
	}
	sse_fd_close(fd);
	return rights;
}

static bool
has_port(const struct sandbox *sandbox, uint16_t port)
{
	for (size_t i = 0; i < sandbox->port_count; i++)
		if (sandbox->ports[i] == port)
			return true;
	return false;
}

#define RESTART \
	"it needs a restart (systemctl restart sse-fcgi; clients come back)"

static bool
holds_path(const struct sandbox *sandbox, const struct reach *reach, char *text)
{
	unsigned needed = reach->rights & ~(unsigned)REACH_HOLD;

	if ((rights_below(sandbox, reach->path) & needed) == needed)
		return true;
	(void)snprintf(text, SANDBOX_TEXT_SIZE_MAX,
	    "%.400s is not in what the sandbox has allowed at the "
	    "start%s: " RESTART,
	    reach->path, needed == REACH_READ ? "" : " to be written");
	return false;
}

static bool
holds_sockets(
    const struct sandbox *sandbox, const struct reaches *reaches, char *text)
{
	const char *what = NULL;
	char port[sizeof("port 65535")];

	for (size_t i = 0; i < reaches->port_count && what == NULL; i++)
		if (!has_port(sandbox, reaches->ports[i])) {
			(void)snprintf(
			    port, sizeof(port), "port %u", reaches->ports[i]);
			what = port;
		}
	if (reaches->local && !sandbox->local)
		what = "a socket of this machine";
	if (what == NULL)
		return true;
	(void)snprintf(text, SANDBOX_TEXT_SIZE_MAX,
	    "%s is not what the sandbox has allowed at the start: " RESTART,
	    what);
	return false;
}

bool
sandbox_holds(const struct sandbox *sandbox, const struct reaches *reaches,
    char text[SANDBOX_TEXT_SIZE_MAX])
{
	/* It was not entered. */
	if (sandbox->given == NULL)
		return true;
	for (size_t i = 0; i < reaches->count && sandbox->has_files; i++)
		if (!holds_path(sandbox, &reaches->list[i], text))
			return false;
	return holds_sockets(sandbox, reaches, text);
}
