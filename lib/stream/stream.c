/*
 * stream.c - from records to events.
 *
 *	source -> multiline -> format -> the next event
 *	bytes    records   events
 *
 * Where it starts is the beginning's to find, in as many steps as the caller
 * likes.  What it tells beside the records, as the position behind those that
 * are not sent, are the notes.
 */
#include "config.h"

#include "stream/stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "stream/notes.h"
#include "stream/passing.h"
#include "stream/stages.h"

struct stream {
	const struct stream_conf *conf;
	const struct sse_clock *clock;
	struct stages stages;
	struct beginning beginning;
	struct notes notes;
	const struct stream *leader; /* whom it joins; or NULL */
	bool more;                   /* there may be more at once */
	uint64_t passed;             /* records that are not sent */
	struct held held;
	struct stream_item_words words;
};

/* A stream whose source was not looked at yet; NULL: no memory. */
static struct stream *
make_stream(const struct stages_options *options)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL)
		return NULL;
	stream->conf = options->conf;
	stream->clock = stream->held.clock = options->clock;
	notes_init(&stream->notes, &stream->stages);
	if (stages_init(&stream->stages, options) != 0) {
		stream_free(stream);
		return NULL;
	}
	stream->beginning = (struct beginning){
	    .conf = stream->conf, .source = stream->stages.source};
	return stream;
}

int
stream_new(const struct stream_conf *conf, const struct sse_clock *clock,
    uint64_t random, const struct source_shared *shared,
    struct stream **ret_stream)
{
	struct stream *stream = make_stream(&(struct stages_options){
	    .conf = conf,
	    .clock = clock,
	    .shared = shared,
	    .is_alone = shared == NULL,
	    .random = random,
	});

	if (stream == NULL)
		return -ENOMEM;
	*ret_stream = stream;
	return 0;
}

int
stream_new_private(const struct stream *leader,
    const struct source_shared *shared, struct stream **ret_stream)
{
	struct stream *stream = make_stream(&(struct stages_options){
	    .conf = leader->conf,
	    .clock = leader->clock,
	    .shared = shared,
	    .leader = &leader->stages,
	});

	if (stream == NULL)
		return -ENOMEM;
	*ret_stream = stream;
	return 0;
}

void
stream_set_pause(struct stream *stream, const struct pause *pause)
{
	format_set_pause(&stream->stages.format, pause);
}

void
stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	stages_done(&stream->stages);
	free(stream);
}

/* A step of the beginning was made: the records begin when it is the last. */
static int
note_step(struct stream *stream, bool had_started, int got)
{
	if (had_started || !stream->beginning.started)
		return got;
	stream->more = true;
	stream->held.is_set = false;
	multiline_restart(&stream->stages.multiline);
	notes_begin(&stream->notes, stream->clock);
	return got;
}

int
stream_start(struct stream *stream, const struct stream_start *start)
{
	return note_step(
	    stream, false, beginning_at_start(&stream->beginning, start));
}

int
stream_start_newest(struct stream *stream, uint64_t records)
{
	return note_step(
	    stream, false, beginning_at_newest(&stream->beginning, records));
}

int
stream_start_at(struct stream *stream, const struct source_position *position)
{
	return note_step(
	    stream, false, beginning_at_position(&stream->beginning, position));
}

int
stream_go_on_starting(struct stream *stream)
{
	bool had_started = stream->beginning.started;

	return note_step(
	    stream, had_started, beginning_go_on(&stream->beginning));
}

struct source_position
stream_position(const struct stream *stream)
{
	if (!stream->beginning.started)
		return (struct source_position){0};
	return multiline_position(&stream->stages.multiline);
}

bool
stream_is_done(const struct stream *stream)
{
	return stream->beginning.done;
}

bool
stream_owes_gap(const struct stream *stream)
{
	return stream->beginning.started &&
	       multiline_owes_gap(&stream->stages.multiline);
}

bool
stream_has_given_all(const struct stream *stream)
{
	return stream->beginning.started && !stream->held.is_set &&
	       multiline_has_given_all(&stream->stages.multiline);
}

bool
stream_unread(const struct stream *stream, uint64_t *ret_count)
{
	return stream->beginning.started &&
	       source_unread(stream->stages.source, ret_count);
}

bool
stream_can_end(const struct stream *stream)
{
	return source_can_end(stream->stages.source);
}

const struct source_ops *
stream_source(const struct stream *stream)
{
	return source_ops(stream->stages.source);
}

/* Why the reader has nothing to read yet; 0: it has, or is about to. */
static int
waits_for(const struct stream *stream)
{
	struct source_poll poll = stream_poll(stream);

	return poll.awaited ? poll.error : 0;
}

/* Where the next event begins, as an id; absent where it may not be told. */
static struct sse_slice
begin_id(struct stream *stream)
{
	struct source_position position;

	if (!stream->beginning.started || stream_owes_gap(stream))
		return sse_slice(NULL);
	position = multiline_position(&stream->stages.multiline);
	return stages_id(&stream->stages, &position);
}

void
stream_first(
    struct stream *stream, uint64_t random, struct sse_event *ret_event)
{
	if (!stream->beginning.started)
		notes_owe_id(&stream->notes);
	notes_first(&stream->notes, random, begin_id(stream), waits_for(stream),
	    ret_event);
}

/* Another step towards the start: as stream_next(). */
static int
start_later(struct stream *stream, struct stream_item *ret_item)
{
	int got = stream_go_on_starting(stream);

	if (got == -ENOMEM || stream->beginning.started)
		return got == -ENOMEM ? got : 0;
	return notes_take_wait(&stream->notes, waits_for(stream), ret_item);
}

/* What there was no memory for, or the next. */
static int
next_item(struct stream *stream, struct source_item *ret_item)
{
	if (!stream->held.is_set)
		return multiline_next(&stream->stages.multiline, ret_item);
	*ret_item = stream->held.item;
	return 1;
}

/* Lines that are not sent, which need no stage but the search. */
static void
leave_out(struct stream *stream, struct passing *passing)
{
	struct source_position position;

	if (!passing_leave_out(passing, stream->clock, &stream->stages))
		return;
	assert(!stream->held.is_set);
	position = source_position(stream->stages.source);
	notes_pass_over(&stream->notes, &position);
}

static size_t
size_of(const struct source_item *item)
{
	return item->kind == SOURCE_RECORD ? item->record.text.size : 0;
}

/* As stream_next(); RESULT_PARTIAL: none yet, and there may be at once. */
static int
next_event(struct stream *stream, struct passing *passing,
    struct stream_item *ret_item)
{
	struct source_item item; /* zeros would cost more than what follows */
	int got = 0;

	assert(stream->beginning.started);
	while (!passing->is_over) {
		leave_out(stream, passing);
		if (passing->is_over || (got = next_item(stream, &item)) != 1)
			break;
		got = stream_item_try(&stream->stages, &stream->words,
		    &stream->held, &item, ret_item);
		if (got == 1) {
			ret_item->size = passing->size + size_of(&item);
			notes_sent(
			    &stream->notes, ret_item->event.id.data != NULL);
		}
		if (got != 0)
			return got;
		if (item.kind != SOURCE_RECORD)
			continue;
		if (item.has_position)
			notes_pass_over(&stream->notes, &item.position);
		passing_add(
		    passing, stream->clock, item.record.text.size, true);
	}
	assert(got <= 0);
	if (passing->is_over)
		got = RESULT_PARTIAL;
	if ((got != 0 && got != RESULT_PARTIAL) || stream_ended(stream))
		return got;
	return notes_take_rest(&stream->notes, waits_for(stream), ret_item) == 1
		   ? 1
		   : got;
}

int
stream_next(struct stream *stream, struct stream_item *ret_item)
{
	struct passing passing = {.count = 0};
	int got;

	if (!stream->beginning.started)
		return start_later(stream, ret_item);
	if (stream->notes.owes_id &&
	    notes_take_id(&stream->notes, begin_id(stream), ret_item) == 1)
		return 1;
	got = next_event(stream, &passing, ret_item);
	stream->passed += passing.count;
	stream->more = got != 0;
	return got == RESULT_PARTIAL ? 0 : got;
}

uint64_t
stream_take_passed(struct stream *stream)
{
	uint64_t passed = stream->passed;

	stream->passed = 0;
	return passed;
}

size_t
stream_frames(struct stream *stream, struct plain_frames *frames)
{
	if (!stream->beginning.started || stream->notes.owes_id ||
	    stream->held.is_set || !stream->stages.has_plain)
		return frames->count;
	frames->form = &stream->stages.plain;
	source_frames(stream->stages.source, frames);
	stream->more = stream->more || frames->count > 0;
	return frames->count;
}

void
stream_forget(struct stream *stream)
{
	format_forget(&stream->stages.format);
}

uint64_t
stream_take_given_up(struct stream *stream, enum stream_pattern pattern)
{
	return stages_take_given_up(&stream->stages, pattern);
}

void
stream_follow(struct stream *stream, const struct stream *leader)
{
	assert(leader != stream && leader->conf == stream->conf);
	source_follow(stream->stages.source, leader->stages.source);
	stream->leader = leader;
}

bool
stream_meets(struct stream *stream)
{
	const struct stream *leader = stream->leader;

	if (!stream->beginning.started || leader == NULL ||
	    !leader->beginning.started)
		return false;
	/* What it holds it has not given, and this stream has. */
	if (stream->held.is_set || leader->held.is_set ||
	    !multiline_meets(
		&stream->stages.multiline, &leader->stages.multiline))
		return false;
	/* The leader may have told of records that were not sent before. */
	return !notes_hurry(&stream->notes);
}

void
stream_leave_out(struct stream *stream, struct stream_item *item, int error)
{
	stream_item_leave_out(item, &stream->words, error);
}

bool
stream_ended(const struct stream *stream)
{
	return multiline_ended(&stream->stages.multiline);
}

struct source_poll
stream_poll(const struct stream *stream)
{
	struct source_poll poll;
	int64_t left_ms;

	if (!stream->beginning.started)
		return beginning_poll(&stream->beginning);
	poll = multiline_poll(&stream->stages.multiline);
	left_ms = notes_left_ms(&stream->notes);
	if (left_ms < poll.timeout_ms)
		poll.timeout_ms = left_ms < 0 ? 0 : left_ms;
	if (stream->more)
		poll.timeout_ms = 0;
	if (stream->held.is_set) {
		poll.timeout_ms = HELD_LOOK_MS;
		poll.error = -ENOMEM;
	}
	assert(poll.timeout_ms >= 0);
	assert(!stream->held.is_set || !stream_ended(stream));
	return poll;
}

bool
stream_is_starting(const struct stream *stream)
{
	return beginning_goes_on(&stream->beginning);
}

int
stream_start_error(const struct stream *stream)
{
	return stream->beginning.started ? 0 : stream->beginning.error;
}
