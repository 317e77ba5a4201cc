/*
 * become.c - another user in place of root, for good.
 */
#include "config.h"

#include "program/become.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

int
become_user(const char *name)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return -EPERM;
	errno = 0;
	user = getpwnam(name);
	if (user == NULL)
		return errno != 0 ? -errno : -ENOENT;
	if (initgroups(name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 ||
	    setuid(user->pw_uid) != 0)
		return -errno;
	return 0;
}
