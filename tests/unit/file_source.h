/*
 * file_source.h - a file as a source, without the one that decides what it is:
 * the functions of its table.
 */
#ifndef FILE_SOURCE_H
#define FILE_SOURCE_H

#include <errno.h>

#include "positions.h"
#include "source/file.h"

struct file;

static inline int
file_new(const char *path, const struct source_options *options,
    struct file **ret_file)
{
	void *self;
	int error = file_ops.new(path, options, &self);

	if (error == 0)
		*ret_file = self;
	return error;
}

static inline void
file_free(struct file *file)
{
	file_ops.free(file);
}

/* In all its turns. */
static inline int
file_start(struct file *file, const struct source_start *start)
{
	int error = file_ops.start(file, start);

	while (error == RESULT_PARTIAL)
		error = file_ops.step(file);
	return error;
}

/* What needs more than one call is asked for until it is there. */
static inline int
file_next(struct file *file, struct source_item *ret_item)
{
	int got;

	do
		got = file_ops.next(file, ret_item);
	while (got == RESULT_PARTIAL);
	return got;
}

static inline bool
file_is_done(const struct file *file)
{
	return file_ops.is_done(file);
}

static inline bool
file_has_given_all(const struct file *file)
{
	return file_ops.has_given_all(file);
}

static inline struct source_position
file_position(const struct file *file)
{
	return file_ops.position(file);
}

static inline bool
file_owes_gap(const struct file *file)
{
	return file_ops.owes_gap(file);
}

static inline void
file_follow(struct file *file, const struct file *leader)
{
	file_ops.follow(file, leader);
}

static inline bool
file_meets(struct file *file)
{
	return file_ops.meets(file);
}

static inline int
file_fd(const struct file *file)
{
	return file_ops.poll(file).fd;
}

static inline int64_t
file_timeout_ms(const struct file *file)
{
	return file_ops.poll(file).timeout_ms;
}

/* 0 also where it is only awaited. */
static inline int
file_error(const struct file *file)
{
	struct source_poll poll = file_ops.poll(file);

	return poll.awaited && poll.error == -ENOENT ? 0 : poll.error;
}

#endif
