/*
 * inside.c - names of users and groups, kept for later.
 *
 * From the files alone: what else knows names (LDAP, say) may have millions,
 * and take its time.  Of the program itself all are asked.
 */
#include "config.h"

#include "base/inside.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct name {
	unsigned long id;
	char *text;
};

struct names {
	struct name *list;
	size_t count;
};

struct inside {
	bool is_inside;
	struct names users;
	struct names groups;
};

/* Of the process. */
static struct inside *
inside(void)
{
	static struct inside here;

	return &here;
}

static const char *
find(const struct names *names, unsigned long id)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->list[i].id == id)
			return names->list[i].text;
	return NULL;
}

/* What there is no memory for stays a number. */
static void
add(struct names *names, unsigned long id, const char *text)
{
	char *copy;

	if (names->list == NULL)
		names->list = calloc(INSIDE_NAMES_MAX, sizeof(*names->list));
	if (names->list == NULL || names->count == INSIDE_NAMES_MAX ||
	    find(names, id) != NULL)
		return;
	copy = strdup(text);
	if (copy != NULL)
		names->list[names->count++] = (struct name){id, copy};
}

/* For one more than the process' own. */
static bool
has_room(const struct names *names)
{
	return names->count + 1 < INSIDE_NAMES_MAX;
}

static void
learn_users(struct names *users)
{
	FILE *file = fopen("/etc/passwd", "re");
	const struct passwd *entry;

	while (file != NULL && has_room(users) &&
	       (entry = fgetpwent(file)) != NULL)
		add(users, entry->pw_uid, entry->pw_name);
	if (file != NULL)
		(void)fclose(file);
	/* Where it lacks memory, libc may end the process: so seldom. */
	if (find(users, geteuid()) == NULL &&
	    (entry = getpwuid(geteuid())) != NULL)
		add(users, entry->pw_uid, entry->pw_name);
}

static void
learn_groups(struct names *groups)
{
	FILE *file = fopen("/etc/group", "re");
	const struct group *entry;

	while (file != NULL && has_room(groups) &&
	       (entry = fgetgrent(file)) != NULL)
		add(groups, entry->gr_gid, entry->gr_name);
	if (file != NULL)
		(void)fclose(file);
	if (find(groups, getegid()) == NULL &&
	    (entry = getgrgid(getegid())) != NULL)
		add(groups, entry->gr_gid, entry->gr_name);
}

void
inside_learn(void)
{
	learn_users(&inside()->users);
	learn_groups(&inside()->groups);
}

void
inside_enter(void)
{
	inside()->is_inside = true;
}

bool
inside_is(void)
{
	return inside()->is_inside;
}

const char *
inside_user(uid_t user)
{
	const struct passwd *entry;

	if (inside_is())
		return find(&inside()->users, user);
	entry = getpwuid(user);
	return entry != NULL ? entry->pw_name : NULL;
}

const char *
inside_group(gid_t group)
{
	const struct group *entry;

	if (inside_is())
		return find(&inside()->groups, group);
	entry = getgrgid(group);
	return entry != NULL ? entry->gr_name : NULL;
}
