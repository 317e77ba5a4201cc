/*
 * neighbours.c - logs beside the one that is read, with other digits in their
 * names.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

/* Beside app-2.1.log, and beside the logs of a day. */
static const char *const names[2][4] = {
    {"app-1.1.log", "app-3.1.log", "app-2.0.log", "app-2.2.log"},
    {"app-2099-01-01.log", "app-2027-13-45.log", "app.log",
	"app-2027-01-15.txt"}};

void
world_neighbour(struct world *world, unsigned which, bool rotate)
{
	char path[FILES_PATH_MAX], older[FILES_PATH_MAX + 2], text[64];
	bool is_new;
	int fd;

	files_path(world, names[world->rules.source != NULL][which % 4], path);
	(void)snprintf(older, sizeof(older), "%s.1", path);
	if (rotate && files_exist(path))
		files_rename(world, path, older);
	is_new = !files_exist(path);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd < 0)
		files_broken(path);
	if (is_new)
		(void)files_born(world, fd, files_new_run(world));
	(void)snprintf(text, sizeof(text), "%d: of another log, %u\n",
	    WORLD_LINES_MAX, (unsigned)++world->births);
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		files_broken(path);
	files_touch(world, files_of(world, fd));
	(void)close(fd);
}
