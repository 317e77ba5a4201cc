/*
 * reader.c - from a position in the file to where the hub is.
 *
 * Turns are of time, whatever comes of them: readers work for READERS_TURN_US,
 * one after the other; then the others of the loop have theirs, and it goes on
 * with the next reader.  One record may take longer than that, so a hub that is
 * told of something new works in the middle of it, and between two runs of
 * frames.  A run is read when the client has taken the one before.
 */
#include "config.h"

#include "reader.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"

#define FRAMES_MAX (512 << 20) /* bytes; a frame of record-max is less */

struct reader {
	TAILQ_ENTRY(reader) link;
	struct readers *all;
	struct reader_list *list; /* of theirs, that it is in */
	struct hub *hub;
	struct client *client; /* NULL: not yet */
	char *last_event_id;   /* of the client; until it has started */
	size_t last_event_id_size;
	int64_t since_ms;  /* as in struct stream_wish */
	const char *fault; /* likewise */
	bool has_last;
	uint64_t last;
	struct sse_position position; /* where it goes on when it has waited */
	bool has_position;            /* else from where its client wants to */
	bool started;                 /* it has begun to read, ever */
	bool owes_id;                 /* its client's head had none */
	bool reading;
	size_t quantum_size; /* bytes of frames since it began to read */
	bool idle;           /* it has all that there is */
	int waits; /* why it could not start, when it tried; 0: its turn */
	int64_t tried_ms; /* monotonic: when that was, or it began to read */
	int told_wait;    /* what its client was told of that */
	struct stream *stream;    /* while it reads */
	struct loop_watch *watch; /* while its source is waited for; or NULL */
	int64_t sent_ms;          /* monotonic: for heartbeats */
};

static int64_t
now_ms(const struct readers *readers)
{
	return sse_clock_monotonic_ms(readers->clock);
}

/* ------------------------------------------------------ reading or not -- */

static struct stream_wish
wish_of(const struct reader *reader)
{
	return (struct stream_wish){
	    .last_event_id = {reader->last_event_id,
		reader->last_event_id_size},
	    .since_ms = reader->since_ms,
	    .fault = reader->fault,
	    .has_last = reader->has_last,
	    .last = reader->last,
	};
}

/* Whether it goes on later, when the log can be read; else its client ends. */
static bool
may_wait(const struct reader *reader, int error)
{
	const struct stream_wish wish = wish_of(reader);

	if (reader->started)
		return error != -ENOMEM && error != RESULT_BUSY;
	return stream_may_wait(reader->hub->conf, &wish, error);
}

static int
start_stream(struct reader *reader)
{
	const struct stream_wish wish = wish_of(reader);
	int error;

	if (reader->has_position)
		return stream_start_at(reader->stream, &reader->position);
	error = stream_start(reader->stream, &wish);
	reader->started = error == 0;
	return error;
}

/* At the end of a list. */
static void
put_in(struct reader *reader, struct reader_list *list)
{
	reader->list = list;
	TAILQ_INSERT_TAIL(list, reader, link);
}

/* The client has its place in the stream: its own id is not needed any more. */
static void
forget_id(struct reader *reader)
{
	free(reader->last_event_id);
	reader->last_event_id = NULL;
	reader->last_event_id_size = 0;
}

/*
 * In the middle of a record, which may take long: a hub that is told of
 * something new works at once.
 */
static void
look_at_hubs(void *context)
{
	struct readers *readers = context;
	int64_t now_us = sse_clock_monotonic_us(readers->clock);

	if (now_us - readers->looked_us < READERS_LOOK_US)
		return;
	loop_look(readers->loop);
	readers->looked_us = sse_clock_monotonic_us(readers->clock);
}

/* It gets a stream.  Errors of stream_start(); then it does not read. */
static int
begin_reading(struct reader *reader)
{
	struct readers *readers = reader->all;
	const struct hub *hub = reader->hub;
	int error =
	    stream_new_private(hub->stream, hub->listing, &reader->stream);

	if (error == 0)
		error = start_stream(reader);
	if (error == 0 && stream_go_on_starting(reader->stream) != 1)
		reader->owes_id = true;
	if (error != 0) {
		stream_free(reader->stream);
		reader->stream = NULL;
		return error;
	}
	/* Not before: who starts it is not always at a place for a pause. */
	stream_set_pause(reader->stream, &readers->pause);
	reader->reading = true;
	reader->idle = false;
	reader->quantum_size = 0;
	reader->waits = reader->told_wait = 0;
	reader->tried_ms = now_ms(readers);
	readers->reading_count++;
	put_in(reader, &readers->reading);
	return 0;
}

static void
wait_for_turn(struct reader *reader)
{
	bool blocked = reader->client != NULL && reader->client->blocked;

	reader->reading = false;
	put_in(reader, blocked ? &reader->all->blocked : &reader->all->waiting);
}

/* It is on the way: nothing has to wake it up. */
static void
stop_waiting(struct reader *reader)
{
	loop_watch_free(reader->watch);
	reader->watch = NULL;
}

/* Its place in either list. */
static void
unlink_reader(struct reader *reader)
{
	struct readers *readers = reader->all;

	stop_waiting(reader);
	TAILQ_REMOVE(reader->list, reader, link);
	readers->reading_count -= reader->reading;
	loop_timer_set(readers->timer, 0);
}

void
reader_free(struct reader *reader)
{
	if (reader == NULL)
		return;
	unlink_reader(reader);
	hub_count_reader(reader->hub, -1);
	stream_free(reader->stream);
	free(reader->last_event_id);
	free(reader);
}

bool
reader_error_passes(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM ||
	       error == -EAGAIN || error == RESULT_UNSETTLED;
}

int
reader_new(struct readers *readers, struct hub *hub,
    const struct stream_wish *wish, struct reader **ret_reader)
{
	struct sse_slice last_event_id = wish->last_event_id;
	struct reader *reader = calloc(1, sizeof(*reader));
	int error = 0;

	if (reader == NULL)
		return -ENOMEM;
	/* One that is longer is none of ours, whatever follows. */
	if (last_event_id.size > SSE_ID_SIZE_MAX)
		last_event_id.size = SSE_ID_SIZE_MAX + 1;
	reader->all = readers;
	reader->hub = hub;
	reader->sent_ms = now_ms(readers);
	reader->since_ms = wish->since_ms;
	reader->fault = wish->fault;
	reader->has_last = wish->has_last;
	reader->last = wish->last;
	reader->last_event_id_size = last_event_id.size;
	if (last_event_id.size > 0) {
		reader->last_event_id = malloc(last_event_id.size);
		if (reader->last_event_id == NULL) {
			free(reader);
			return -ENOMEM;
		}
		memcpy(reader->last_event_id, last_event_id.data,
		    last_event_id.size);
	}
	if (readers->reading_count < readers->reading_max)
		error = begin_reading(reader);
	else
		error = -EAGAIN;
	if (reader_error_passes(error) ||
	    (error != 0 && may_wait(reader, error))) {
		reader->waits = reader_error_passes(error) ? 0 : error;
		reader->tried_ms = now_ms(readers);
		wait_for_turn(reader);
		error = 0;
	}
	if (error != 0) {
		free(reader->last_event_id);
		free(reader);
		return error;
	}
	hub_count_reader(hub, 1);
	*ret_reader = reader;
	return 0;
}

bool
reader_is_done(const struct reader *reader)
{
	return reader->stream != NULL && stream_is_done(reader->stream);
}

void
reader_first(struct reader *reader, struct sse_event *ret_event)
{
	struct hub *hub = reader->hub;

	if (reader->reading && !reader->owes_id) {
		stream_first(reader->stream, hub->options->random(), ret_event);
		return;
	}
	stream_first(hub->stream, hub->options->random(), ret_event);
	ret_event->id = sse_slice(NULL);
	reader->owes_id = true;
	reader->told_wait = hub_waits(hub);
}

/* -------------------------------------------- what the client tells us -- */

static void
take_writable(void *context, struct client *client)
{
	struct reader *reader = context;

	client_block(client, false);
	if (client->fd < 0)
		return;
	if (reader->list == &reader->all->blocked) {
		TAILQ_REMOVE(reader->list, reader, link);
		put_in(reader, &reader->all->waiting);
	}
	loop_timer_set(reader->all->timer, 0);
}

/* All that was read are whole frames. */
static void
take_end(void *context, struct client *client)
{
	(void)context;
	client_finish(client, CLIENT_ENDED);
}

static void
take_gone(void *context, struct client *client)
{
	(void)client;
	reader_free(context);
}

static const struct client_owner owner = {
    .writable = take_writable,
    .end = take_end,
    .gone = take_gone,
};

void
reader_serve(struct reader *reader, struct client *client)
{
	reader->client = client;
	client->record_left = 0;
	client->write_timeout_ms = reader->hub->conf->write_timeout_ms;
	client_own(client, &owner, reader);
	loop_timer_set(reader->all->timer, 0);
	/* It may be gone afterwards, and the reader with it. */
	client_send(client);
}

/* --------------------------------------------------------------- turns -- */

static int
add_frame(struct sse_buf *frames, const struct sse_event *event)
{
	size_t size = sse_encode_size(event);
	int error = sse_buf_reserve(frames, size);
	ssize_t put;

	if (error != 0)
		return error;
	put = sse_encode(event, frames->data + frames->size, size);
	if (put < 0)
		return (int)put;
	frames->size += (size_t)put;
	return 0;
}

/* As add_frame(); what cannot be encoded is told of in a comment. */
static int
add_item(struct reader *reader, struct stream_item *item)
{
	struct sse_buf *frames = &reader->all->frames;
	int error = add_frame(frames, &item->event);

	if (error == 0 || error == -ENOMEM)
		return error;
	stream_leave_out(reader->stream, item, error);
	return add_frame(frames, &item->event);
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
	client->visit.bytes += frames->size;
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
	return first.id.data != NULL ? add_frame(&reader->all->frames, &id) : 0;
}

/* Frames of one run: what stream_next() had last, or an error. */
static int
make_frames(struct reader *reader, const struct budget *budget)
{
	struct sse_buf *frames = &reader->all->frames;
	struct stream_item item;
	int got = stream_go_on_starting(reader->stream);

	sse_buf_clear(frames);
	if (got != 1)
		return got == 0 ? -EAGAIN : got;
	forget_id(reader);
	if (reader->owes_id && add_id(reader) != 0)
		return -ENOMEM;
	while (frames->size < READER_RUN_SIZE && !budget_is_over(budget)) {
		got = stream_next(reader->stream, &item);
		if (got != 1)
			break;
		if (item.event.data.size >= READER_RUN_SIZE)
			pause_take(&reader->all->pause);
		got = add_item(reader, &item);
		stream_forget(reader->stream);
		if (got != 0)
			return got;
		counts_add_item(&reader->hub->counts, &item);
		reader->client->visit.frames++;
		got = 1;
	}
	return got;
}

static int
read_frames(struct reader *reader, const struct budget *budget)
{
	int got = make_frames(reader, budget);

	hub_count_given_up(reader->hub, reader->stream);
	return got;
}

/* It is where the hub is: the client becomes a subscriber. */
static void
join(struct reader *reader)
{
	struct hub *hub = reader->hub;
	struct client *client = reader->client;

	client_own(client, NULL, NULL);
	if (hub_join(hub, client, backlog_head(hub->backlog)) != 0)
		client_close(client, CLIENT_LEFT);
	reader_free(reader);
}

/* It goes on later: its place is free. */
static void
park(struct reader *reader, int why)
{
	unlink_reader(reader);
	stream_free(reader->stream);
	reader->stream = NULL;
	reader->waits = why;
	reader->tried_ms = now_ms(reader->all);
	wait_for_turn(reader);
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
	struct source_poll poll = stream_poll(reader->stream);
	const struct hub *hub = reader->hub;

	if (poll.timeout_ms == 0)
		return false;
	if (poll.fd >= 0)
		reader->watch = loop_watch_new(
		    hub->options->loop, poll.fd, take_ready, reader);
	/* Without memory it is looked at after READER_LOOK_MS. */
	if (reader->watch != NULL)
		(void)loop_watch_set(reader->watch, (poll.events & POLLIN) != 0,
		    (poll.events & POLLOUT) != 0);
	return true;
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
	if (!reader->hub->conf->follow)
		return false;
	if (hub_waits(reader->hub) == 0 && stream_meets(stream)) {
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

	stop_waiting(reader);
	if (reader->hub->retired) {
		client_finish(reader->client, CLIENT_RELOADED);
		return RUN_RESTS;
	}
	/* The hub has waited for a file, and a FIFO came: it has the lines. */
	if (!stream_source(reader->hub->stream)->is_durable) {
		client_finish(reader->client, CLIENT_FAILED);
		return RUN_RESTS;
	}
	if (reader->hub->conf->follow)
		stream_follow(reader->stream, reader->hub->stream);
	got = read_frames(reader, budget);
	pause_take(&reader->all->pause);
	if (got < 0 && got != -EAGAIN && may_wait(reader, got)) {
		/* The search is over, and what it found cannot be opened. */
		reader->started = reader->has_position;
		park(reader, got);
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

/* Whether it can go on at once.  The reader may be gone afterwards. */
static bool
take_turn(struct reader *reader, const struct budget *budget)
{
	enum run run = RUN_MORE;

	if (reader->client == NULL || client_waits(reader->client))
		return false;
	while (run == RUN_MORE && !budget_is_over(budget))
		run = make_run(reader, budget);
	return run != RUN_RESTS;
}

/* Whether it has read for its quantum, or its client takes nothing. */
static bool
had_its_turn(const struct reader *reader, int64_t now)
{
	return reader->client->blocked ||
	       now - reader->tried_ms >= READER_QUANTUM_MS ||
	       reader->quantum_size >= READER_QUANTUM_SIZE;
}

/*
 * While others wait for its place, or for its descriptors, one that had its
 * turn goes on later.  What is owed to it, as a gap, and a search go before:
 * they end.
 */
static bool
yields(struct reader *reader, int64_t now)
{
	const struct readers *readers = reader->all;

	if (TAILQ_EMPTY(&readers->waiting) ||
	    (readers->reading_count < readers->reading_max &&
		!readers->short_of) ||
	    reader->client == NULL || !had_its_turn(reader, now) ||
	    reader->owes_id || stream_owes_gap(reader->stream))
		return false;
	reader->position = stream_position(reader->stream);
	reader->has_position = true;
	park(reader, 0);
	return true;
}

/* What its client has to be told just to know that it waits, or for what. */
static const char *
comment_for(const struct reader *reader, int64_t now)
{
	if (reader->waits != 0 && reader->waits != reader->told_wait)
		return stream_wait_text(reader->waits);
	return now - reader->sent_ms >= reader->hub->conf->heartbeat_ms ? ""
									: NULL;
}

static void
beat(struct reader *reader, int64_t now)
{
	const char *comment = comment_for(reader, now);
	const struct sse_event event = {.comment = sse_slice(comment)};
	struct client *client = reader->client;
	int error;

	if (client == NULL || client_waits(client) || comment == NULL)
		return;
	reader->told_wait = reader->waits;
	sse_buf_clear(&reader->all->frames);
	error = comment[0] != '\0'
		    ? add_frame(&reader->all->frames, &event)
		    : sse_buf_add(&reader->all->frames, SSE_HEARTBEAT,
			  sizeof(SSE_HEARTBEAT) - 1);
	if (error == 0)
		(void)send_frames(reader);
}

enum turn {
	TURN_READS,  /* it may be another one's turn, too */
	TURN_WAITS,  /* it cannot start yet */
	TURN_NOBODY, /* nobody can start now */
	TURN_ENDS    /* its client comes back, and is told what is wrong */
};

/* The reader's turn has come. */
static enum turn
let_one_in(struct reader *reader)
{
	int error;

	if (reader->hub->retired) {
		client_tell_why(reader->client, CLIENT_RELOADED);
		return TURN_ENDS;
	}
	/* A FIFO by now, which two cannot read. */
	if (!stream_source(reader->hub->stream)->is_durable)
		return TURN_ENDS;
	TAILQ_REMOVE(&reader->all->waiting, reader, link);
	error = begin_reading(reader);
	reader->all->short_of = error == -EMFILE || error == -ENFILE;
	if (error == 0)
		return TURN_READS;
	wait_for_turn(reader);
	if (reader_error_passes(error))
		return TURN_NOBODY;
	reader->waits = error;
	reader->tried_ms = now_ms(reader->all);
	return may_wait(reader, error) ? TURN_WAITS : TURN_ENDS;
}

/* Whether it is too early for one that could not start. */
static bool
is_early(const struct reader *reader, int64_t now)
{
	return reader->waits != 0 && now - reader->tried_ms < READER_LOOK_MS;
}

/*
 * Those that may read now, and whose turn has come: at least one, however long
 * the others took.  Whether there is more to do at once.
 */
static bool
let_in(struct readers *readers, int64_t now, const struct budget *budget)
{
	struct reader *reader = TAILQ_FIRST(&readers->waiting), *next;
	enum turn turn = TURN_READS;
	bool more = false;

	if (now - readers->failed_ms >= READER_LOOK_MS) {
		readers->failed_ms = now;
		readers->failed = 0;
	}
	for (; reader != NULL && turn != TURN_NOBODY; reader = next) {
		next = TAILQ_NEXT(reader, link);
		if (readers->reading_count >= readers->reading_max ||
		    readers->failed >= READER_STARTS_MAX)
			return more;
		if (reader->client == NULL || is_early(reader, now))
			continue;
		turn = let_one_in(reader);
		readers->failed += turn == TURN_WAITS;
		if (turn == TURN_ENDS)
			client_finish(reader->client, CLIENT_FAILED);
		more = more || turn == TURN_READS;
		if (budget_is_over(budget))
			return true;
	}
	return more;
}

/* Whether all were looked at. */
static bool
beat_list(struct reader_list *list, int64_t now, const struct budget *budget)
{
	struct reader *reader = TAILQ_FIRST(list), *next;

	for (; reader != NULL; reader = next) {
		next = TAILQ_NEXT(reader, link);
		if (now - reader->sent_ms > 0 && budget_is_over(budget))
			return false;
		beat(reader, now);
	}
	return true;
}

/* Whether all were looked at; those of the blocked could not be sent. */
static bool
beat_all(struct readers *readers, int64_t now, const struct budget *budget)
{
	if (now - readers->beaten_ms < READER_LOOK_MS)
		return true;
	if (!beat_list(&readers->reading, now, budget) ||
	    !beat_list(&readers->waiting, now, budget))
		return false;
	readers->beaten_ms = now;
	return true;
}

/*
 * Those that read have their turns, whoever had the last one longest ago first:
 * whether there is more to do at once.
 */
static bool
let_read(struct readers *readers, int64_t now, const struct budget *budget)
{
	struct reader *reader;
	size_t count = readers->reading_count;
	bool more = false;

	while (count-- > 0 && !TAILQ_EMPTY(&readers->reading)) {
		if (budget_is_over(budget))
			return true;
		reader = TAILQ_FIRST(&readers->reading);
		TAILQ_REMOVE(&readers->reading, reader, link);
		put_in(reader, &readers->reading);
		if (yields(reader, now))
			more = true;
		else
			more = take_turn(reader, budget) || more;
	}
	return more;
}

static void
take_turns(void *context)
{
	struct readers *readers = context;
	struct budget budget = budget_begin_us(readers->clock, READERS_TURN_US);
	int64_t now = now_ms(readers);
	bool more = let_read(readers, now, &budget);

	more = let_in(readers, now, &budget) || more;
	more = !beat_all(readers, now, &budget) || more;
	if (TAILQ_EMPTY(&readers->reading) && TAILQ_EMPTY(&readers->waiting))
		return;
	loop_timer_set(readers->timer, more ? 0 : READER_LOOK_MS);
}

int
readers_init(
    struct readers *readers, struct loop *loop, const struct sse_clock *clock)
{
	*readers =
	    (struct readers){.loop = loop, .clock = clock, .reading_max = 1};
	TAILQ_INIT(&readers->reading);
	TAILQ_INIT(&readers->waiting);
	TAILQ_INIT(&readers->blocked);
	sse_buf_init(&readers->frames, FRAMES_MAX);
	readers->pause = (struct pause){look_at_hubs, readers};
	readers->timer = loop_timer_new(loop, take_turns, readers);
	return readers->timer != NULL ? 0 : -ENOMEM;
}

void
readers_done(struct readers *readers)
{
	loop_timer_free(readers->timer);
	sse_buf_done(&readers->frames);
}

size_t
readers_waiting(const struct readers *readers)
{
	const struct reader *reader;
	size_t count = 0;

	TAILQ_FOREACH(reader, &readers->waiting, link)
	count++;
	TAILQ_FOREACH(reader, &readers->blocked, link)
	count++;
	return count;
}

/* Those of the hub: whether there may be more. */
static bool
dismiss_list(struct reader_list *list, const struct hub *hub,
    const struct budget *budget)
{
	struct reader *reader = TAILQ_FIRST(list), *next;

	for (; reader != NULL; reader = next) {
		next = TAILQ_NEXT(reader, link);
		if (reader->hub != hub || reader->client == NULL)
			continue;
		client_finish(reader->client, CLIENT_RELOADED);
		if (budget_is_over(budget))
			return true;
	}
	return false;
}

bool
readers_dismiss(
    struct readers *readers, const struct hub *hub, const struct budget *budget)
{
	return dismiss_list(&readers->reading, hub, budget) ||
	       dismiss_list(&readers->waiting, hub, budget) ||
	       dismiss_list(&readers->blocked, hub, budget);
}

void
readers_wake(struct readers *readers)
{
	if (!TAILQ_EMPTY(&readers->reading))
		loop_timer_set(readers->timer, 0);
}
