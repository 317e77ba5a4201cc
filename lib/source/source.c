/*
 * source.c - which kind a source is, and what comes later.
 *
 * What a path is, is looked at when it is started, and only then: a FIFO is a
 * pipe, and anything else is the file's to judge.  What has begun as a file
 * stays one, since its ids are positions, and a FIFO stays one, whatever takes
 * the name later.  What does not exist yet is waited for by the file, too,
 * until it turns out to be a FIFO.
 */
#include "config.h"

#include "source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fdio.h"
#include "source/file.h"
#include "source/log_path.h"
#include "source/pipe.h"
#include "source/walk.h"
#include "source/watch.h"

struct source {
	char *text; /* as log_names.h has it */
	char *path; /* without escapes, for a look at a FIFO */
	struct source_options options;
	const struct source_ops *ops;
	void *self;    /* NULL: it was not started */
	bool starting; /* steps have to follow */
	bool ended;    /* SOURCE_END was given */

	/* To start it again, or for a FIFO that comes later. */
	struct source_start start;
	char *id;                     /* of the start, if it has one */
	struct sse_position position; /* likewise */
	int error; /* why it cannot be read; 0: it can, or is not there */
};

int
source_new(const char *path, const struct source_options *options,
    struct source **ret_source)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return -ENOMEM;
	source->options = *options;
	source->ops = source->options.ops != NULL ? source->options.ops
		      : source_is_stdin(path)     ? &pipe_ops
						  : &file_ops;
	source->text = strdup(path);
	source->path = log_names_unescape(path);
	if (source->text == NULL || source->path == NULL) {
		source_free(source);
		return -ENOMEM;
	}
	*ret_source = source;
	return 0;
}

static void
close_source(struct source *source)
{
	source->ops->free(source->self);
	source->self = NULL;
	source->starting = source->ended = false;
}

void
source_free(struct source *source)
{
	if (source == NULL)
		return;
	close_source(source);
	free(source->text);
	free(source->path);
	free(source->id);
	free(source);
}

static bool
is_fifo(const char *path)
{
	struct sse_file_stat stat;

	return walk_stat(path, &stat) == 0 && S_ISFIFO(stat.mode);
}

bool
source_is_stdin(const char *text)
{
	return strcmp(text, "-") == 0;
}

static bool
leads_to_pipe(const char *path)
{
	return source_is_stdin(path) || is_fifo(path);
}

bool
source_leads_to_pipe(const char *text)
{
	char *path = log_names_unescape(text);
	bool leads = path != NULL && leads_to_pipe(path);

	free(path);
	return leads;
}

/* Opens what a FIFO's writers would not notice. */
static int
open_regular(const char *path)
{
	struct sse_file_stat stat;
	int error = walk_stat(path, &stat);

	if (error != 0)
		return error;
	if (S_ISREG(stat.mode))
		return walk_open(path, S_IFREG, O_RDONLY);
	if (!S_ISFIFO(stat.mode))
		return RESULT_WRONG_KIND;
	return faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 ? RESULT_NONE
								: -errno;
}

int
source_peek(
    const char *text, const char *generations, struct listing_cache *listing)
{
	struct log_names *names;
	struct log_path path;
	int64_t now_ms = sse_clock_file_time_ms(sse_clock_system());
	int fd;

	if (source_is_stdin(text))
		return RESULT_NONE;
	fd = log_names_new(text, generations, &names);
	if (fd != 0)
		return fd;
	fd = log_path_init(&path, names, listing);
	if (fd == 0)
		fd = log_path_look(&path, now_ms);
	if (fd == 0)
		fd = path.text != NULL ? open_regular(path.text) : -ENOENT;
	log_path_done(&path);
	log_names_free(names);
	return fd;
}

bool
source_can_end(const struct source *source)
{
	return !source->options.follow || source_is_stdin(source->path);
}

const struct source_ops *
source_ops(const struct source *source)
{
	return source->ops;
}

/* What the path leads to just now, if that is to be asked. */
static const struct source_ops *
kind_of(const struct source *source)
{
	if (source->options.ops != NULL)
		return source->options.ops;
	return leads_to_pipe(source->path) ? &pipe_ops : &file_ops;
}

/* As one of a kind, in place of what it was, or of nothing: as its start(). */
static int
start_as(struct source *source, const struct source_ops *ops)
{
	void *self = NULL;
	int error = ops->new (source->text, &source->options, &self);

	if (error == 0)
		error = ops->start(self, &source->start);
	if (error != 0 && error != RESULT_PARTIAL) {
		ops->free(self);
		return error;
	}
	close_source(source);
	source->ops = ops;
	source->self = self;
	source->starting = error == RESULT_PARTIAL;
	return error;
}

static int
keep_id(struct source *source, struct sse_slice id)
{
	free(source->id);
	source->id = NULL;
	if (id.size == 0)
		return 0;
	source->id = malloc(id.size);
	if (source->id == NULL)
		return -ENOMEM;
	memcpy(source->id, id.data, id.size);
	source->start.id.data = source->id;
	return 0;
}

static int
keep_start(struct source *source, const struct source_start *start)
{
	source->error = 0;
	source->start = *start;
	if (start->position != NULL) {
		source->position = *start->position;
		source->start.position = &source->position;
	}
	return keep_id(source, start->id);
}

static int
start_anew(struct source *source)
{
	close_source(source);
	source->ops = kind_of(source);
	return start_as(source, source->ops);
}

int
source_start(struct source *source, const struct source_start *start)
{
	int error = keep_start(source, start);

	return error != 0 ? error : start_anew(source);
}

/* What others may give back: the step is tried again. */
static bool
is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

int
source_go_on(struct source *source)
{
	int error;

	if (!source->starting)
		return start_anew(source);
	error = source->ops->step(source->self);
	source->starting = error == RESULT_PARTIAL || is_shortage(error);
	return error;
}

bool
source_is_missing(const struct source *source)
{
	return source->ops->is_missing != NULL &&
	       source->ops->is_missing(source->self);
}

bool
source_is_done(const struct source *source)
{
	return source->ops->is_done != NULL &&
	       source->ops->is_done(source->self);
}

bool
source_has_given_all(const struct source *source)
{
	return source->ops->has_given_all(source->self);
}

struct sse_position
source_position(const struct source *source)
{
	return source->ops->position(source->self);
}

struct sse_slice
source_id(struct source *source, const struct sse_position *position)
{
	return source->ops->id(source->self, position);
}

int
source_lines_before(const struct source *source,
    const struct sse_position *position, struct sse_buf *lines)
{
	sse_buf_clear(lines);
	return source->ops->lines_before != NULL
		   ? source->ops->lines_before(source->self, position, lines)
		   : 0;
}

bool
source_owes_gap(const struct source *source)
{
	return source->ops->owes_gap(source->self);
}

/* No file was there yet, and now there is something else. */
static bool
waits_in_vain(const struct source *source)
{
	struct source_poll poll = file_ops.poll(source->self);

	return source->options.follow && source->options.ops == NULL &&
	       poll.awaited && poll.error == RESULT_WRONG_KIND;
}

/* The file gave no record: what it waits for may turn out to be a FIFO. */
static int
look_again(struct source *source, int got, struct source_item *ret_item)
{
	/* It is told, and need not be told of the FIFO again. */
	if (got == 1 && ret_item->kind == SOURCE_GAP)
		source->start = (struct source_start){0};
	if (got != 0 || !waits_in_vain(source) || !is_fifo(source->path))
		return got;
	/* All that comes is new. */
	source->start.has_time = false;
	source->error = start_as(source, &pipe_ops);
	if (source->error != 0)
		return source->error == -ENOMEM ? -ENOMEM : 0;
	return source_next(source, ret_item);
}

int
source_next(struct source *source, struct source_item *ret_item)
{
	int got;

	if (source->ended)
		return 0;
	got = source->ops->next(source->self, ret_item);
	source->error = 0;
	if (got == 1 && ret_item->kind == SOURCE_RECORD)
		return got;
	source->ended = got == 1 && ret_item->kind == SOURCE_END;
	return source->ops == &file_ops ? look_again(source, got, ret_item)
					: got;
}

bool
source_ended(const struct source *source)
{
	return source->ended;
}

struct source_poll
source_poll(const struct source *source)
{
	struct source_poll poll = source->ops->poll(source->self);

	if (source->error != 0) {
		poll.error = source->error;
		poll.timeout_ms = WATCH_POLL_MS;
	}
	return poll;
}

void
source_follow(struct source *source, const struct source *leader)
{
	if (source->ops->follow != NULL && leader->ops == source->ops)
		source->ops->follow(source->self, leader->self);
}

bool
source_meets(struct source *source)
{
	return source->ops->meets != NULL && source->ops->meets(source->self);
}
