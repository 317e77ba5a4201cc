/*
 * journal_access.h - whether this process may read the files of a journal: to
 * libsystemd, one that may not be read is empty.
 */
#ifndef JOURNAL_ACCESS_H
#define JOURNAL_ACCESS_H

#include <limits.h>

#include "source/journal_place.h"

struct journal_access {
	size_t readable;     /* files */
	size_t denied;       /* files and folders that may not be read */
	char path[PATH_MAX]; /* the first of those; "": none */
	int error; /* of the folder that the text names; 0: it is there */
};

/* Looks at the names and rights of its files. */
void journal_access_look(
    const struct journal_place *place, struct journal_access *ret_access);

/*
 * Why there is nothing to be read: -EACCES, -ENOENT, ...; 0: something is, or
 * nothing was written yet.
 */
int journal_access_error(const struct journal_place *place);

/*
 * The same, but -ENODATA where there is no file of it at all, which may be so
 * because it has another name.
 */
int journal_access_peek(const struct journal_place *place);

/* Whether nothing of it is denied. */
bool journal_access_is_whole(const struct journal_place *place);

/* As source_explain() of a text that names the place. */
bool journal_access_explain(const struct journal_place *place, int error,
    char clause[SOURCE_CLAUSE_SIZE_MAX]);

#endif
