/*
 * due_names.h - under which names files that are due were found, so that they
 * need not be searched for as long as no name has come or gone.
 */
#ifndef DUE_NAMES_H
#define DUE_NAMES_H

#include <stddef.h>
#include <stdint.h>

/* Zeros: none is known. */
struct due_names {
	/*
	 * Below the log's folder, one for each file that is due.  NULL: it has
	 * to be searched for, as it may be more than the next to be read.
	 */
	char **names;
	size_t count;
	uint64_t changes; /* listing_changes() of them; 0: they may be others */
};

/* Room for so many, that are not known: 0 or -ENOMEM. */
int due_names_init(struct due_names *due, size_t count);

/* The file at index has that name; where there is no memory none is known. */
void due_names_set(struct due_names *due, size_t index, const char *name);

/* The name of the first one, or NULL; and forgets the first ones. */
const char *due_names_first(const struct due_names *due);
void due_names_drop(struct due_names *due, size_t count);

void due_names_done(struct due_names *due);

#endif
