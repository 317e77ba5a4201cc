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

#include "source/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/log_names.h"
#include "source/position.h"
#include "source/walk.h"
#include "source/watch.h"

#define FOREVER_MS                                                \
	3600000 /* it is polled: a look without reason is no harm \
		 */

struct pipe {
	char *path; /* NULL: standard input */
	struct source_options options;
	int fd;           /* is read */
	int lock_fd;      /* has the lock: fd, or an earlier one; or -1 */
	bool nonblocking; /* standard input was, before us */
	bool at_end; /* nothing is to be read; the last record may be left */
	bool gap;    /* to be told first */
	enum gap_reason reason;
	const char *comment; /* on it; or NULL */
	uint64_t epoch;      /* of its positions */
	uint64_t records;
	int error;
	struct splitter splitter;
	struct sse_position_text id;
	char bytes[PIPE_READ_SIZE];
};

/* The one that is read, but not the lock. */
static void
close_read(struct pipe *pipe)
{
	if (pipe->fd != pipe->lock_fd)
		sse_fd_close(pipe->fd);
}

static void
free_pipe(void *self)
{
	struct pipe *pipe = self;

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

static bool
is_stdin(const char *text)
{
	return strcmp(text, "-") == 0;
}

/* Never 0, which would say that the position is durable. */
static uint64_t
epoch_of(uint64_t random)
{
	uint64_t epoch =
	    random & ((UINT64_C(1) << SSE_POSITION_CHECK_BITS) - 1);

	return epoch != 0 ? epoch : 1;
}

static int
new_pipe(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct pipe *pipe = calloc(1, sizeof(*pipe));

	if (pipe == NULL)
		return -ENOMEM;
	pipe->options = *options;
	pipe->epoch = epoch_of(options->random);
	pipe->fd = pipe->lock_fd = -1;
	splitter_init(&pipe->splitter, options->record_size_max);
	if (!is_stdin(text))
		pipe->path = log_names_unescape(text);
	if (!is_stdin(text) && pipe->path == NULL) {
		free_pipe(pipe);
		return -ENOMEM;
	}
	*ret_self = pipe;
	return 0;
}

/* A FIFO at the end of a path, or why it is none. */
static int
look_at_fifo(const char *path)
{
	struct sse_file_stat stat;
	int error = path != NULL ? walk_stat(path, &stat) : -ENOMEM;

	if (error == 0 && !S_ISFIFO(stat.mode))
		error = RESULT_WRONG_KIND;
	return error;
}

static bool
claims(const char *text)
{
	char *path = log_names_unescape(text);
	bool is_pipe = is_stdin(text) || look_at_fifo(path) == 0;

	free(path);
	return is_pipe;
}

/* It is not opened: its writers would notice. */
static int
peek(const char *text, const char *generations,
    const struct source_shared *shared)
{
	char *path = log_names_unescape(text);
	int error = is_stdin(text) ? 0 : look_at_fifo(path);

	(void)generations;
	(void)shared;
	if (error == 0 && !is_stdin(text) &&
	    faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		error = -errno;
	free(path);
	return error != 0 ? error : RESULT_NONE;
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
 * and until then it is not read.  0, or an error of start_pipe(), and all is
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

/* Whether what the client had is one of our positions. */
static bool
knows(const struct source_start *start)
{
	struct sse_position position = {0};

	if (start->id.size == 0)
		return start->position != NULL &&
		       sse_position_unpack(start->position).epoch != 0;
	return !start->is_record_id &&
	       sse_position_parse(start->id, &position) == 0 &&
	       position.epoch != 0;
}

/* What came in between is gone, and there are no times. */
static void
owe_gap(struct pipe *pipe, const struct source_start *start)
{
	bool wants_time = start->id.size == 0 && start->has_time;

	pipe->gap = start->gap != GAP_NONE || start->id.size > 0 ||
		    wants_time || start->position != NULL;
	pipe->reason = knows(start) ? GAP_OVERRUN : GAP_UNKNOWN;
	pipe->comment = wants_time ? SOURCE_NO_TIME : start->comment;
}

static int
start_pipe(void *self, const struct source_start *start)
{
	struct pipe *pipe = self;
	int error = open_source(pipe);

	if (error == 0)
		owe_gap(pipe, start);
	return error;
}

static struct source_position
position_of(const void *self)
{
	const struct pipe *pipe = self;

	return sse_position_pack(&(struct sse_position){
	    .epoch = pipe->epoch, .offset = pipe->records});
}

static struct sse_slice
id_of(void *self, const struct source_position *position)
{
	struct pipe *pipe = self;
	const struct sse_position plain = sse_position_unpack(position);

	return sse_position_text(&pipe->id, &plain);
}

static bool
owes_gap(const void *self)
{
	const struct pipe *pipe = self;

	return pipe->gap;
}

/* Nothing that is there is old. */
static bool
has_given_all(const void *self)
{
	(void)self;
	return true;
}

/* What is not kept any more is gone. */
static enum gap_reason
missed(struct sse_slice id, struct sse_slice first, uint64_t *ret_skipped)
{
	struct sse_position theirs, kept;

	*ret_skipped = SOURCE_SKIPPED_UNKNOWN;
	if (sse_position_parse(id, &theirs) != 0 || theirs.epoch == 0)
		return GAP_UNKNOWN;
	if (sse_position_parse(first, &kept) == 0 &&
	    kept.epoch == theirs.epoch && kept.offset > theirs.offset)
		*ret_skipped = kept.offset - theirs.offset;
	return GAP_OVERRUN;
}

/* The read found nothing: what follows depends on what it is. */
static void
find_end(struct pipe *pipe, bool at_end)
{
	if (pipe->path != NULL && !pipe->options.follow)
		pipe->at_end = true;
	else if (pipe->path == NULL && at_end)
		pipe->at_end = true;
	else if (at_end)
		/* Else poll() would tell of the writer's end without end. */
		pipe->error = open_path(pipe);
}

/* One read: the bytes, 0 when there are none now. */
static ssize_t
read_some(struct pipe *pipe)
{
	ssize_t got = sse_fd_read(pipe->fd, pipe->bytes, sizeof(pipe->bytes));

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
	item->position = position_of(pipe);
	return 1;
}

/* The last record of a pipe that has ended, then the end. */
static int
finish(struct pipe *pipe, struct source_item *item)
{
	if (splitter_rest(&pipe->splitter, &item->record) == 1)
		return deliver(pipe, item);
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
	    .comment = pipe->comment,
	    .has_position = true,
	    .position = position_of(pipe),
	};
	return 1;
}

static int
next_item(void *self, struct source_item *ret_item)
{
	struct pipe *pipe = self;
	int got;

	if (pipe->gap)
		return take_gap(pipe, ret_item);
	got = splitter_next(&pipe->splitter, &ret_item->record);
	if (got == 1)
		return deliver(pipe, ret_item);
	if (got < 0)
		return got;
	if (!pipe->at_end && read_some(pipe) > 0) {
		got = splitter_next(&pipe->splitter, &ret_item->record);
		if (got == 1)
			return deliver(pipe, ret_item);
		return got == 0 ? RESULT_PARTIAL : got;
	}
	return pipe->at_end ? finish(pipe, ret_item) : 0;
}

static struct source_poll
poll_of(const void *self)
{
	const struct pipe *pipe = self;
	struct source_poll poll = {
	    .fd = pipe->fd,
	    .events = POLLIN,
	    .timeout_ms = FOREVER_MS,
	    .error = pipe->error,
	};

	/* What cannot be read would be ready all the time. */
	if (pipe->error != 0) {
		poll.fd = -1;
		poll.timeout_ms = WATCH_POLL_MS;
	}
	return poll;
}

/* Lines were counted, and these are records of several. */
static void
count(struct source_position *position, uint64_t records)
{
	struct sse_position counted = sse_position_unpack(position);

	if (counted.epoch != 0)
		counted.offset = records;
	*position = sse_position_pack(&counted);
}

static const struct source_lines pipe_lines = {
    .count = count,
};

const struct source_ops pipe_ops = {
    .unit = "records",
    .claims = claims,
    .can_end = is_stdin,
    .peek = peek,
    .new = new_pipe,
    .free = free_pipe,
    .start = start_pipe,
    .next = next_item,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .missed = missed,
    .lines = &pipe_lines,
};
