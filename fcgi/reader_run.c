/*
 * reader_run.c - frames from a reader's stream to its client.
 *
 * A run is read when the client has taken the one before.
 */
#include "config.h"

#include "reader_run.h"

#include <assert.h>
#include <errno.h>

#include "frame.h"

static int64_t
now_ms(const struct readers *readers)
{
	return sse_clock_monotonic_ms(readers->clock);
}

/* -------------------------------------------------------------- frames -- */

/* As frame_add(); what cannot be encoded is told of in a comment. */
static int
add_item(struct reader *reader, struct stream_item *item)
{
	struct sse_buf *frames = &reader->all->frames;
	int error = frame_add(frames, &item->event);

	if (error == 0 || error == -ENOMEM)
		return error;
	stream_leave_out(reader->stream, item, error);
	return frame_add(frames, &item->event);
}

/* The frames go to the client: whether it is still there. */
static bool
send_frames(struct reader *reader)
{
	struct client *client = reader->client;
	struct sse_buf *frames = &reader->all->frames;

	if (frames->size == 0)
		return true;
	if (client_stdout(client, sse_buf_slice(frames)) != 0) {
		client_close(client, CLIENT_LEFT);
		return false;
	}
	reader->sent_ms = now_ms(reader->all);
	client->session.bytes += frames->size;
	reader->quantum_size += frames->size;
	if (client_waits(client))
		client_block(client, true);
	return client->fd >= 0;
}

/* The id that the head did not have. */
static int
add_id(struct reader *reader)
{
	struct sse_event first, id = {.has_retry = false};

	stream_first(reader->stream, 0, &first);
	reader->owes_id = false;
	id.id = first.id;
	return first.id.data != NULL ? frame_add(&reader->all->frames, &id) : 0;
}

/*
 * Reading the clock takes a good part of what a short line does.  So it is read
 * once for some records, which take some 20 microseconds.
 */
struct look {
	const struct budget *budget;
	size_t size_max;
	size_t size; /* since the clock was read */
};

static bool
is_said(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* A pattern may need long for a short record. */
static struct look
look_begin(const struct reader *reader, const struct budget *budget)
{
	const struct stream_conf *conf = reader->hub->conf;
	bool has_patterns = is_said(conf->include) || is_said(conf->exclude) ||
			    is_said(conf->record_start);

	return (struct look){budget, has_patterns ? 0 : READER_LOOK_SIZE, 0};
}

/* Whether the turn is over. */
static bool
look_is_over(struct look *look)
{
	if (look->size < look->size_max)
		return false;
	look->size = 0;
	return budget_is_over(look->budget);
}

/* Those of plain lines, up to the size of a run: bytes of them, or -ENOMEM. */
static ssize_t
add_plain(struct reader *reader)
{
	struct sse_buf *bytes = &reader->all->frames;
	struct plain_frames frames = {.count_max = SIZE_MAX};
	int error;

	frames.capacity = READER_RUN_SIZE - bytes->size;
	error = sse_buf_reserve(bytes, frames.capacity);
	if (error != 0)
		return error;
	frames.data = bytes->data + bytes->size;
	reader->client->session.frames +=
	    stream_frames(reader->stream, &frames);
	bytes->size += frames.size;
	return (ssize_t)frames.size;
}

/* The next frames: 1; 0: there are none now; or an error. */
static int
add_next(struct reader *reader, struct look *look)
{
	struct stream_item item;
	ssize_t size = add_plain(reader);
	int got;

	if (size != 0) {
		look->size += size > 0 ? (size_t)size : 0;
		return size > 0 ? 1 : (int)size;
	}
	got = stream_next(reader->stream, &item);
	if (got != 1)
		return got;
	if (item.event.data.size >= READER_RUN_SIZE)
		pause_take(&reader->all->pause);
	got = add_item(reader, &item);
	stream_forget(reader->stream);
	if (got != 0)
		return got;
	stats_add_item(&reader->hub->stats, &item);
	reader->client->session.frames++;
	look->size += item.size + READER_LOOK_RECORD_SIZE;
	return 1;
}

/* Frames of one run: what stream_next() had last, or an error. */
static int
make_frames(struct reader *reader, const struct budget *budget)
{
	struct sse_buf *frames = &reader->all->frames;
	struct look look = look_begin(reader, budget);
	int got = stream_go_on_starting(reader->stream);
	bool is_over = budget_is_over(budget);

	sse_buf_clear(frames);
	if (got != 1)
		return got == 0 ? -EAGAIN : got;
	reader_forget_id(reader);
	if (reader->owes_id && add_id(reader) != 0)
		return -ENOMEM;
	/* One at least, however long the start took. */
	do {
		got = add_next(reader, &look);
		is_over = is_over || look_is_over(&look);
	} while (got == 1 && frames->size < READER_RUN_SIZE && !is_over);
	return got;
}

static int
read_frames(struct reader *reader, const struct budget *budget)
{
	int got = make_frames(reader, budget);

	feed_count_given_up(&reader->hub->feed, reader->stream);
	return got;
}

/* ---------------------------------------------------------------- runs -- */

/* It is where the hub is: the client becomes a subscriber. */
static void
join(struct reader *reader)
{
	struct hub *hub = reader->hub;
	struct client *client = reader->client;

	/* It has all that it was to have: its own id, too. */
	assert(!reader->owes_id);
	client_own(client, NULL, NULL);
	if (hub_join(hub, client, backlog_head(hub->feed.backlog)) != 0)
		client_close(client, CLIENT_LEFT);
	reader_free(reader);
}

static void
take_ready(void *context, bool readable, bool writable)
{
	const struct reader *reader = context;

	(void)readable;
	(void)writable;
	loop_timer_set(reader->all->timer, 0);
}

/* Whether it cannot go on at once: then what it waits for wakes it up. */
static bool
waits_for_source(struct reader *reader)
{
	const struct source_waiter waiter = {.loop = reader->hub->options->loop,
	    .ready = take_ready,
	    .context = reader};
	struct source_poll poll = stream_poll(reader->stream);

	assert(!source_watch_is_set(&reader->watch));
	if (poll.timeout_ms == 0)
		return false;
	/* Without memory it is looked at after READER_LOOK_MS. */
	(void)source_watch_set(&reader->watch, &poll, &waiter);
	return true;
}

/* Whether it is where the hub is, which may have gone on in this turn. */
static bool
meets_hub(struct reader *reader)
{
	const struct feed *feed = &reader->hub->feed;

	if (feed_waits(feed) != 0)
		return false;
	stream_follow(reader->stream, feed->stream);
	return stream_meets(reader->stream);
}

/* It has everything that there is: whether it can go on at once. */
static bool
come_to_rest(struct reader *reader)
{
	struct stream *stream = reader->stream;

	if (stream_ended(stream)) {
		client_finish(reader->client, CLIENT_ENDED);
		return false;
	}
	if (stream_poll(stream).timeout_ms == 0)
		return true;
	if (reader->hub->conf->follow && meets_hub(reader)) {
		join(reader);
		return false;
	}
	return !waits_for_source(reader);
}

/* What became of a run.  Else than RUN_MORE the reader may be gone. */
enum run {
	RUN_MORE,  /* it can go on at once */
	RUN_RESTS, /* it has everything, or its client takes no more */
	RUN_AGAIN  /* likewise, but there may be more at once */
};

static enum run
make_run(struct reader *reader, const struct budget *budget)
{
	int got;

	assert(reader->reading && reader->stream != NULL);
	reader_stop_waiting(reader);
	if (reader->hub->retired) {
		client_finish(reader->client, CLIENT_RELOADED);
		return RUN_RESTS;
	}
	/* The hub has waited for a file, and a FIFO came: it has the lines. */
	if (!stream_source(reader->hub->feed.stream)->is_durable) {
		client_finish(reader->client, CLIENT_FAILED);
		return RUN_RESTS;
	}
	if (reader->hub->conf->follow)
		stream_follow(reader->stream, reader->hub->feed.stream);
	got = read_frames(reader, budget);
	pause_take(&reader->all->pause);
	if (got < 0 && got != -EAGAIN && reader_may_wait(reader, got)) {
		/* The search is over, and what it found cannot be opened. */
		reader->started = reader->has_position;
		reader_park(reader, got);
		return RUN_RESTS;
	}
	/* What was read before is sent all the same. */
	if (!send_frames(reader))
		return RUN_RESTS;
	if (got < 0 && got != -EAGAIN) {
		client_finish(reader->client, CLIENT_FAILED);
		return RUN_RESTS;
	}
	if (got == 1)
		return client_waits(reader->client) ? RUN_RESTS : RUN_MORE;
	/* It is still to start. */
	if (got == -EAGAIN)
		return waits_for_source(reader) ? RUN_RESTS : RUN_MORE;
	reader->idle = stream_poll(reader->stream).timeout_ms > 0;
	return come_to_rest(reader) ? RUN_AGAIN : RUN_RESTS;
}

bool
reader_run_turn(struct reader *reader, const struct budget *budget)
{
	enum run run;

	if (reader->client == NULL || client_waits(reader->client))
		return false;
	do {
		run = make_run(reader, budget);
	} while (run == RUN_MORE && !budget_is_over(budget));
	return run != RUN_RESTS;
}

/* ---------------------------------------------------------- heartbeats -- */

/* What its client has to be told just to know that it waits, or for what. */
static const char *
comment_for(const struct reader *reader, int64_t now)
{
	if (reader->waits != 0 && reader->waits != reader->told_wait)
		return stream_wait_text(reader->hub->conf, reader->waits);
	return now - reader->sent_ms >= reader->hub->conf->heartbeat_ms ? ""
									: NULL;
}

bool
reader_run_beat(struct reader *reader, int64_t now)
{
	const char *comment = comment_for(reader, now);
	const struct sse_event event = {.comment = sse_slice(comment)};
	struct client *client = reader->client;
	int error;

	if (comment == NULL || client == NULL || client_waits(client))
		return false;
	reader->told_wait = reader->waits;
	sse_buf_clear(&reader->all->frames);
	error = comment[0] != '\0'
		    ? frame_add(&reader->all->frames, &event)
		    : sse_buf_add(&reader->all->frames, SSE_HEARTBEAT,
			  sizeof(SSE_HEARTBEAT) - 1);
	if (error == 0)
		(void)send_frames(reader);
	return true;
}
