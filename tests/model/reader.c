/*
 * reader.c - what the log is read with.
 *
 * Lines come from the file itself: a source makes calls of its own, and each
 * call moves the faults that are played.
 */
#include "config.h"

#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "../unit/file_source.h"
#include "stream/multiline.h"
#include "source/source.h"

#define LINE_SIZE_MAX 1024
#define ROTATE_WAIT_MS 50
#define RECORD_WAIT_MS 60

struct reader {
	struct reader_options options;
	struct source_shared *own; /* NULL: it is another's */
	struct file *file; /* NULL: records are read, or nothing just now */
	struct source *source;
	struct multiline multiline;
	const struct reader *leader;
	struct source_position position; /* where it goes on */
};

int
reader_line_number(struct sse_slice line)
{
	char digits[16] = "";
	size_t size = line.size;

	if (size > 0 && line.data[0] == '~')
		return -1;
	if (size > sizeof(digits) - 1)
		size = sizeof(digits) - 1;
	memcpy(digits, line.data, size);
	return atoi(digits);
}

static bool
begins(void *context, struct sse_slice line)
{
	int number = reader_line_number(line);

	(void)context;
	return number >= 0 && number % 3 == 0;
}

static const struct record_rule by_number = {RECORD_HAS_START, begins, NULL};

static void
open_source(struct reader *reader, struct source_options *options)
{
	const struct multiline_options joining = {
	    .clock = options->clock,
	    .rule = &by_number,
	    .record_size_max = READER_RECORD_SIZE_MAX,
	    .wait_ms = RECORD_WAIT_MS,
	};

	options->rule = &by_number;
	options->record_size_max = READER_RECORD_SIZE_MAX;
	if (source_new(
		reader->options.world->source, options, &reader->source) != 0)
		abort();
	multiline_init(&reader->multiline, reader->source, &joining);
}

static void
open_log(struct reader *reader)
{
	const struct world *world = reader->options.world;
	struct source_options options = {
	    .clock = &world->clock,
	    .follow = true,
	    .generations = world->rules.generations,
	    .shared = reader->options.shared,
	    .record_size_max = LINE_SIZE_MAX,
	    .replay_size = UINT64_MAX,
	    .rotate_wait_ms = ROTATE_WAIT_MS,
	    .random = 1,
	    .unwatched = reader->options.unwatched,
	};

	if (reader->options.records)
		open_source(reader, &options);
	else if (file_new(world->source, &options, &reader->file) != 0)
		abort();
}

/* A player says itself when it looks. */
static struct hint_waiter nobody;

struct source_shared *
reader_shared_new(const struct world *world, struct source_hints *hints)
{
	struct source_shared *shared;

	if (source_shared_new(
		world->source, world->rules.generations, hints, &shared) != 0)
		abort();
	source_shared_wake(shared, &nobody);
	return shared;
}

struct reader *
reader_new(const struct reader_options *options)
{
	struct reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL)
		abort();
	reader->options = *options;
	if (options->shared == NULL) {
		reader->own = reader_shared_new(options->world, NULL);
		reader->options.shared = reader->own;
	}
	open_log(reader);
	return reader;
}

static void
close_log(struct reader *reader)
{
	if (reader->source != NULL)
		multiline_done(&reader->multiline);
	source_free(reader->source);
	file_free(reader->file);
	reader->source = NULL;
	reader->file = NULL;
}

void
reader_free(struct reader *reader)
{
	if (reader == NULL)
		return;
	close_log(reader);
	source_shared_free(reader->own);
	free(reader);
}

int
reader_start(struct reader *reader, const struct source_start *start)
{
	int error = reader->file != NULL ? file_start(reader->file, start)
					 : source_start(reader->source, start);

	while (error == RESULT_PARTIAL)
		error = source_go_on(reader->source);
	if (error == 0 && reader->file == NULL)
		multiline_restart(&reader->multiline);
	return error;
}

struct source_position
reader_position(const struct reader *reader)
{
	return reader->file != NULL ? file_position(reader->file)
				    : multiline_position(&reader->multiline);
}

bool
reader_owes_gap(const struct reader *reader)
{
	return reader->file != NULL ? file_owes_gap(reader->file)
				    : source_owes_gap(reader->source);
}

int
reader_next(struct reader *reader, struct source_item *ret_item)
{
	return reader->file != NULL
		   ? file_ops.next(reader->file, ret_item)
		   : multiline_next(&reader->multiline, ret_item);
}

int64_t
reader_timeout_ms(const struct reader *reader)
{
	return reader->file != NULL
		   ? file_timeout_ms(reader->file)
		   : multiline_poll(&reader->multiline).timeout_ms;
}

void
reader_follow(struct reader *reader, const struct reader *leader)
{
	reader->leader = leader;
	if (reader->file != NULL)
		file_follow(reader->file, leader->file);
	else
		source_follow(reader->source, leader->source);
}

bool
reader_meets(struct reader *reader)
{
	if (reader->file != NULL)
		return file_meets(reader->file);
	return reader->leader != NULL &&
	       multiline_meets(&reader->multiline, &reader->leader->multiline);
}

void
reader_yield(struct reader *reader)
{
	reader->position = reader_position(reader);
	close_log(reader);
}

bool
reader_has_yielded(const struct reader *reader)
{
	return reader->file == NULL && reader->source == NULL;
}

int
reader_go_on(struct reader *reader)
{
	const struct source_start start = {.position = &reader->position};

	open_log(reader);
	return reader_start(reader, &start);
}
