/*
 * landlock.c - rules of the kernel about files and ports.
 *
 * The numbers stand here, and not those of linux/landlock.h: a program that was
 * built on an old system uses what a newer kernel has.
 */
#include "config.h"

#include "program/landlock.h"

#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fdio.h"

/* The same on each machine. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define ASK_VERSION 1u
#define RULE_PATH 1
#define RULE_PORT 2

#define FS_EXECUTE (UINT64_C(1) << 0)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_READ_DIR (UINT64_C(1) << 3)
#define FS_REMOVE_FILE (UINT64_C(1) << 5)
#define FS_MAKE_REG (UINT64_C(1) << 8)
#define FS_REFER (UINT64_C(1) << 13)
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define FS_IOCTL_DEV (UINT64_C(1) << 15)

#define FS_FIRST (FS_REFER - 1) /* all of version 1 */
#define FS_OF_FILES \
	(FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

#define NET_BIND (UINT64_C(1) << 0)
#define NET_CONNECT (UINT64_C(1) << 1)
#define SCOPE_ABSTRACT (UINT64_C(1) << 0)
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

/* Which version brought what. */
enum {
	WITH_REFER = 2,
	WITH_TRUNCATE = 3,
	WITH_PORTS = 4,
	WITH_IOCTL = 5,
	WITH_SCOPES = 6
};

/* What is forbidden unless it is allowed; a version reads the first of it. */
struct handled {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct path_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed;
	uint64_t port;
};

static struct handled
handled_by(int version)
{
	struct handled handled = {.fs = FS_FIRST};

	if (version >= WITH_REFER)
		handled.fs |= FS_REFER;
	if (version >= WITH_TRUNCATE)
		handled.fs |= FS_TRUNCATE;
	if (version >= WITH_IOCTL)
		handled.fs |= FS_IOCTL_DEV;
	if (version >= WITH_PORTS)
		handled.net = NET_BIND | NET_CONNECT;
	if (version >= WITH_SCOPES)
		handled.scoped = SCOPE_ABSTRACT | SCOPE_SIGNAL;
	return handled;
}

static size_t
handled_size(int version)
{
	if (version < WITH_PORTS)
		return offsetof(struct handled, net);
	if (version < WITH_SCOPES)
		return offsetof(struct handled, scoped);
	return sizeof(struct handled);
}

int
landlock_version(void)
{
	long version =
	    syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);

	return version >= 0 ? (int)version : -errno;
}

int
landlock_init(struct landlock *landlock, bool abstract_sockets)
{
	int version = landlock_version();
	struct handled handled = handled_by(version);
	long fd;

	if (version < 0)
		return version;
	if (abstract_sockets)
		handled.scoped &= ~SCOPE_ABSTRACT;
	fd = syscall(
	    SYS_landlock_create_ruleset, &handled, handled_size(version), 0);
	if (fd < 0)
		return -errno;
	*landlock = (struct landlock){.fd = (int)fd, .version = version};
	return 0;
}

void
landlock_done(struct landlock *landlock)
{
	sse_fd_close(landlock->fd);
	landlock->fd = -1;
}

static uint64_t
allowed_by(unsigned rights)
{
	uint64_t allowed = 0;

	if ((rights & LANDLOCK_READ) != 0)
		allowed |= FS_READ_FILE | FS_READ_DIR;
	if ((rights & LANDLOCK_WRITE) != 0)
		allowed |= FS_WRITE_FILE;
	if ((rights & LANDLOCK_MAKE) != 0)
		allowed |= FS_MAKE_REG;
	if ((rights & LANDLOCK_REMOVE) != 0)
		allowed |= FS_REMOVE_FILE;
	return allowed;
}

int
landlock_allow(const struct landlock *landlock, int fd, unsigned rights)
{
	struct path_rule rule = {.allowed = allowed_by(rights), .fd = fd};
	struct stat stat;

	if (fstat(fd, &stat) != 0)
		return -errno;
	if (!S_ISDIR(stat.st_mode))
		rule.allowed &= FS_OF_FILES;
	if (rule.allowed == 0)
		return 0;
	if (syscall(SYS_landlock_add_rule, landlock->fd, RULE_PATH, &rule, 0) !=
	    0)
		return -errno;
	return 0;
}

int
landlock_allow_port(const struct landlock *landlock, uint16_t port)
{
	struct port_rule rule = {.allowed = NET_CONNECT, .port = port};

	if (landlock->version < WITH_PORTS)
		return 0;
	if (syscall(SYS_landlock_add_rule, landlock->fd, RULE_PORT, &rule, 0) !=
	    0)
		return -errno;
	return 0;
}

int
landlock_enter(const struct landlock *landlock)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    syscall(SYS_landlock_restrict_self, landlock->fd, 0) != 0)
		return -errno;
	return 0;
}

const char *
landlock_lacks(int version)
{
	if (version < WITH_PORTS)
		return "ports, abstract sockets and signals";
	return version < WITH_SCOPES ? "abstract sockets and signals" : NULL;
}
