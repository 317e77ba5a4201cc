/*
 * world.c - writers and rotations.
 */
#include "config.h"

#include "world.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Noreturn void
broken(const char *what)
{
	perror(what);
	abort();
}

/* ----------------------------------------------------------------- time -- */

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

/* ---------------------------------------------------------------- files -- */

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

static struct world_file *
file_of(struct world *world, int fd)
{
	struct stat stat;

	if (fstat(fd, &stat) != 0)
		broken("fstat");
	return world_find(world, stat.st_dev, stat.st_ino);
}

static void
touch(struct world *world, struct world_file *file)
{
	file->mtime_ms = file->ctime_ms = file_time_ms(world);
}

/* The file has just been made. */
static struct world_file *
note_birth(struct world *world, int fd, int run)
{
	struct world_file *file = &world->files[world->files_count++];
	struct stat stat;

	if (world->files_count == WORLD_FILES_MAX || fstat(fd, &stat) != 0)
		broken("too many files");
	*file = (struct world_file){.device = stat.st_dev,
	    .inode = stat.st_ino,
	    /* No two are born at the same moment. */
	    .birth_ns = file_time_ms(world) * 1000000 +
			(int64_t)(++world->births % 1000000),
	    .run = run};
	touch(world, file);
	return file;
}

static int
new_run(struct world *world)
{
	if (world->runs_count == WORLD_RUNS_MAX)
		broken("too many runs");
	world->runs[world->runs_count] = (struct world_run){0, false};
	return world->runs_count++;
}

static const char *
generation(const struct world *world, int number)
{
	static char paths[2][256];
	static int which;
	char *path = paths[which ^= 1];

	if (number == 0)
		return world->log;
	(void)snprintf(path, sizeof(paths[0]), "%s.%d", world->log, number);
	return path;
}

static bool
exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Opens the log for appending, and makes it if it is not there. */
static int
open_log(struct world *world)
{
	int fd = open(world->log, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0600);

	if (fd >= 0)
		(void)note_birth(world, fd, new_run(world));
	else
		fd = open(world->log, O_WRONLY | O_APPEND);
	if (fd < 0)
		broken(world->log);
	return fd;
}

/* A name changes, or goes: that is a change of the file. */
static void
note_change(struct world *world, const char *path)
{
	int fd = open(path, O_RDONLY);

	file_of(world, fd)->ctime_ms = file_time_ms(world);
	(void)close(fd);
}

static void
move(struct world *world, int from, int to)
{
	char source[256];

	(void)snprintf(source, sizeof(source), "%s", generation(world, from));
	if (!exists(source))
		return;
	note_change(world, source);
	if (rename(source, generation(world, to)) != 0)
		broken("rename");
}

/* A name goes, and with it what is in the file. */
static void
remove_name(struct world *world, const char *path)
{
	int fd = open(path, O_RDONLY);
	struct world_file *file;

	if (fd < 0)
		return;
	file = file_of(world, fd);
	file->ctime_ms = file_time_ms(world);
	file->is_removed = true;
	world->runs[file->run].is_gone = true;
	(void)close(fd);
	(void)unlink(path);
	world->deeds.removed = true;
}

/* The names of the generations move on; the oldest is removed. */
static void
shift(struct world *world)
{
	remove_name(world, generation(world, WORLD_GENERATIONS));
	for (int i = WORLD_GENERATIONS - 1; i > 0; i--)
		move(world, i, i + 1);
}

/* -------------------------------------------------------------- writers -- */

static void
put(struct world *world, struct world_writer *writer, const char *text)
{
	if (write(writer->fd, text, strlen(text)) != (ssize_t)strlen(text))
		broken("write");
	touch(world, file_of(world, writer->fd));
	world->deeds.late |= writer->is_late;
}

static void
ready(struct world *world, int writer)
{
	if (world->writers[writer].fd < 0)
		world_reopen(world, writer);
}

/* Lines of 10 to 300 octets, some of them beginning alike. */
static void
make_text(char text[400], int number)
{
	int size = snprintf(text, 400, "%d:", number);
	int more = 8 + number * 37 % 290;

	memset(text + size, 'a' + number % 3, (size_t)more);
	text[size + more] = '\0';
}

/* The line that begins now, in the file of the writer. */
static int
new_line(struct world *world, const struct world_writer *writer)
{
	struct world_file *file = file_of(world, writer->fd);
	int number = world->lines_count++;

	if (number == WORLD_LINES_MAX)
		broken("too many lines");
	world->lines[number] = (struct world_line){.run = file->run,
	    .place = file->places++,
	    .is_late = writer->is_late,
	    .written_ms = world->now_ms};
	return number;
}

/* The rest of a line names it, too: it may come as a record of its own. */
static void
finish_line(struct world *world, struct world_writer *writer)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "~%d\n", writer->partial);
	writer->partial = -1;
	put(world, writer, text);
}

void
world_append(struct world *world, int number)
{
	struct world_writer *writer = &world->writers[number];
	char text[400];

	ready(world, number);
	if (writer->partial >= 0) {
		finish_line(world, writer);
		return;
	}
	make_text(text, new_line(world, writer));
	(void)strcat(text, "\n");
	put(world, writer, text);
}

/*
 * Only the first writer, and only while no other has the same file: they would
 * write into each other's lines.
 */
void
world_append_part(struct world *world, int number)
{
	struct world_writer *writer = &world->writers[number];
	char text[400];

	if (number != 0 || world->writers[1].fd >= 0) {
		world_append(world, number);
		return;
	}
	ready(world, number);
	if (writer->partial >= 0)
		return;
	writer->partial = new_line(world, writer);
	make_text(text, writer->partial);
	put(world, writer, text);
}

void
world_reopen(struct world *world, int number)
{
	struct world_writer *writer = &world->writers[number];

	if (number != 0 && world->writers[0].partial >= 0)
		finish_line(world, &world->writers[0]);
	if (writer->partial >= 0)
		finish_line(world, writer);
	if (writer->fd >= 0)
		(void)close(writer->fd);
	writer->fd = open_log(world);
	writer->is_late = false;
}

void
world_finish(struct world *world)
{
	for (int i = 0; i < WORLD_WRITERS; i++)
		if (world->writers[i].partial >= 0)
			finish_line(world, &world->writers[i]);
	world_reopen(world, 0);
	world_append(world, 0);
}

/* ------------------------------------------------------------ rotations -- */

static void
make_late(struct world *world)
{
	for (int i = 0; i < WORLD_WRITERS; i++)
		world->writers[i].is_late = true;
}

void
world_rename(struct world *world, bool create)
{
	if (!exists(world->log))
		return;
	shift(world);
	move(world, 0, 1);
	make_late(world);
	if (create)
		(void)close(open_log(world));
}

static void
copy_log(struct world *world)
{
	char octets[65536];
	int in = open(world->log, O_RDONLY);
	int out = open(
	    generation(world, 1), O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0600);
	ssize_t got;

	if (in < 0 || out < 0)
		broken("copy");
	(void)note_birth(world, out, file_of(world, in)->run);
	while ((got = read(in, octets, sizeof(octets))) > 0)
		if (write(out, octets, (size_t)got) != got)
			broken("copy");
	(void)close(in);
	(void)close(out);
}

/* The lines of the run from that place on are in no file any more. */
static void
lose_lines(struct world *world, int run, int from)
{
	for (int i = 0; i < world->lines_count; i++)
		if (world->lines[i].run == run && world->lines[i].place >= from)
			world->lines[i].is_lost = true;
	world->runs[run].truncated_ms = world->now_ms;
}

/* So many lines of its run are kept in a copy. */
static void
truncate_log(struct world *world, int kept)
{
	struct world_file *file;
	int fd;

	fd = open(world->log, O_WRONLY);
	file = file_of(world, fd);
	if (ftruncate(fd, 0) != 0)
		broken("ftruncate");
	(void)close(fd);
	touch(world, file);
	lose_lines(world, file->run, kept);
	file->run = new_run(world);
	file->places = 0;
	world->deeds.truncated = true;
}

void
world_truncate(struct world *world)
{
	if (exists(world->log))
		truncate_log(world, 0);
}

static int
lines_of_log(struct world *world)
{
	int fd = open(world->log, O_RDONLY);
	int places = file_of(world, fd)->places;

	(void)close(fd);
	return places;
}

void
world_copy_and_truncate(struct world *world, bool write_between)
{
	int kept;

	if (!exists(world->log))
		return;
	shift(world);
	copy_log(world);
	kept = lines_of_log(world);
	if (write_between)
		world_append(world, 0);
	truncate_log(world, kept);
}

void
world_delete(struct world *world)
{
	if (!exists(world->log))
		return;
	remove_name(world, world->log);
	make_late(world);
}

/* ----------------------------------------------------------------- life -- */

static void
remove_all(const struct world *world)
{
	(void)unlink(world->log);
	for (int i = 1; i <= WORLD_GENERATIONS; i++)
		(void)unlink(generation(world, i));
}

void
world_begin(struct world *world, const char *folder)
{
	memset(world, 0, sizeof(*world));
	(void)snprintf(world->log, sizeof(world->log), "%s/log", folder);
	world->now_ms = INT64_C(1800000000000);
	world->clock = (struct sse_clock){monotonic_ms, file_time_ms, world};
	for (int i = 0; i < WORLD_WRITERS; i++)
		world->writers[i] =
		    (struct world_writer){.fd = -1, .partial = -1};
	remove_all(world);
}

void
world_end(struct world *world)
{
	for (int i = 0; i < WORLD_WRITERS; i++)
		if (world->writers[i].fd >= 0)
			(void)close(world->writers[i].fd);
	remove_all(world);
}
