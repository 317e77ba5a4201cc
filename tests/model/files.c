/*
 * files.c - the files of the world.
 */
#include "config.h"

#include "files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Noreturn void
files_broken(const char *what)
{
	perror(what);
	abort();
}

struct world_file *
world_find(struct world *world, uint64_t device, uint64_t inode)
{
	/* The newest: an inode may be used again. */
	for (int i = world->files_count; i > 0; i--)
		if (world->files[i - 1].inode == inode &&
		    world->files[i - 1].device == device)
			return &world->files[i - 1];
	return NULL;
}

struct world_file *
files_of(struct world *world, int fd)
{
	struct stat stat;

	if (fstat(fd, &stat) != 0)
		files_broken("fstat");
	return world_find(world, stat.st_dev, stat.st_ino);
}

struct world_file *
files_at(struct world *world, const char *path)
{
	struct stat found;

	if (stat(path, &found) != 0)
		return NULL;
	return world_find(world, found.st_dev, found.st_ino);
}

void
files_touch(struct world *world, struct world_file *file)
{
	file->mtime_ms = file->ctime_ms =
	    world->clock.file_time_ms(world->clock.context);
}

/* A name has come, or gone. */
static void
touch_folder(struct world *world)
{
	world->folder_ms = world->clock.file_time_ms(world->clock.context);
}

struct world_file *
files_born(struct world *world, int fd, int run)
{
	struct world_file *file = &world->files[world->files_count++];
	struct stat stat;

	if (world->files_count == WORLD_FILES_MAX || fstat(fd, &stat) != 0)
		files_broken("too many files");
	*file = (struct world_file){
	    .device = stat.st_dev, .inode = stat.st_ino, .run = run};
	files_touch(world, file);
	touch_folder(world);
	/* No two are born at the same moment. */
	file->birth_ns =
	    file->mtime_ms * 1000000 + (int64_t)(++world->births % 1000000);
	return file;
}

int
files_new_run(struct world *world)
{
	if (world->runs_count == WORLD_RUNS_MAX)
		files_broken("too many runs");
	world->runs[world->runs_count] = (struct world_run){0};
	return world->runs_count++;
}

bool
files_exist(const char *path)
{
	return access(path, F_OK) == 0;
}

void
files_path(
    const struct world *world, const char *name, char path[FILES_PATH_MAX])
{
	(void)snprintf(path, FILES_PATH_MAX, "%s/%s", world->folder, name);
}

const char *
files_file(const struct world *world, int number)
{
	static char paths[2][FILES_PATH_MAX];
	static int which;
	char *path = paths[which ^= 1];

	if (number == 0)
		return world->log;
	if (world->rules.greater_is_newer)
		number = world->rotated + 1 - number;
	if (world->rules.before == NULL)
		(void)snprintf(
		    path, FILES_PATH_MAX, "%s.%d", world->log, number);
	else
		(void)snprintf(path, FILES_PATH_MAX, "%s/%s%d%s", world->folder,
		    world->rules.before, number, world->rules.after);
	return path;
}

int
files_open_log(struct world *world)
{
	int how = O_WRONLY | (world->rules.at_offset ? 0 : O_APPEND);
	int fd = open(world->log, how | O_CREAT | O_EXCL, 0600);

	if (fd >= 0)
		(void)files_born(world, fd, files_new_run(world));
	else
		fd = open(world->log, how);
	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		files_broken(world->log);
	return fd;
}

static void
note_change(struct world *world, const char *path)
{
	struct world_file *file = files_at(world, path);

	if (file != NULL)
		file->ctime_ms =
		    world->clock.file_time_ms(world->clock.context);
}

void
files_rename(struct world *world, const char *from, const char *to)
{
	note_change(world, from);
	note_change(world, to);
	touch_folder(world);
	if (rename(from, to) != 0)
		files_broken("rename");
}

/* With the last name goes what is in the file. */
void
files_remove(struct world *world, const char *path)
{
	struct world_file *file = files_at(world, path);
	struct stat found;

	if (file == NULL || stat(path, &found) != 0)
		return;
	note_change(world, path);
	touch_folder(world);
	(void)unlink(path);
	if (found.st_nlink > 1)
		return;
	file->removed_ms = world->now_ms;
	world->runs[file->run].is_gone = true;
	world->deeds.removed = true;
}

static void
clear(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (folder == NULL)
		files_broken(path);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(folder), entry->d_name, 0);
	(void)closedir(folder);
}

void
files_remove_all(const struct world *world)
{
	char older[FILES_PATH_MAX];

	files_path(world, FILES_OLDER, older);
	if (files_exist(older)) {
		clear(older);
		(void)rmdir(older);
	}
	clear(world->folder);
}

void
files_copy(int from, int to, int64_t offset, int64_t size)
{
	char bytes[65536];
	ssize_t got = 1;

	if (lseek(from, offset, SEEK_SET) < 0)
		files_broken("lseek");
	while (size > 0 && got > 0) {
		size_t wanted = sizeof(bytes) < (uint64_t)size ? sizeof(bytes)
							       : (size_t)size;

		/* pread() is the readers', and has their faults. */
		got = read(from, bytes, wanted);
		if (got < 0 || write(to, bytes, (size_t)got) != got)
			files_broken("copy");
		size -= got;
	}
}
