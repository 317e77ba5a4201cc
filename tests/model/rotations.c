/*
 * rotations.c - what rotation programs, editors and operators do to the log.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

/* A copy proves nothing by fewer lines. */
#define REPLACED_LINES_MIN 3

/* The names of the generations move on; the oldest is removed. */
static void
shift(struct world *world)
{
	files_remove(world, files_file(world, WORLD_GENERATIONS));
	world->rotated++;
	if (world->rules.greater_is_newer)
		return;
	for (int i = WORLD_GENERATIONS - 1; i > 0; i--)
		if (files_exist(files_file(world, i)))
			files_rename(world, files_file(world, i),
			    files_file(world, i + 1));
}

static void
make_late(struct world *world)
{
	for (int i = 0; i < WORLD_WRITERS; i++)
		world->writers[i].is_late = true;
}

void
world_rename(struct world *world, bool create)
{
	if (!files_exist(world->log))
		return;
	world_permit(world);
	shift(world);
	files_rename(world, world->log, files_file(world, 1));
	make_late(world);
	if (create)
		(void)close(files_open_log(world));
}

static int
open_to_write(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0600);

	if (fd < 0)
		files_broken(path);
	return fd;
}

static int64_t
size_of(int fd)
{
	struct stat stat;

	if (fstat(fd, &stat) != 0)
		files_broken("fstat");
	return stat.st_size;
}

static void
copy_log(struct world *world)
{
	int in = open(world->log, O_RDONLY);
	int out = open_to_write(files_file(world, 1));

	if (in < 0)
		files_broken("copy");
	(void)files_born(world, out, files_of(world, in)->run);
	files_copy(in, out, 0, size_of(in));
	(void)close(in);
	(void)close(out);
}

/* The lines of its run from that place on are in no file any more. */
static void
lose_lines(struct world *world, const struct world_file *file, int from)
{
	int run = file->run;

	for (int i = 0; i < world->lines_count; i++)
		if (world->lines[i].run == run && world->lines[i].place >= from)
			world->lines[i].is_lost = true;
	world->runs[run].truncated_ms = world->now_ms;
	world->runs[run].truncated = file;
}

/* So many lines of its run are kept in a copy. */
static void
truncate_log(struct world *world, int kept)
{
	struct world_file *file;
	int fd;

	fd = open(world->log, O_WRONLY);
	file = files_of(world, fd);
	if (ftruncate(fd, 0) != 0)
		files_broken("ftruncate");
	(void)close(fd);
	files_touch(world, file);
	lose_lines(world, file, kept);
	file->run = files_new_run(world);
	file->places = 0;
	world->deeds.truncated = true;
}

void
world_truncate(struct world *world)
{
	if (files_exist(world->log))
		truncate_log(world, 0);
}

void
world_copy_and_truncate(struct world *world, bool write_between)
{
	int kept;

	if (!files_exist(world->log))
		return;
	world_fill_ahead(world);
	shift(world);
	copy_log(world);
	kept = files_at(world, world->log)->places;
	if (write_between)
		world_append(world, 0);
	truncate_log(world, kept);
}

void
world_delete(struct world *world)
{
	if (!files_exist(world->log))
		return;
	files_remove(world, world->log);
	make_late(world);
}

/* ------------------------------------------------------------- a copy -- */

/* Who wrote to the one writes to the other from now on. */
static void
move_writers(
    struct world *world, const struct world_file *from, const char *path)
{
	for (int i = 0; i < WORLD_WRITERS; i++) {
		struct world_writer *writer = &world->writers[i];

		if (writer->fd < 0 || files_of(world, writer->fd) != from)
			continue;
		(void)close(writer->fd);
		writer->fd = open(path, O_WRONLY | O_APPEND);
		if (writer->fd < 0)
			files_broken(path);
	}
}

/* The readers may see the first half before the second is there. */
static void
fill_copy(struct world *world, int from, int to)
{
	struct world_file *copy = files_of(world, to);
	int64_t size = size_of(from), half = size / 2;

	files_copy(from, to, 0, half);
	files_touch(world, copy);
	if (world->looks != NULL)
		world->looks(world->context);
	files_copy(from, to, half, size - half);
	files_touch(world, copy);
}

void
world_replace(struct world *world, bool in_place)
{
	struct world_file *old = files_at(world, world->log), *copy;
	char new[FILES_PATH_MAX], aside[FILES_PATH_MAX];
	int in, out;

	if (old == NULL || old->places < REPLACED_LINES_MIN)
		return;
	world->runs[old->run].replaced++;
	world->runs[old->run].replaced_ms = world->now_ms;
	files_path(world, "new", new);
	files_path(world, "aside~", aside);
	in = open(world->log, O_RDONLY);
	if (in_place)
		files_rename(world, world->log, aside);
	out = open_to_write(in_place ? world->log : new);
	copy = files_born(world, out, old->run);
	copy->places = old->places;
	if (in_place) {
		fill_copy(world, in, out);
		(void)unlink(aside);
	} else {
		files_copy(in, out, 0, size_of(in));
		files_rename(world, new, world->log);
	}
	old->removed_ms = world->now_ms;
	move_writers(world, old, world->log);
	(void)close(in);
	(void)close(out);
}

/* -------------------------------------------------------------- rights -- */

void
world_rename_privately(struct world *world)
{
	if (!files_exist(world->log))
		return;
	world_rename(world, true);
	files_at(world, world->log)->is_private = true;
	world_reopen(world, 0);
	world_reopen(world, 1);
}

void
world_permit(struct world *world)
{
	struct world_file *file = files_at(world, world->log);

	if (file == NULL || !file->is_private)
		return;
	file->is_private = false;
	file->ctime_ms = world->clock.file_time_ms(world->clock.context);
}

/* --------------------------------------------------------------- links -- */

static void
dated_path(const struct world *world, int day, char path[FILES_PATH_MAX])
{
	(void)snprintf(
	    path, FILES_PATH_MAX, "%s.%d", world->log, 20270100 + day);
}

/* Another name for the same file: a backup by cp -l, or rotatelogs -L. */
void
world_link(struct world *world)
{
	char dated[FILES_PATH_MAX];

	dated_path(world, ++world->days, dated);
	if (files_exist(world->log) && link(world->log, dated) != 0)
		files_broken("link");
	if (files_exist(dated))
		files_at(world, dated)->ctime_ms =
		    world->clock.file_time_ms(world->clock.context);
}

/* The next day's file, and the log's name leads to it: rotatelogs -L. */
void
world_switch_link(struct world *world)
{
	if (!files_exist(world->log))
		return;
	world_link(world);
	(void)unlink(world->log);
	make_late(world);
	world_reopen(world, 0);
	world_reopen(world, 1);
	world_link(world);
}

/* The log of the next day: nobody renames anything. */
void
world_midnight(struct world *world)
{
	int64_t day_ms = INT64_C(86400000);

	world->now_ms += day_ms - world->now_ms % day_ms;
	world_name_today(world);
	make_late(world);
	world_reopen(world, 0);
}
