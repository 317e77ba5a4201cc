/*
 * name_set.h - the newest names of a log, as its names themselves order them.
 * Pure.
 *
 * Names of one kind have an order; between kinds only the times of the files
 * say which is newer.  Of each kind so many of the newest are kept that some
 * may go before one is missing.
 */
#ifndef NAME_SET_H
#define NAME_SET_H

#include "source/log_names_rank.h"

#define NAME_SET_KINDS_MAX (LOG_NAMES_PATTERNS_MAX + 4)
#define NAME_SET_WANTED 64 /* of each kind */
#define NAME_SET_KEPT 256  /* of each kind, at most */
/* Of these with dates to come, so that they leave room for the others. */
#define NAME_SET_TO_COME (NAME_SET_KEPT / 2)

struct set_name {
	struct log_rank rank;
	size_t folder; /* index in log_names.h */
	size_t size;   /* of the memory of its name */
	char name[];
};

/* Names between which log_rank_compare() decides. */
struct name_kind {
	struct set_name **names; /* oldest first; in the room */
	size_t count;
	struct set_name *room[2 * NAME_SET_KEPT];
	struct set_name *left_out; /* the newest that is not kept; or NULL */
	bool rises; /* the name that came last is newer than those before */
};

/* Zeros: empty. */
struct name_set {
	struct name_kind *kinds[NAME_SET_KINDS_MAX];
	size_t kinds_count;
	uint64_t due_date; /* later ones of the source are to come; 0: none */
};

void name_set_clear(struct name_set *set);

/*
 * Adds a name, which may be there already: 0; 1 where too many have dates to
 * come, of which the oldest is not kept then, although it will be due; or
 * -ENOMEM.
 */
int name_set_add(struct name_set *set, size_t folder, const char *name,
    const struct log_rank *rank);

/*
 * Whether a name, if it is one at all, is older than all that are kept, where
 * so many first bytes tell that.
 */
bool name_set_is_past(
    const struct name_set *set, const char *name, size_t order_size);

/* Takes out a name that may not be there. */
void name_set_drop(struct name_set *set, size_t folder, const char *name,
    const struct log_rank *rank);

/* Whether names are missing, as ones that were kept have gone. */
bool name_set_is_short(const struct name_set *set);

#endif
