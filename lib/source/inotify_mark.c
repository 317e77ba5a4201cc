/*
 * inotify_mark.c - who watches one file or folder, sorted.
 */
#include "config.h"

#include "source/inotify_mark.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define USERS_FIRST 2 /* room for so many; then it doubles */

_Static_assert(INOTIFY_PREFIX_MAX < 32, "a bit for each size of a prefix");

struct inotify_mark *
inotify_mark_new(int number, bool is_folder)
{
	struct inotify_mark *mark = calloc(1, sizeof(*mark));

	if (mark == NULL)
		return NULL;
	mark->number = number;
	mark->is_folder = is_folder;
	return mark;
}

void
inotify_mark_free(struct inotify_mark *mark)
{
	if (mark == NULL)
		return;
	assert(mark->count == 0 && !mark->is_telling);
	free(mark->users);
	free(mark);
}

/* --------------------------------------------------------------- users -- */

static int
compare(const struct inotify_user *user, const char *prefix, size_t size)
{
	size_t both = user->prefix_size < size ? user->prefix_size : size;
	int order = memcmp(user->prefix, prefix, both);

	if (order != 0)
		return order;
	return (user->prefix_size > size) - (user->prefix_size < size);
}

/* Where the first one is with that prefix, or would be. */
static size_t
find(const struct inotify_mark *mark, const char *prefix, size_t size)
{
	size_t low = 0, high = mark->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(mark->users[middle], prefix, size) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
reserve(struct inotify_mark *mark)
{
	size_t room = mark->room > 0 ? 2 * mark->room : USERS_FIRST;
	struct inotify_user **users;

	if (mark->count < mark->room)
		return true;
	users = realloc(mark->users, room * sizeof(*users));
	if (users == NULL)
		return false;
	mark->users = users;
	mark->room = room;
	return true;
}

bool
inotify_mark_join(struct inotify_mark *mark, struct inotify_user *user)
{
	size_t at = find(mark, user->prefix, user->prefix_size);
	struct inotify_user **place;

	assert(user->mark == NULL && !mark->is_telling);
	if (!reserve(mark))
		return false;
	place = mark->users + at;
	memmove(place + 1, place, (mark->count - at) * sizeof(*place));
	*place = user;
	mark->count++;
	mark->sizes |= UINT32_C(1) << user->prefix_size;
	user->mark = mark;
	return true;
}

void
inotify_mark_leave(struct inotify_mark *mark, struct inotify_user *user)
{
	size_t at = find(mark, user->prefix, user->prefix_size);
	struct inotify_user **place;

	assert(user->mark == mark);
	while (mark->users[at] != user)
		at++;
	place = mark->users + at;
	mark->count--;
	memmove(place, place + 1, (mark->count - at) * sizeof(*place));
	user->mark = NULL;
}

void
inotify_set_prefix(struct inotify_user *user, const char *prefix, size_t size)
{
	struct inotify_mark *mark = user->mark;

	/* There is room where it was. */
	if (mark != NULL)
		inotify_mark_leave(mark, user);
	if (size > INOTIFY_PREFIX_MAX)
		size = INOTIFY_PREFIX_MAX;
	memcpy(user->prefix, prefix, size);
	user->prefix_size = (unsigned char)size;
	if (mark != NULL)
		(void)inotify_mark_join(mark, user);
}

/* --------------------------------------------------------------- hints -- */

/* The one who is there may leave: who is there then. */
static size_t
tell(struct inotify_mark *mark, size_t at, const struct hint *hint)
{
	struct inotify_user *user = mark->users[at];

	user->tell(user->context, hint);
	return at < mark->count && mark->users[at] == user ? at + 1 : at;
}

static void
tell_those(struct inotify_mark *mark, size_t size, const struct hint *hint)
{
	size_t at = find(mark, hint->name, size);

	while (
	    at < mark->count && compare(mark->users[at], hint->name, size) == 0)
		at = tell(mark, at, hint);
}

static void
tell_of_name(struct inotify_mark *mark, const struct hint *hint)
{
	size_t size_max = strnlen(hint->name, INOTIFY_PREFIX_MAX);

	for (size_t size = 0; size <= size_max; size++)
		if (mark->sizes >> size & 1)
			tell_those(mark, size, hint);
}

void
inotify_mark_tell(struct inotify_mark *mark, const struct hint *hint)
{
	mark->is_telling = true;
	if (hint->name[0] != '\0')
		tell_of_name(mark, hint);
	else
		for (size_t at = 0; at < mark->count;)
			at = tell(mark, at, hint);
	mark->is_telling = false;
}
