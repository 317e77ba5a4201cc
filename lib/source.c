/*
 * source.c - one face for files and pipes.
 *
 * What a path is, is known when it is started: a FIFO is a pipe, and anything
 * else, a file that does not exist yet among it, is the file's to judge.
 */
#include "config.h"

#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file.h"
#include "pipe.h"

struct source {
	char *path;
	struct source_options options;
	struct file *file; /* one of the two, once it is started */
	struct pipe *pipe;
};

int
source_new(const char *path, const struct source_options *options,
    struct source **ret_source)
{
	struct source *source = calloc(1, sizeof(*source));

	if (source == NULL)
		return -ENOMEM;
	source->options = *options;
	source->path = strdup(path);
	if (source->path == NULL) {
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
	free(source->path);
	free(source);
}

static bool
is_fifo(const char *path)
{
	struct sse_file_stat stat;

	return sse_path_stat(path, &stat) == 0 && S_ISFIFO(stat.mode);
}

bool
source_is_file(const struct source *source)
{
	return strcmp(source->path, "-") != 0 && !is_fifo(source->path);
}

static int
start_pipe(
    struct source *source, const char *path, const struct source_start *start)
{
	int error = pipe_new(path, &source->options, &source->pipe);

	return error != 0 ? error : pipe_start(source->pipe, start);
}

int
source_start(struct source *source, const struct source_start *start)
{
	int error;

	close_source(source);
	if (strcmp(source->path, "-") == 0)
		return start_pipe(source, NULL, start);
	if (is_fifo(source->path))
		return start_pipe(source, source->path, start);
	error = file_new(source->path, &source->options, &source->file);
	return error != 0 ? error : file_start(source->file, start);
}

bool
source_is_done(const struct source *source)
{
	return source->file != NULL && file_is_done(source->file);
}

struct sse_position
source_position(const struct source *source)
{
	return source->pipe != NULL ? pipe_position(source->pipe)
				    : file_position(source->file);
}

bool
source_owes_gap(const struct source *source)
{
	return source->pipe != NULL ? pipe_owes_gap(source->pipe)
				    : file_owes_gap(source->file);
}

int
source_next(struct source *source, struct source_item *ret_item)
{
	return source->pipe != NULL ? pipe_next(source->pipe, ret_item)
				    : file_next(source->file, ret_item);
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
	return source->pipe != NULL ? pipe_timeout_ms(source->pipe)
				    : file_timeout_ms(source->file);
}

int
source_error(const struct source *source)
{
	return source->pipe != NULL ? pipe_error(source->pipe)
				    : file_error(source->file);
}
