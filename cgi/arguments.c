/*
 * arguments.c - the command line as web servers hand it on.
 */
#include "config.h"

#include "arguments.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

bool
arguments_read_stdin(int argc, char *const argv[])
{
	for (int i = 1; i < argc; i++) {
		size_t size = strlen(argv[i]);

		if (strcmp(argv[i], "-") == 0 ||
		    (size >= 2 && strcmp(argv[i] + size - 2, "=-") == 0))
			return true;
	}
	return false;
}

int
arguments_drop_empty(int argc, char **argv)
{
	int kept = 1;

	assert(argc > 0 && argv[argc] == NULL);
	for (int i = 1; i < argc; i++)
		if (argv[i][0] != '\0')
			argv[kept++] = argv[i];
	argv[kept] = NULL;
	return kept;
}
