/*
 * journal_place.c - which journal a text names.
 */
#include "source/journal_place.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What systemd allows at most: the name of a file, behind a machine's id. */
#define NAMESPACE_SIZE_MAX 200 /* bytes */

static bool
is_namespace(const char *name)
{
	return strlen(name) <= NAMESPACE_SIZE_MAX && name[0] != '.' &&
	       name[strspn(name,
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		   "0123456789-_.:@")] == '\0';
}

int
journal_place_read(const char *text, struct journal_place *ret_place,
    char reason[SOURCE_REASON_SIZE_MAX])
{
	const char *rest = text + strlen(JOURNAL_SCHEME);
	struct journal_place place = {NULL, NULL};

	assert(strncmp(text, JOURNAL_SCHEME, strlen(JOURNAL_SCHEME)) == 0);
	if (rest[0] == '/') {
		place.directory = rest;
	} else if (!is_namespace(rest)) {
		(void)snprintf(reason, SOURCE_REASON_SIZE_MAX,
		    "behind \"" JOURNAL_SCHEME
		    "\" stands nothing, the name of a"
		    " namespace, or a folder that begins with \"/\"");
		return -EINVAL;
	} else if (rest[0] != '\0') {
		place.name_space = rest;
	}
	*ret_place = place;
	return 0;
}
