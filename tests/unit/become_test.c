/*
 * Each test is a process of its own, so that it may become another user.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "program/become.h"

#define OTHER "nobody"

/* Who may become another one; what only root can do is not tested else. */
static bool
is_root(void)
{
	bool root = geteuid() == 0 && getpwnam(OTHER) != NULL;

	if (!root)
		printf("# not as root\n");
	return root;
}

TEST(who_is_not_root_stays_who_it_is)
{
	const uid_t before = geteuid();
	uid_t user = before;

	if (user == 0) {
		CHECK(seteuid(1) == 0);
		user = 1;
	}
	CHECK_EQUAL_INT(become_user(OTHER), -EPERM);
	/* Whether there is such a user is not told either. */
	CHECK_EQUAL_INT(become_user("n0 such user"), -EPERM);
	CHECK_EQUAL_INT(geteuid(), user);
	/* LeakSanitizer may look into what is root's as root only. */
	CHECK(seteuid(before) == 0);
}

TEST(a_user_that_does_not_exist_is_none_to_become)
{
	static const char *const names[] = {
	    "n0 such user", "", "../root", "nobody\n", "0"};

	if (!is_root())
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK_EQUAL_INT(become_user(names[i]), -ENOENT);
	CHECK_EQUAL_INT(geteuid(), 0);
}

/* User, group, all other groups, and no way back. */
TEST(another_user_is_become_for_good)
{
	const gid_t root_group = 0;
	const struct passwd *user;
	gid_t groups[64];
	int count;

	if (!is_root())
		return;
	user = getpwnam(OTHER);
	CHECK(setgroups(1, &root_group) == 0);
	CHECK_EQUAL_INT(become_user(OTHER), 0);
	CHECK_EQUAL_INT(getuid(), user->pw_uid);
	CHECK_EQUAL_INT(geteuid(), user->pw_uid);
	CHECK_EQUAL_INT(getgid(), user->pw_gid);
	CHECK_EQUAL_INT(getegid(), user->pw_gid);
	count = getgroups(64, groups);
	CHECK(count >= 1);
	while (count-- > 0)
		CHECK(groups[count] != root_group);
	CHECK(setuid(0) != 0);
	CHECK(seteuid(0) != 0);
	CHECK(setgid(0) != 0);
	CHECK_EQUAL_INT(become_user("root"), -EPERM);
}
