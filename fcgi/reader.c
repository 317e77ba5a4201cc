/*
 * reader.c - one that reads for itself: it waits, has a stream while it reads,
 * and goes with its client.
 */
#include "config.h"

#include "reader.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/shortage.h"

static int64_t
now_ms(const struct readers *readers)
{
	return sse_clock_monotonic_ms(readers->clock);
}

/* ------------------------------------------------------ reading or not -- */

static struct stream_start
wish_of(const struct reader *reader)
{
	return (struct stream_start){
	    .last_event_id = {reader->last_event_id,
		reader->last_event_id_size},
	    .since_ms = reader->since_ms,
	    .fault = reader->fault,
	    .has_last = reader->has_last,
	    .last = reader->last,
	};
}

bool
reader_may_wait(const struct reader *reader, int error)
{
	const struct stream_start start = wish_of(reader);

	if (reader->started)
		return error != -ENOMEM && error != RESULT_BUSY;
	return stream_may_wait(reader->hub->conf, &start, error);
}

static int
start_stream(struct reader *reader)
{
	const struct stream_start start = wish_of(reader);
	int error;

	assert(reader->stream != NULL && !reader->reading);
	if (reader->has_position)
		return stream_start_at(reader->stream, &reader->position);
	error = stream_start(reader->stream, &start);
	reader->started = error == 0;
	return error;
}

void
reader_put(struct reader *reader, struct reader_list *list)
{
	assert(list == &reader->all->reading || list == &reader->all->waiting ||
	       list == &reader->all->blocked);
	reader->list = list;
	TAILQ_INSERT_TAIL(list, reader, link);
}

void
reader_forget_id(struct reader *reader)
{
	free(reader->last_event_id);
	reader->last_event_id = NULL;
	reader->last_event_id_size = 0;
}

int
reader_go_on_starting(struct reader *reader)
{
	int got = stream_go_on_starting(reader->stream);

	reader->owes_id = got != 1;
	return got;
}

int
reader_begin(struct reader *reader)
{
	struct readers *readers = reader->all;
	const struct hub *hub = reader->hub;
	int error = stream_new_private(
	    hub->feed.stream, hub->feed.shared, &reader->stream);

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
	reader_put(reader, &readers->reading);
	return 0;
}

void
reader_wait(struct reader *reader)
{
	bool blocked = reader->client != NULL && reader->client->blocked;

	reader->reading = false;
	reader_put(
	    reader, blocked ? &reader->all->blocked : &reader->all->waiting);
}

void
reader_stop_waiting(struct reader *reader)
{
	source_watch_done(&reader->watch);
}

/* Its place in either list. */
static void
unlink_reader(struct reader *reader)
{
	struct readers *readers = reader->all;

	/* Who reads is in the list of those, and is counted. */
	assert(reader->reading == (reader->list == &readers->reading));
	assert(readers->reading_count >= reader->reading);
	reader_stop_waiting(reader);
	TAILQ_REMOVE(reader->list, reader, link);
	readers->reading_count -= reader->reading;
	loop_timer_set(readers->timer, 0);
}

void
reader_park(struct reader *reader, int why)
{
	unlink_reader(reader);
	stream_free(reader->stream);
	reader->stream = NULL;
	reader->waits = why;
	reader->tried_ms = now_ms(reader->all);
	reader_wait(reader);
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

/* What its client wants: 0 or -ENOMEM. */
static int
keep_start(struct reader *reader, const struct stream_start *start)
{
	size_t size = start->last_event_id.size;

	reader->since_ms = start->since_ms;
	reader->fault = start->fault;
	reader->has_last = start->has_last;
	reader->last = start->last;
	if (size == 0)
		return 0;
	/* An id that is longer is not one of ours, whatever follows. */
	if (size > SSE_ID_SIZE_MAX)
		size = SSE_ID_SIZE_MAX + 1;
	reader->last_event_id = malloc(size);
	if (reader->last_event_id == NULL)
		return -ENOMEM;
	memcpy(reader->last_event_id, start->last_event_id.data, size);
	reader->last_event_id_size = size;
	return 0;
}

/* 0: it reads, or is among those that wait; or why no waiting would help. */
static int
begin_or_wait(struct reader *reader)
{
	const struct readers *readers = reader->all;
	bool may_begin = readers->reading_count < readers->reading_max &&
			 !reader->hub->is_cut_off;
	int error = may_begin ? reader_begin(reader) : -EAGAIN;
	bool passes = error_passes(error);

	if (error == 0)
		return 0;
	if (!passes && !reader_may_wait(reader, error))
		return error;
	reader->waits = passes ? 0 : error;
	reader->tried_ms = now_ms(readers);
	reader_wait(reader);
	return 0;
}

int
reader_new(struct readers *readers, struct hub *hub,
    const struct stream_start *start, struct reader **ret_reader)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	int error;

	if (reader == NULL)
		return -ENOMEM;
	reader->all = readers;
	reader->hub = hub;
	reader->sent_ms = now_ms(readers);
	error = keep_start(reader, start);
	if (error == 0)
		error = begin_or_wait(reader);
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
reader_may_be_done(const struct reader *reader)
{
	return reader->reading && reader->owes_id && !reader->has_position &&
	       !reader->hub->conf->follow && reader->last_event_id_size > 0;
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
	stream_first(hub->feed.stream, hub->options->random(), ret_event);
	ret_event->id = sse_slice(NULL);
	reader->owes_id = true;
	reader->told_wait = feed_waits(&hub->feed);
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
		reader_put(reader, &reader->all->waiting);
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
	assert(reader->client == NULL && client->owner == NULL);
	reader->client = client;
	client->record_left = 0;
	client->write_timeout_ms = reader->hub->conf->write_timeout_ms;
	client_own(client, &owner, reader);
	loop_timer_set(reader->all->timer, 0);
	/* It may be gone afterwards, and the reader with it. */
	client_send(client);
}
