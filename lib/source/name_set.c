/*
 * name_set.c - the newest names of a log.
 */
#include "config.h"

#include "source/name_set.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
name_set_clear(struct name_set *set)
{
	for (size_t i = 0; i < set->kinds_count; i++) {
		struct name_kind *kind = set->kinds[i];

		for (size_t j = 0; j < kind->count; j++)
			free(kind->names[j]);
		free(kind->left_out);
		free(kind);
	}
	*set = (struct name_set){0};
}

/* What a name is compared as. */
struct key {
	const struct log_rank *rank;
	size_t folder;
	const char *name;
};

/* Names that say the same have an order, too, so that each has one place. */
static int
compare(const struct key *key, const struct set_name *other)
{
	int order = log_rank_compare(key->rank, &other->rank);

	if (order != 0)
		return order;
	if (key->folder != other->folder)
		return key->folder < other->folder ? -1 : 1;
	return strcmp(key->name, other->name);
}

static bool
is_empty(const struct name_kind *kind)
{
	return kind->count == 0 && kind->left_out == NULL;
}

static const struct log_rank *
rank_of_kind(const struct name_kind *kind)
{
	return kind->count > 0 ? &kind->names[0]->rank : &kind->left_out->rank;
}

static bool
is_of_kind(const struct log_rank *rank, const struct name_kind *kind)
{
	const struct log_rank *other;

	if (is_empty(kind))
		return false;
	other = rank_of_kind(kind);
	if (rank->scheme != other->scheme || rank->group != other->group)
		return false;
	return rank->scheme != LOG_ROTATION ||
	       rank->rotation.is_date == other->rotation.is_date;
}

static struct name_kind *
find_kind(const struct name_set *set, const struct log_rank *rank)
{
	for (size_t i = 0; i < set->kinds_count; i++)
		if (is_of_kind(rank, set->kinds[i]))
			return set->kinds[i];
	return NULL;
}

/* One whose names have all gone, for any other. */
static struct name_kind *
find_empty(const struct name_set *set)
{
	for (size_t i = 0; i < set->kinds_count; i++)
		if (is_empty(set->kinds[i]))
			return set->kinds[i];
	return NULL;
}

static struct name_kind *
need_kind(struct name_set *set, const struct log_rank *rank)
{
	struct name_kind *kind = find_kind(set, rank);

	if (kind == NULL)
		kind = find_empty(set);
	if (kind != NULL || set->kinds_count == NAME_SET_KINDS_MAX)
		return kind;
	kind = calloc(1, sizeof(*kind));
	if (kind == NULL)
		return NULL;
	kind->names = kind->room;
	set->kinds[set->kinds_count++] = kind;
	return kind;
}

/*
 * Of very many names that are added most come in their order, as some file
 * systems have them, or are to be left out: one comparison decides.
 */
static bool
is_next(const struct name_kind *kind, const struct key *key)
{
	return kind->rises && kind->count > 0 &&
	       compare(key, kind->names[kind->count - 1]) > 0;
}

/* Its place; *ret_there says whether it is there. */
static size_t
place_of(const struct name_kind *kind, const struct key *key, bool *ret_there)
{
	size_t low = 0, high = kind->count;

	*ret_there = false;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(key, kind->names[middle]);

		if (order == 0) {
			*ret_there = true;
			return middle;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * There is room behind the newest.  Names may come in their order, each to
 * leave the oldest out: so these move once for as many as are kept.
 */
static void
make_room(struct name_kind *kind)
{
	size_t end = (size_t)(kind->names - kind->room) + kind->count;

	if (end < sizeof(kind->room) / sizeof(kind->room[0]))
		return;
	memmove(
	    kind->room, kind->names, kind->count * sizeof(struct set_name *));
	kind->names = kind->room;
}

/* In the memory of one that is not needed any more, or NULL, where it fits. */
static struct set_name *
make_name(struct set_name *old, const struct key *key)
{
	size_t size = strlen(key->name) + 1;
	struct set_name *name = old;

	if (old == NULL || old->size < size) {
		name = malloc(sizeof(*name) + size);
		if (name == NULL)
			return NULL;
		name->size = size;
		free(old);
	}
	name->rank = *key->rank;
	name->folder = key->folder;
	memcpy(name->name, key->name, size);
	return name;
}

static void
put(struct name_kind *kind, size_t place, struct set_name *name)
{
	assert(place <= kind->count && kind->count < NAME_SET_KEPT);
	make_room(kind);
	if (place < kind->count)
		memmove(kind->names + place + 1, kind->names + place,
		    (kind->count - place) * sizeof(struct set_name *));
	kind->names[place] = name;
	kind->count++;
}

static void
take_out(struct name_kind *kind, size_t place)
{
	assert(place < kind->count);
	free(kind->names[place]);
	kind->count--;
	memmove(kind->names + place, kind->names + place + 1,
	    (kind->count - place) * sizeof(struct set_name *));
}

static void
leave_out_oldest(struct name_kind *kind)
{
	kind->left_out = *kind->names++;
	kind->count--;
}

/* Where there are as many as are kept, one is left out: it may be this one. */
static int
insert(struct name_kind *kind, size_t place, const struct key *key)
{
	bool is_full = kind->count == NAME_SET_KEPT;
	struct set_name *name = make_name(is_full ? kind->left_out : NULL, key);

	if (name == NULL)
		return -ENOMEM;
	if (is_full && place == 0) {
		kind->left_out = name;
		return 0;
	}
	if (is_full) {
		leave_out_oldest(kind);
		place--;
	}
	put(kind, place, name);
	return 0;
}

/* ------------------------------------------------------ dates to come -- */

static bool
is_to_come(const struct name_set *set, const struct log_rank *rank)
{
	return set->due_date > 0 && rank->scheme == LOG_DATED &&
	       rank->values.date > set->due_date;
}

/* The last that may be one of the others, where as many as are kept are. */
#define LAST_OTHER (NAME_SET_KEPT - NAME_SET_TO_COME - 1)

static bool
has_too_many_to_come(const struct name_set *set, const struct name_kind *kind)
{
	return kind->count == NAME_SET_KEPT &&
	       is_to_come(set, &kind->names[LAST_OTHER]->rank);
}

/* The place of the oldest of them, where there are too many. */
static size_t
first_to_come(const struct name_set *set, const struct name_kind *kind)
{
	size_t low = 0, high = LAST_OTHER;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_to_come(set, &kind->names[middle]->rank))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The oldest of them goes, which may be this one: 1 or -ENOMEM. */
static int
insert_for_one(const struct name_set *set, struct name_kind *kind, size_t place,
    const struct key *key)
{
	size_t oldest = first_to_come(set, kind);
	struct set_name *name;

	if (place <= oldest && is_to_come(set, key->rank))
		return 1;
	name = make_name(NULL, key);
	if (name == NULL)
		return -ENOMEM;
	take_out(kind, oldest);
	put(kind, place - (place > oldest), name);
	return 1;
}

static int
add_at(const struct name_set *set, struct name_kind *kind, size_t place,
    const struct key *key)
{
	return has_too_many_to_come(set, kind)
		   ? insert_for_one(set, kind, place, key)
		   : insert(kind, place, key);
}

int
name_set_add(struct name_set *set, size_t folder, const char *name,
    const struct log_rank *rank)
{
	const struct key key = {rank, folder, name};
	struct name_kind *kind = need_kind(set, rank);
	bool is_there;
	size_t place;

	if (kind == NULL)
		return -ENOMEM;
	if (is_next(kind, &key))
		return add_at(set, kind, kind->count, &key);
	kind->rises = false;
	if (kind->left_out != NULL && compare(&key, kind->left_out) <= 0)
		return 0;
	place = place_of(kind, &key, &is_there);
	if (is_there)
		return 0;
	kind->rises = place == kind->count;
	return add_at(set, kind, place, &key);
}

bool
name_set_is_past(
    const struct name_set *set, const char *name, size_t order_size)
{
	const struct set_name *left_out =
	    set->kinds_count > 0 ? set->kinds[0]->left_out : NULL;

	/* They are all of one kind then. */
	assert(order_size == 0 || set->kinds_count <= 1);
	return order_size > 0 && left_out != NULL &&
	       strncmp(name, left_out->name, order_size) < 0;
}

void
name_set_drop(struct name_set *set, size_t folder, const char *name,
    const struct log_rank *rank)
{
	const struct key key = {rank, folder, name};
	struct name_kind *kind = find_kind(set, rank);
	bool is_there;
	size_t place;

	if (kind == NULL)
		return;
	place = place_of(kind, &key, &is_there);
	if (is_there)
		take_out(kind, place);
}

bool
name_set_is_short(const struct name_set *set)
{
	for (size_t i = 0; i < set->kinds_count; i++)
		if (set->kinds[i]->left_out != NULL &&
		    set->kinds[i]->count < NAME_SET_WANTED)
			return true;
	return false;
}
