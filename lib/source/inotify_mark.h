/*
 * inotify_mark.h - one file or folder that is watched, and who watches it.
 * Pure.
 *
 * A folder may have the logs of very many: so its users are sorted by what the
 * names that they want begin with, and the others are not asked.
 */
#ifndef INOTIFY_MARK_H
#define INOTIFY_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define INOTIFY_PREFIX_MAX 31 /* bytes of it that are looked at */

struct inotify_mark;

enum hint_kind {
	HINT_CHANGED, /* the file may have changed */
	HINT_CAME,    /* to the folder: a name, or another file took it */
	HINT_WENT,    /* from the folder: a name */
	HINT_MOVED,   /* the folder itself */
	HINT_OVER,    /* it is not watched any more */
	HINT_LOST     /* there were hints that nobody has, perhaps of this */
};

struct hint {
	enum hint_kind kind;
	const char *name; /* in the folder; "": none */
	bool is_folder;   /* so is what has the name */
};

/* Who watches one file or folder, or nothing: zeroed but for what is told. */
struct inotify_user {
	struct inotify_mark *mark; /* NULL: nothing is watched */
	/*
	 * Hints come of all that happens to it; else, from a network file
	 * system or an overlay, perhaps none.
	 */
	bool is_sure;
	/* Names that begin otherwise are not told. */
	unsigned char prefix_size;
	char prefix[INOTIFY_PREFIX_MAX];
	/* It may call inotify_forget() for this user, and for no other one. */
	void (*tell)(void *context, const struct hint *hint);
	void *context;
};

struct inotify_mark {
	LIST_ENTRY(inotify_mark) link;
	int number; /* what the kernel calls it */
	bool is_folder;
	struct inotify_user **users; /* sorted by prefix */
	size_t count;
	size_t room;
	uint32_t sizes;  /* of prefixes, a bit for each: one may have it */
	bool is_telling; /* users may leave meanwhile */
};

/* NULL without memory. */
struct inotify_mark *inotify_mark_new(int number, bool is_folder);

/* Without users.  NULL is allowed. */
void inotify_mark_free(struct inotify_mark *mark);

/* The user watches nothing else.  False without memory. */
bool inotify_mark_join(struct inotify_mark *mark, struct inotify_user *user);
void inotify_mark_leave(struct inotify_mark *mark, struct inotify_user *user);

/* From now on he is told only of names in a folder that begin so. */
void inotify_set_prefix(
    struct inotify_user *user, const char *prefix, size_t size);

/* Tells all of them; of a name only those who want it. */
void inotify_mark_tell(struct inotify_mark *mark, const struct hint *hint);

#endif
