/*
 * pump.c - poll {source, client, signal}, and move frames.
 *
 * Nothing is pulled from the stream while the client has not taken what it was
 * given: that is all the back-pressure there is, and all that is buffered is
 * one frame, or else those that were ready together.
 */
#include "config.h"

#include "pump.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/budget.h"
#include "fdio.h"
#include "program/given_up.h"
#include "program/trouble.h"
#include "stream/flush_window.h"
#include "writer_room.h"

/* The worst that encoding makes of a byte: CR or LF become "\ndata: ". */
#define FRAME_GROWTH 7

struct pump {
	struct stream *stream;
	const struct pump_options *options;
	struct sse_writer *writer;
	int64_t blocked_ms;     /* monotonic: none is taken since; -1: not so */
	struct trouble trouble; /* with the source */
	struct given_up given_up;
	int64_t end_ms;             /* monotonic: max-age; INT64_MAX: none */
	struct flush_window window; /* the source is not looked at */
	size_t share_size;          /* bytes of frames that share a write */
	int pipe_size;              /* before it was widened */
	bool pipe_is_fixed;         /* it is not to be, or cannot */
};

static ssize_t
write_stdout(void *context, const void *bytes, size_t size)
{
	struct pump *pump = context;
	ssize_t put = sse_fd_write(STDOUT_FILENO, bytes, size);

	if (put > 0)
		pump->blocked_ms = -1;
	else if (pump->blocked_ms < 0)
		pump->blocked_ms = sse_clock_monotonic_ms(pump->options->clock);
	return put;
}

/* max-age, a tenth more or less, so that clients do not come back together. */
static int64_t
end_of_age(const struct pump_options *options, int64_t now_ms)
{
	int64_t age_ms = options->conf->max_age_ms;
	int64_t spread_ms = age_ms / 5;

	if (age_ms == 0)
		return INT64_MAX;
	return now_ms + age_ms - spread_ms / 2 +
	       (int64_t)(options->random % (uint64_t)(spread_ms + 1));
}

static int
pump_init(struct pump *pump, struct stream *stream,
    const struct pump_options *options)
{
	size_t frame_size_max =
	    FRAME_GROWTH * options->conf->record_size_max + SSE_HEAD_SIZE_MAX;

	*pump = (struct pump){.stream = stream,
	    .options = options,
	    .share_size = PUMP_SHARE_SIZE,
	    .pipe_is_fixed = options->conf->flush == CONF_FLUSH_FRAME};
	pump->blocked_ms = -1;
	pump->end_ms =
	    end_of_age(options, sse_clock_monotonic_ms(options->clock));
	pump->writer = sse_writer_new(
	    write_stdout, pump, frame_size_max + 2 * PUMP_SHARE_SIZE_MAX);
	return pump->writer != NULL ? 0 : -ENOMEM;
}

static bool
is_pending(const struct pump *pump)
{
	return sse_writer_pending(pump->writer) > 0;
}

/* The head, retry, a comment and the id leave in one write. */
static int
begin(struct pump *pump)
{
	struct sse_event first;
	int error = sse_writer_head(pump->writer, pump->options->response);

	if (error != 0)
		return error;
	stream_first(pump->stream, pump->options->random, &first);
	return sse_writer_publish(pump->writer, &first);
}

static bool
flushes_each(const struct pump *pump)
{
	return pump->options->conf->flush == CONF_FLUSH_FRAME;
}

/*
 * Of a long replay each byte costs less in fewer writes.  Where standard output
 * is no pipe, or one that may not grow, they are as large as they were.
 */
static void
widen_pipe(struct pump *pump)
{
	if (pump->pipe_is_fixed || pump->share_size == PUMP_SHARE_SIZE_MAX)
		return;
	pump->pipe_size = fcntl(STDOUT_FILENO, F_GETPIPE_SZ);
	pump->pipe_is_fixed = pump->pipe_size < 0 ||
			      (pump->pipe_size < PUMP_PIPE_SIZE_MAX &&
				  fcntl(STDOUT_FILENO, F_SETPIPE_SZ,
				      PUMP_PIPE_SIZE_MAX) < PUMP_PIPE_SIZE_MAX);
	if (!pump->pipe_is_fixed)
		pump->share_size = PUMP_SHARE_SIZE_MAX;
}

/*
 * All of them of a user have a limit together, which is a web server's: it has
 * its room again, now, or when what is in the pipe has been taken.
 */
static void
narrow_pipe(struct pump *pump)
{
	if (pump->share_size == PUMP_SHARE_SIZE)
		return;
	if (pump->pipe_size >= PUMP_PIPE_SIZE_MAX ||
	    fcntl(STDOUT_FILENO, F_SETPIPE_SZ, pump->pipe_size) >= 0)
		pump->share_size = PUMP_SHARE_SIZE;
}

/* So many frames wait for the write that they share that it is time for it. */
static bool
is_full(const struct pump *pump)
{
	return sse_writer_pending(pump->writer) >= pump->share_size;
}

/* What cannot be encoded is told of in a comment. */
static int
add(struct pump *pump, struct stream_item *item)
{
	int error = sse_writer_add(pump->writer, &item->event);

	if (error == 0 || sse_event_check(&item->event) == 0)
		return error;
	stream_leave_out(pump->stream, item, error);
	return sse_writer_add(pump->writer, &item->event);
}

/*
 * Frames of plain lines that share a write: most lines of most logs.  0, also
 * where there are none; or why they cannot be written.
 */
static int
add_plain(struct pump *pump)
{
	struct plain_frames frames = {.count_max = SIZE_MAX};
	int error;

	if (flushes_each(pump))
		return 0;
	frames.capacity = pump->share_size + PUMP_SHARE_REST -
			  sse_writer_pending(pump->writer);
	error = sse_writer_room(pump->writer, frames.capacity, &frames.data);
	if (error == 0 && stream_frames(pump->stream, &frames) > 0)
		sse_writer_take(pump->writer, frames.size);
	return error;
}

/*
 * Moves frames from the stream to the client: 0 when the stream has none now,
 * -EAGAIN when the client takes no more, RESULT_NONE when all is sent and the
 * stream has ended, or a fatal error.
 */
static int
move_frames(struct pump *pump)
{
	struct budget budget = budget_begin(pump->options->clock, PUMP_TURN_MS);
	struct stream_item item;
	int got = 0, error = 0;

	/* All the back-pressure there is. */
	assert(!is_pending(pump));
	for (int i = 0; i < PUMP_FRAMES_MAX && error == 0; i++) {
		error = add_plain(pump);
		if (error != 0 || is_full(pump))
			break;
		got = stream_next(pump->stream, &item);
		if (got != 1)
			break;
		error = add(pump, &item);
		stream_forget(pump->stream);
		if (is_full(pump) || budget_is_over(&budget))
			break;
		if (error == 0 && flushes_each(pump))
			error = sse_writer_flush(pump->writer);
	}
	(void)given_up_note(&pump->given_up, pump->stream, pump->options->conf,
	    pump->options->log);
	if (is_full(pump))
		widen_pipe(pump);
	else if (got == 0)
		narrow_pipe(pump);
	pump->window.has_frames |= is_pending(pump);
	if (got == 0)
		flush_window_open(&pump->window, pump->stream,
		    pump->options->conf->flush_ms,
		    sse_clock_monotonic_ms(pump->options->clock));
	if (error == 0)
		error = sse_writer_flush(pump->writer);
	if (error != 0)
		return error;
	return stream_ended(pump->stream) ? RESULT_NONE : got < 0 ? got : 0;
}

/* Nothing was taken for so long: the heartbeat shows whether the client is. */
static int
beat(struct pump *pump)
{
	return sse_writer_heartbeat(
	    pump->writer, (int)pump->options->conf->heartbeat_ms);
}

/* The client has taken nothing for too long. */
static bool
is_stalled(const struct pump *pump, int64_t now_ms)
{
	return is_pending(pump) && pump->blocked_ms >= 0 &&
	       now_ms - pump->blocked_ms >=
		   pump->options->conf->write_timeout_ms;
}

/*
 * What can be done now: 0, -EAGAIN while the client takes nothing, or the end.
 */
static int
work(struct pump *pump)
{
	int64_t now_ms = sse_clock_monotonic_ms(pump->options->clock);
	int error = sse_writer_flush(pump->writer);

	if (now_ms >= pump->end_ms)
		return RESULT_NONE;
	if (error == 0 && flush_window_left_ms(&pump->window, now_ms) == 0)
		error = move_frames(pump);
	if (error == 0)
		error = beat(pump);
	return error == -EAGAIN && is_stalled(pump, now_ms) ? -ETIMEDOUT
							    : error;
}

static void
log_source(struct pump *pump)
{
	const struct pump_options *options = pump->options;
	struct source_poll poll = stream_poll(pump->stream);

	trouble_note(&pump->trouble, poll.error, options->conf,
	    sse_clock_monotonic_ms(options->clock), options->log);
	trouble_remark(
	    &pump->trouble, poll.remark, options->conf, options->log);
}

/* While frames wait for the client nothing else is waited for. */
static int64_t
timeout_ms(const struct pump *pump)
{
	const struct stream_conf *conf = pump->options->conf;
	int64_t now_ms = sse_clock_monotonic_ms(pump->options->clock);
	int64_t beat_ms =
	    sse_writer_heartbeat_in_ms(pump->writer, (int)conf->heartbeat_ms);
	int64_t left_ms = flush_window_left_ms(&pump->window, now_ms);
	int64_t age_ms = pump->end_ms - now_ms;

	assert(!is_pending(pump) || pump->blocked_ms >= 0);
	if (left_ms == 0)
		left_ms = stream_poll(pump->stream).timeout_ms;
	if (beat_ms < left_ms)
		left_ms = beat_ms;
	if (is_pending(pump))
		left_ms = pump->blocked_ms + conf->write_timeout_ms - now_ms;
	if (age_ms < left_ms)
		left_ms = age_ms;
	return left_ms > 0 ? left_ms : 0;
}

/*
 * Waits for the source, the client or a signal.  The client is looked at in
 * every wait: its end shows as an error on standard output, if the server
 * tells at all.  Whether the stream has ended.
 */
static bool
wait_for_more(struct pump *pump)
{
	bool pending = is_pending(pump);
	int64_t now_ms = sse_clock_monotonic_ms(pump->options->clock);
	bool waits = pending || flush_window_left_ms(&pump->window, now_ms) > 0;
	struct source_poll source = stream_poll(pump->stream);
	struct pollfd fds[] = {
	    {.fd = STDOUT_FILENO, .events = pending ? POLLOUT : 0},
	    {.fd = pump->options->signal_fd, .events = POLLIN},
	    {.fd = waits ? -1 : source.fd, .events = source.events},
	};

	if (poll(fds, 3, (int)timeout_ms(pump)) < 0)
		return false;
	return (fds[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 ||
	       fds[1].revents != 0;
}

/* A frame that was sent in part is completed, if the client takes it soon. */
static void
finish(struct pump *pump)
{
	int64_t end_ms =
	    sse_clock_monotonic_ms(pump->options->clock) + PUMP_FINISH_MS;

	while (sse_writer_flush(pump->writer) == -EAGAIN) {
		struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
		int64_t left_ms =
		    end_ms - sse_clock_monotonic_ms(pump->options->clock);

		if (left_ms <= 0 || poll(&out, 1, (int)left_ms) <= 0)
			return;
	}
}

/* No memory; or standard output is a file, which has no room or is broken. */
static bool
is_ours(int error)
{
	return error == -ENOMEM || error == -ENOSPC || error == -EDQUOT ||
	       error == -EFBIG || error == -EIO;
}

static int
run(struct pump *pump)
{
	int error = begin(pump);
	bool ended = false;

	while (!ended && (error == 0 || error == -EAGAIN)) {
		error = work(pump);
		log_source(pump);
		if (error == 0 || error == -EAGAIN)
			ended = wait_for_more(pump);
	}
	if (ended || error == RESULT_NONE)
		finish(pump);
	/* At its end; or the client has gone, or is too slow. */
	return is_ours(error) ? error : 0;
}

int
pump_run(struct stream *stream, const struct pump_options *options)
{
	struct pump pump;
	bool terminal = isatty(STDOUT_FILENO) == 1, was_nonblocking = true;
	int error = pump_init(&pump, stream, options);

	assert(options->signal_fd >= 0);
	if (error != 0)
		return error;
	/* A terminal's other end is the shell's standard input, too. */
	if (!terminal)
		error =
		    sse_fd_nonblocking(STDOUT_FILENO, true, &was_nonblocking);
	if (error == 0)
		error = run(&pump);
	if (!was_nonblocking)
		(void)sse_fd_nonblocking(STDOUT_FILENO, false, NULL);
	sse_writer_free(pump.writer);
	return error;
}
