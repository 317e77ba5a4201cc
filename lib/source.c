/*
 * source.c - one face for files and pipes.
 *
 * What a path is, is looked at when it is started, and only then: a FIFO is a
 * pipe, and anything else is the file's to judge.  What has begun as a file
 * stays one, since its ids are positions, and a FIFO stays one, whatever takes
 * the name later.  What does not exist yet is waited for by the file, too,
 * until it turns out to be a FIFO.
 */
#include "config.h"

#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fdio.h"
#include "file.h"
#include "log_path.h"
#include "pipe.h"
#include "walk.h"
#include "watch.h"

struct source {
	char *text; /* as log_names.h has it */
	char
	    *path; /* without escapes; of a FIFO, since a file may have dates */
	struct source_options options;
	struct file *file; /* one of the two, once it is started */
	struct pipe *pipe;

	/* For a FIFO that comes later. */
	struct source_start start;
	struct sse_position position; /* of the start, if it has one */
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
	file_free(source->file);
	pipe_free(source->pipe);
	source->file = NULL;
	source->pipe = NULL;
}

void
source_free(struct source *source)
{
	if (source == NULL)
		return;
	close_source(source);
	free(source->text);
	free(source->path);
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
source_peek(const char *text, const char *generations)
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
	fd = log_path_init(&path, names, NULL);
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

bool
source_is_file(const struct source *source)
{
	if (source->file != NULL || source->pipe != NULL)
		return source->file != NULL;
	return source->options.is_file || !leads_to_pipe(source->path);
}

/* A pipe, in place of the file that was waited for, or of nothing. */
static int
start_pipe(
    struct source *source, const char *path, const struct source_start *start)
{
	struct pipe *pipe;
	int error = pipe_new(path, &source->options, &pipe);

	if (error != 0)
		return error;
	error = pipe_start(pipe, start);
	if (error != 0) {
		pipe_free(pipe);
		return error;
	}
	close_source(source);
	source->pipe = pipe;
	return 0;
}

static void
keep_start(struct source *source, const struct source_start *start)
{
	source->error = 0;
	source->start = *start;
	if (start->position == NULL)
		return;
	source->position = *start->position;
	source->start.position = &source->position;
}

int
source_start(struct source *source, const struct source_start *start)
{
	int error;

	close_source(source);
	keep_start(source, start);
	if (source_is_stdin(source->path))
		return start_pipe(source, NULL, start);
	if (!source->options.is_file && is_fifo(source->path))
		return start_pipe(source, source->path, start);
	error = file_new(source->text, &source->options, &source->file);
	return error != 0 ? error : file_start(source->file, start);
}

bool
source_is_done(const struct source *source)
{
	return source->file != NULL && file_is_done(source->file);
}

bool
source_has_given_all(const struct source *source)
{
	return source->pipe != NULL ||
	       (source->file != NULL && file_has_given_all(source->file));
}

struct sse_position
source_position(const struct source *source)
{
	return source->pipe != NULL ? pipe_position(source->pipe)
				    : file_position(source->file);
}

int
source_lines_before(const struct source *source,
    const struct sse_position *position, struct sse_buf *lines)
{
	sse_buf_clear(lines);
	return source->file != NULL
		   ? file_lines_before(source->file, position, lines)
		   : 0;
}

bool
source_owes_gap(const struct source *source)
{
	return source->pipe != NULL ? pipe_owes_gap(source->pipe)
				    : file_owes_gap(source->file);
}

/* No file was there yet, and now there is something else. */
static bool
waits_in_vain(const struct source *source)
{
	return source->options.follow && !source->options.is_file &&
	       file_error(source->file) == RESULT_WRONG_KIND &&
	       file_position(source->file).file == 0;
}

/* One item of the file, or of the FIFO that turns out to be in its place. */
static int
next_of_file(struct source *source, struct source_item *ret_item)
{
	int got = file_next(source->file, ret_item);

	source->error = 0;
	if (got == 1 && ret_item->kind == SOURCE_GAP) {
		/* It is told, and need not be told of the FIFO again. */
		source->start.position = NULL;
		source->start.gap = GAP_NONE;
	}
	if (got != 0 || !waits_in_vain(source) || !is_fifo(source->path))
		return got;
	source->error = start_pipe(source, source->path, &source->start);
	if (source->error != 0)
		return source->error == -ENOMEM ? -ENOMEM : 0;
	return pipe_next(source->pipe, ret_item);
}

int
source_next(struct source *source, struct source_item *ret_item)
{
	return source->pipe != NULL ? pipe_next(source->pipe, ret_item)
				    : next_of_file(source, ret_item);
}

void
source_follow(struct source *source, const struct source *leader)
{
	if (source->file != NULL)
		file_follow(source->file, leader->file);
}

bool
source_meets(struct source *source)
{
	return source->file != NULL && file_meets(source->file);
}

int
source_fd(const struct source *source)
{
	return source->pipe != NULL ? pipe_fd(source->pipe)
				    : file_fd(source->file);
}

int64_t
source_timeout_ms(const struct source *source)
{
	if (source->pipe != NULL)
		return pipe_timeout_ms(source->pipe);
	return source->error != 0 ? WATCH_POLL_MS
				  : file_timeout_ms(source->file);
}

int
source_error(const struct source *source)
{
	if (source->pipe != NULL)
		return pipe_error(source->pipe);
	return source->error != 0 ? source->error : file_error(source->file);
}

int
source_waits(const struct source *source)
{
	int error;

	if (source->pipe != NULL || file_position(source->file).file != 0)
		return 0;
	error = source_error(source);
	return error != 0 ? error : -ENOENT;
}
