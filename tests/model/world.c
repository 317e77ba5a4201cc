/*
 * world.c - the world's time, its beginning and its end.
 */
#include "config.h"

#include "world.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "files.h"

static int64_t
monotonic_ms(void *context)
{
	const struct world *world = context;

	return world->now_ms;
}

/* As the file system stamps: the last tick. */
static int64_t
file_time_ms(void *context)
{
	const struct world *world = context;

	return world->now_ms - world->now_ms % WORLD_TICK_MS;
}

void
world_wait(struct world *world, int64_t time_ms)
{
	world->now_ms += time_ms;
}

/* As the source of that world has it. */
void
world_name_today(struct world *world)
{
	time_t now = (time_t)(world->now_ms / 1000);
	char name[32];
	struct tm today;

	(void)gmtime_r(&now, &today);
	(void)strftime(name, sizeof(name), WORLD_DATED, &today);
	(void)snprintf(
	    world->log, sizeof(world->log), "%s/%s", world->folder, name);
}

void
world_begin(
    struct world *world, const char *folder, const struct world_rules *rules)
{
	char older[FILES_PATH_MAX];
	struct stat stat_of_folder;

	memset(world, 0, sizeof(*world));
	world->rules = *rules;
	(void)snprintf(world->folder, sizeof(world->folder), "%s", folder);
	(void)snprintf(world->log, sizeof(world->log), "%s/%s", folder,
	    rules->log != NULL ? rules->log : "log");
	(void)snprintf(world->source, sizeof(world->source), "%s", world->log);
	world->now_ms = INT64_C(1800000000000);
	if (rules->source != NULL) {
		(void)snprintf(world->source, sizeof(world->source), "%s/%s",
		    folder, rules->source);
		world_name_today(world);
	}
	world->clock = (struct sse_clock){monotonic_ms, file_time_ms, world};
	for (int i = 0; i < WORLD_WRITERS; i++)
		world->writers[i] =
		    (struct world_writer){.fd = -1, .partial = -1, .ahead = -1};
	files_remove_all(world);
	files_path(world, FILES_OLDER, older);
	if (mkdir(older, 0700) != 0)
		files_broken(older);
	if (stat(folder, &stat_of_folder) != 0)
		files_broken(folder);
	world->folder_inode = stat_of_folder.st_ino;
}

void
world_end(struct world *world)
{
	for (int i = 0; i < WORLD_WRITERS; i++)
		if (world->writers[i].fd >= 0)
			(void)close(world->writers[i].fd);
	files_remove_all(world);
}
