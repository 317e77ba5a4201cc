/*
 * due_names.c - a list of names, of which some are not known.
 */
#include "config.h"

#include "source/due_names.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
due_names_init(struct due_names *due, size_t count)
{
	*due = (struct due_names){
	    .names = calloc(count > 0 ? count : 1, sizeof(char *)),
	    .count = count,
	};
	return due->names != NULL ? 0 : -ENOMEM;
}

void
due_names_set(struct due_names *due, size_t index, const char *name)
{
	assert(index < due->count && due->names[index] == NULL);
	due->names[index] = strdup(name);
}

const char *
due_names_first(const struct due_names *due)
{
	return due->count > 0 && due->changes != 0 ? due->names[0] : NULL;
}

void
due_names_drop(struct due_names *due, size_t count)
{
	assert(count <= due->count);
	for (size_t i = 0; i < count; i++)
		free(due->names[i]);
	due->count -= count;
	memmove(due->names, due->names + count, due->count * sizeof(char *));
}

void
due_names_done(struct due_names *due)
{
	if (due->names != NULL)
		due_names_drop(due, due->count);
	free(due->names);
	*due = (struct due_names){0};
}
