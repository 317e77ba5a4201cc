/*
 * writers.c - those who write the log's lines.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

static void
put(struct world *world, struct world_writer *writer, const char *text)
{
	if (write(writer->fd, text, strlen(text)) != (ssize_t)strlen(text))
		files_broken("write");
	files_touch(world, files_of(world, writer->fd));
	world->deeds.late |= writer->is_late;
}

static void
ready(struct world *world, int writer)
{
	if (world->writers[writer].fd < 0)
		world_reopen(world, writer);
}

/* Lines of 10 to 300 bytes, some of them beginning alike. */
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
	struct world_file *file = files_of(world, writer->fd);
	int number = world->lines_count++;

	if (number == WORLD_LINES_MAX)
		files_broken("too many lines");
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
	struct world_writer *writer;
	char text[400];

	/* They would write over each other's lines. */
	if (world->rules.at_offset)
		number = 0;
	writer = &world->writers[number];
	ready(world, number);
	if (writer->ahead >= 0) {
		world_fill_ahead(world);
		return;
	}
	if (writer->partial >= 0) {
		finish_line(world, writer);
		return;
	}
	make_text(text, new_line(world, writer));
	(void)strcat(text, "\n");
	put(world, writer, text);
}

void
world_fill_ahead(struct world *world)
{
	struct world_writer *writer = &world->writers[0];
	char text[400];
	size_t size;

	if (writer->ahead < 0)
		return;
	make_text(text, writer->ahead);
	writer->ahead = -1;
	(void)strcat(text, "\n");
	size = strlen(text);
	if (lseek(writer->fd, -(off_t)size, SEEK_END) < 0)
		files_broken("lseek");
	put(world, writer, text);
}

/* Only in worlds where who writes has its own offset. */
void
world_append_ahead(struct world *world)
{
	struct world_writer *writer = &world->writers[0];
	char text[400];
	off_t end;

	ready(world, 0);
	if (writer->partial >= 0)
		finish_line(world, writer);
	world_fill_ahead(world);
	writer->ahead = new_line(world, writer);
	make_text(text, writer->ahead);
	end = lseek(writer->fd, 0, SEEK_CUR);
	if (ftruncate(writer->fd, end + (off_t)strlen(text) + 1) != 0)
		files_broken("ftruncate");
	files_touch(world, files_of(world, writer->fd));
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
	world_fill_ahead(world);
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

	world_fill_ahead(world);
	if (number != 0 && world->writers[0].partial >= 0)
		finish_line(world, &world->writers[0]);
	if (writer->partial >= 0)
		finish_line(world, writer);
	if (writer->fd >= 0)
		(void)close(writer->fd);
	writer->fd = files_open_log(world);
	writer->is_late = false;
}

void
world_finish(struct world *world)
{
	for (int i = 0; i < WORLD_WRITERS; i++)
		if (world->writers[i].partial >= 0)
			finish_line(world, &world->writers[i]);
	world_fill_ahead(world);
	world_permit(world);
	world_reopen(world, 0);
	world_append(world, 0);
}
