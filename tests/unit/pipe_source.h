/*
 * pipe_source.h - a pipe as a source, without the one that decides what it is:
 * the functions of its table.
 */
#ifndef PIPE_SOURCE_H
#define PIPE_SOURCE_H

#include "positions.h"
#include "source/pipe.h"

struct pipe;

static inline int
pipe_new(const char *path, const struct source_options *options,
    struct pipe **ret_pipe)
{
	void *self;
	int error = pipe_ops.new(path, options, &self);

	if (error == 0)
		*ret_pipe = self;
	return error;
}

static inline void
pipe_free(struct pipe *pipe)
{
	pipe_ops.free(pipe);
}

static inline int
pipe_start(struct pipe *pipe, const struct source_start *start)
{
	return pipe_ops.start(pipe, start);
}

/* What needs more than one call is asked for until it is there. */
static inline int
pipe_next(struct pipe *pipe, struct source_item *ret_item)
{
	int got;

	do
		got = pipe_ops.next(pipe, ret_item);
	while (got == RESULT_PARTIAL);
	return got;
}

static inline struct source_position
pipe_position(const struct pipe *pipe)
{
	return pipe_ops.position(pipe);
}

static inline bool
pipe_owes_gap(const struct pipe *pipe)
{
	return pipe_ops.owes_gap(pipe);
}

static inline int
pipe_fd(const struct pipe *pipe)
{
	return pipe_ops.poll(pipe).fd;
}

static inline int64_t
pipe_timeout_ms(const struct pipe *pipe)
{
	return pipe_ops.poll(pipe).timeout_ms;
}

static inline int
pipe_error(const struct pipe *pipe)
{
	return pipe_ops.poll(pipe).error;
}

#endif
