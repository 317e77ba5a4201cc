/*
 * path_reach.c - the folders that a log's names are in, and come into.
 */
#include "config.h"

#include "source/path_reach.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "source/log_names.h"

/* The folders below or beside that of the log, which is the first of them. */
static void
add_generations(const struct log_names *names, struct reaches *reaches)
{
	const char *path = log_names_path(names);
	const char *slash = strrchr(path, '/');
	int own = slash != NULL ? (int)(slash + 1 - path) : 0;

	for (size_t i = 1; i < log_names_folders(names); i++) {
		char file[PATH_MAX];
		int size = snprintf(file, sizeof(file), "%.*s%s/.", own, path,
		    log_names_folder(names, i));

		/* A name in the folder stands for all of them. */
		if (size > 0 && (size_t)size < sizeof(file))
			reaches_add_way(reaches, file, REACH_READ);
	}
}

/*
 * Who reads a FIFO holds its other end, too: writers may leave.  One that comes
 * later is opened for reading alone.
 */
static void
add_fifo(const char *path, struct reaches *reaches)
{
	char real[PATH_MAX];
	char *slash;
	struct stat stat_;

	if (stat(path, &stat_) != 0 || !S_ISFIFO(stat_.st_mode) ||
	    !reach_find(path, real))
		return;
	slash = strrchr(real, '/');
	if (slash == NULL || slash == real)
		return;
	*slash = '\0';
	reaches_add_folder(reaches, real, REACH_READ | REACH_HOLD);
}

void
path_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches)
{
	struct log_names *names = NULL;
	int error = log_names_new(text, source->generations, &names);

	if (error != 0) {
		reaches->error = error;
		return;
	}
	reaches_add_way(reaches, log_names_path(names), REACH_READ);
	add_generations(names, reaches);
	if (!log_names_are_dated(names))
		add_fifo(log_names_path(names), reaches);
	log_names_free(names);
}
