/*
 * pipe.c - reading what cannot be read again: standard input, or a FIFO.
 */
#include "config.h"

#include "source/pipe.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/fifo.h"
#include "source/position.h"
#include "fdio.h"
#include "source/watch.h"

struct pipe {
	struct source_options options;
	bool is_stdin;    /* it is standard input; else a FIFO */
	struct fifo fifo; /* of a FIFO */
	int fd;           /* is read; -1: it was not opened */
	uint64_t opened;  /* so often */
	bool nonblocking; /* standard input was, before us */
	bool at_end;    /* nothing is to be read; the last record may be left */
	bool owes_rest; /* the same of a FIFO, in whose place another is read */
	struct gap_queue gaps; /* to be told first */
	uint64_t epoch;        /* of its positions */
	uint64_t records;
	int error;
	int64_t looked_ms; /* monotonic: for another FIFO at the path */
	struct splitter splitter;
	struct sse_position_text id;
	char bytes[PIPE_READ_SIZE];
};

static void
free_pipe(void *self)
{
	struct pipe *pipe = self;

	if (pipe == NULL)
		return;
	splitter_done(&pipe->splitter);
	/* A terminal, say, is another program's standard input as well. */
	if (pipe->is_stdin && pipe->fd >= 0)
		(void)sse_fd_nonblocking(pipe->fd, pipe->nonblocking, NULL);
	if (!pipe->is_stdin)
		fifo_done(&pipe->fifo);
	free(pipe);
}

bool
pipe_is_stdin(const char *text)
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
	pipe->fd = -1;
	splitter_init(&pipe->splitter, options->record_size_max);
	pipe->is_stdin = pipe_is_stdin(text);
	if (!pipe->is_stdin && fifo_init(&pipe->fifo, text) != 0) {
		free_pipe(pipe);
		return -ENOMEM;
	}
	*ret_self = pipe;
	return 0;
}

static bool
claims(const char *text)
{
	return pipe_is_stdin(text) || fifo_is_there(text);
}

/* It is not opened: its writers would notice. */
static int
peek(const char *text, const char *generations,
    const struct source_shared *shared)
{
	int error = pipe_is_stdin(text) ? 0 : fifo_look(text);

	(void)generations;
	(void)shared;
	return error != 0 ? error : RESULT_NONE;
}

/* Opens what the path leads to now: as fifo_open(). */
static int
open_fifo(struct pipe *pipe)
{
	int error = fifo_open(&pipe->fifo);

	pipe->fd = pipe->fifo.fd;
	pipe->opened++;
	return error;
}

static int
open_source(struct pipe *pipe)
{
	if (!pipe->is_stdin)
		return open_fifo(pipe);
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

	if (start->gap == GAP_NONE && start->id.size == 0 && !wants_time &&
	    start->position == NULL)
		return;
	gap_queue_add(&pipe->gaps, knows(start) ? GAP_OVERRUN : GAP_UNKNOWN,
	    SOURCE_SKIPPED_UNKNOWN);
	pipe->gaps.comment = wants_time ? SOURCE_NO_TIME : start->comment;
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

	return sse_position_id(&pipe->id, position);
}

static bool
owes_gap(const void *self)
{
	const struct pipe *pipe = self;

	return !gap_queue_is_empty(&pipe->gaps);
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

/* The same later: what one begins another one does not end. */
static int
open_anew(struct pipe *pipe)
{
	struct sse_file_stat before = {0}, now = {0};
	int error = sse_fd_stat(pipe->fd, &before);

	if (error == 0)
		error = open_fifo(pipe);
	if (error == 0)
		error = sse_fd_stat(pipe->fd, &now);
	if (error == 0 &&
	    (now.device != before.device || now.inode != before.inode))
		pipe->owes_rest = true;
	return error;
}

/* Now and then, and as long as another one cannot be had. */
static void
look_for_another(struct pipe *pipe, bool had_error)
{
	int64_t now_ms = sse_clock_monotonic_ms(pipe->options.clock);

	if (!had_error && now_ms - pipe->looked_ms < WATCH_LOOK_MS)
		return;
	pipe->looked_ms = now_ms;
	if (fifo_is_replaced(&pipe->fifo))
		pipe->error = open_anew(pipe);
}

/* The read found nothing: what follows depends on what it is. */
static void
find_end(struct pipe *pipe, bool at_end, bool had_error)
{
	if (!pipe->is_stdin && !pipe->options.follow)
		pipe->at_end = true;
	else if (pipe->is_stdin && at_end)
		pipe->at_end = true;
	else if (at_end)
		/* Else poll() would tell of the writer's end without end. */
		pipe->error = open_anew(pipe);
	else if (!pipe->is_stdin)
		look_for_another(pipe, had_error);
}

/* One read: the bytes, 0 when there are none now. */
static ssize_t
read_some(struct pipe *pipe)
{
	ssize_t got = sse_fd_read(pipe->fd, pipe->bytes, sizeof(pipe->bytes));
	bool had_error = pipe->error != 0;

	pipe->error = got < 0 && got != -EAGAIN ? (int)got : 0;
	if (got > 0) {
		splitter_feed(&pipe->splitter,
		    (struct sse_slice){pipe->bytes, (size_t)got});
		return got;
	}
	if (pipe->error == 0)
		find_end(pipe, got == 0, had_error);
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
	*item = source_item_end();
	return 1;
}

/* The last record of a FIFO that is not read any more: 1 or 0. */
static int
take_rest(struct pipe *pipe, struct source_item *item)
{
	if (!pipe->owes_rest)
		return 0;
	pipe->owes_rest = false;
	return splitter_rest(&pipe->splitter, &item->record) == 1
		   ? deliver(pipe, item)
		   : 0;
}

static bool
take_gap(struct pipe *pipe, struct source_item *item)
{
	struct gap gap;

	if (!gap_queue_take(&pipe->gaps, &gap))
		return false;
	*item = source_item_gap(&gap, position_of(pipe));
	return true;
}

static int
next_item(void *self, struct source_item *ret_item)
{
	struct pipe *pipe = self;
	int got;

	if (take_gap(pipe, ret_item))
		return 1;
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
	return pipe->at_end ? finish(pipe, ret_item)
			    : take_rest(pipe, ret_item);
}

static struct source_poll
poll_of(const void *self)
{
	const struct pipe *pipe = self;
	struct source_poll poll = {
	    .fd = pipe->fd,
	    .opened = pipe->opened,
	    .events = POLLIN,
	    .timeout_ms = pipe->is_stdin ? SOURCE_FOREVER_MS : WATCH_LOOK_MS,
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
    .can_end = pipe_is_stdin,
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
