/*
 * pipe.c - reading what cannot be read again.
 *
 * A FIFO is opened for reading and writing: with a writer of its own it never
 * ends, whatever its writers do.  Where that is not permitted it is opened for
 * reading, and opened anew when the last writer has left, before the old
 * descriptor is closed: so there is a reader all the time, and no writer gets
 * EPIPE.
 *
 * A lock belongs to what was opened, not to the FIFO: the descriptor that has
 * it stays open beside the ones that are read, so that there is no moment in
 * which another reader could take it.
 */
#include "config.h"

#include "pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "walk.h"
#include "watch.h"

#define FOREVER_MS                                                \
	3600000 /* it is polled: a look without reason is no harm \
		 */

enum pipe_state {
	PIPE_OPEN,
	PIPE_DRAINED, /* at its end; the unfinished record may be left */
	PIPE_ENDED    /* the end has been told */
};

struct pipe {
	char *path; /* NULL: standard input */
	struct source_options options;
	int fd;           /* is read */
	int lock_fd;      /* has the lock: fd, or an earlier one; or -1 */
	bool nonblocking; /* standard input was, before us */
	bool drained;     /* the last read found nothing */
	enum pipe_state state;
	bool gap; /* to be told first */
	enum gap_reason reason;
	uint64_t records;
	int error;
	struct splitter splitter;
	char bytes[PIPE_READ_SIZE];
};

int
pipe_new(const char *path, const struct source_options *options,
    struct pipe **ret_pipe)
{
	struct pipe *pipe = calloc(1, sizeof(*pipe));

	if (pipe == NULL)
		return -ENOMEM;
	pipe->options = *options;
	pipe->fd = pipe->lock_fd = -1;
	splitter_init(&pipe->splitter, options->record_size_max);
	if (path != NULL) {
		pipe->path = strdup(path);
		if (pipe->path == NULL) {
			pipe_free(pipe);
			return -ENOMEM;
		}
	}
	*ret_pipe = pipe;
	return 0;
}

/* The one that is read, but not the lock. */
static void
close_read(struct pipe *pipe)
{
	if (pipe->fd != pipe->lock_fd)
		sse_fd_close(pipe->fd);
}

void
pipe_free(struct pipe *pipe)
{
	if (pipe == NULL)
		return;
	splitter_done(&pipe->splitter);
	/* A terminal, say, is another program's standard input as well. */
	if (pipe->path == NULL && pipe->fd == STDIN_FILENO)
		(void)sse_fd_nonblocking(pipe->fd, pipe->nonblocking, NULL);
	else
		close_read(pipe);
	sse_fd_close(pipe->lock_fd);
	free(pipe->path);
	free(pipe);
}

/* A descriptor of the FIFO, or -errno. */
static int
open_fifo(const char *path)
{
	int fd = walk_open(path, S_IFIFO, O_RDWR);

	return fd < 0 ? walk_open(path, S_IFIFO, O_RDONLY) : fd;
}

/* Only one of those that open a FIFO reads it: 0, RESULT_BUSY, -errno. */
static int
lock_fifo(int fd)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return errno == EWOULDBLOCK ? RESULT_BUSY : -errno;
}

/*
 * Opens what the path leads to now, and takes it in place of what was open.
 * Of the same FIFO the lock is ours already; of another one it has to be had,
 * and until then it is not read.  0, or an error of pipe_start(), and all is
 * as it was.
 */
static int
open_path(struct pipe *pipe)
{
	int fd = open_fifo(pipe->path);
	bool same = fd >= 0 && sse_fd_same(fd, pipe->lock_fd);
	int error = fd < 0 ? fd : same ? 0 : lock_fifo(fd);

	if (error != 0) {
		sse_fd_close(fd);
		return error;
	}
	close_read(pipe);
	if (!same) {
		sse_fd_close(pipe->lock_fd);
		pipe->lock_fd = fd;
	}
	pipe->fd = fd;
	return 0;
}

static int
open_source(struct pipe *pipe)
{
	if (pipe->path != NULL)
		return open_path(pipe);
	pipe->fd = STDIN_FILENO;
	return sse_fd_nonblocking(pipe->fd, true, &pipe->nonblocking);
}

int
pipe_start(struct pipe *pipe, const struct source_start *start)
{
	int error = open_source(pipe);

	if (error != 0)
		return error;
	/* An id of an earlier start: what came in between is gone. */
	pipe->gap = start->gap != GAP_NONE || start->position != NULL;
	pipe->reason = start->position != NULL && start->position->epoch != 0
			   ? GAP_OVERRUN
			   : GAP_UNKNOWN;
	return 0;
}

struct sse_position
pipe_position(const struct pipe *pipe)
{
	return (struct sse_position){
	    .epoch = pipe->options.epoch, .offset = pipe->records};
}

bool
pipe_owes_gap(const struct pipe *pipe)
{
	return pipe->gap;
}

/* The read found nothing: what follows depends on what it is. */
static void
find_end(struct pipe *pipe, bool at_end)
{
	if (pipe->path != NULL && !pipe->options.follow)
		pipe->state = PIPE_DRAINED;
	else if (pipe->path == NULL && at_end)
		pipe->state = PIPE_DRAINED;
	else if (at_end)
		/* Else poll() would tell of the writer's end without end. */
		pipe->error = open_path(pipe);
}

/* One read: the bytes, 0 when there are none now. */
static ssize_t
read_some(struct pipe *pipe)
{
	ssize_t got = sse_fd_read(pipe->fd, pipe->bytes, sizeof(pipe->bytes));

	pipe->drained = got <= 0;
	pipe->error = got < 0 && got != -EAGAIN ? (int)got : 0;
	if (got > 0) {
		splitter_feed(&pipe->splitter,
		    (struct sse_slice){pipe->bytes, (size_t)got});
		return got;
	}
	if (pipe->error == 0)
		find_end(pipe, got == 0);
	return 0;
}

static int
deliver(struct pipe *pipe, struct source_item *item)
{
	pipe->records++;
	item->kind = SOURCE_RECORD;
	item->has_position = true;
	item->position = pipe_position(pipe);
	return 1;
}

/* The last record of a pipe that has ended, then the end. */
static int
finish(struct pipe *pipe, struct source_item *item)
{
	if (pipe->state == PIPE_ENDED)
		return 0;
	if (splitter_rest(&pipe->splitter, &item->record) == 1)
		return deliver(pipe, item);
	pipe->state = PIPE_ENDED;
	*item = (struct source_item){.kind = SOURCE_END};
	return 1;
}

static int
take_gap(struct pipe *pipe, struct source_item *item)
{
	pipe->gap = false;
	*item = (struct source_item){
	    .kind = SOURCE_GAP,
	    .reason = pipe->reason,
	    .skipped = SOURCE_SKIPPED_UNKNOWN,
	    .has_position = true,
	    .position = pipe_position(pipe),
	};
	return 1;
}

int
pipe_next(struct pipe *pipe, struct source_item *ret_item)
{
	int got;

	if (pipe->gap)
		return take_gap(pipe, ret_item);
	got = splitter_next(&pipe->splitter, &ret_item->record);
	if (got == 1)
		return deliver(pipe, ret_item);
	if (got < 0)
		return got;
	if (pipe->state != PIPE_OPEN)
		return finish(pipe, ret_item);
	if (read_some(pipe) > 0) {
		got = splitter_next(&pipe->splitter, &ret_item->record);
		return got == 1 ? deliver(pipe, ret_item) : got;
	}
	return pipe->state != PIPE_OPEN ? finish(pipe, ret_item) : 0;
}

int
pipe_fd(const struct pipe *pipe)
{
	/* What cannot be read would be ready all the time. */
	return pipe->error == 0 ? pipe->fd : -1;
}

int64_t
pipe_timeout_ms(const struct pipe *pipe)
{
	if (pipe->error != 0)
		return WATCH_POLL_MS;
	return pipe->drained ? FOREVER_MS : 0;
}

int
pipe_error(const struct pipe *pipe)
{
	return pipe->error;
}
