/*
 * feed.c - from a source to the frames of a backlog.
 */
#include "config.h"

#include "feed.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/shortage.h"
#include "stream/look.h"

int
feed_init(struct feed *feed, const struct stream_conf *conf,
    const struct sse_clock *clock, struct log *log, struct source_hints *hints,
    struct stats *stats)
{
	*feed = (struct feed){
	    .conf = conf, .clock = clock, .log = log, .stats = stats};
	return source_shared_new(
	    conf->source, conf->generations, hints, &feed->shared);
}

void
feed_done(struct feed *feed)
{
	feed_close(feed);
	source_shared_free(feed->shared);
	feed->shared = NULL;
}

void
feed_stop(struct feed *feed)
{
	stream_free(feed->stream);
	stream_free(feed->opening);
	feed->stream = feed->opening = NULL;
}

void
feed_close(struct feed *feed)
{
	feed_stop(feed);
	backlog_free(feed->backlog);
	feed->backlog = NULL;
	source_shared_rest(feed->shared);
}

bool
feed_is_volatile(const struct feed *feed)
{
	const struct source_ops *source = feed->stream != NULL
					      ? stream_source(feed->stream)
					      : source_kind(feed->conf->source);

	return !source->is_durable;
}

/* ------------------------------------------------------------- trouble -- */

int
feed_waits(const struct feed *feed)
{
	assert(feed_is_open(feed));
	return stream_start_error(feed->stream);
}

int
feed_error(const struct feed *feed)
{
	return feed->stream != NULL ? stream_poll(feed->stream).error
				    : feed->trouble.error;
}

void
feed_tell_trouble(struct feed *feed, int error)
{
	trouble_tell(&feed->trouble, error, feed->conf, feed->log);
}

void
feed_note_trouble(struct feed *feed)
{
	int before = feed->trouble.error;
	struct source_poll poll;

	assert(feed_is_open(feed));
	poll = stream_poll(feed->stream);
	/* What has only begun to be asked says nothing yet. */
	if (poll.error != 0 || !poll.awaited)
		trouble_note(&feed->trouble, poll.error, feed->conf,
		    sse_clock_monotonic_ms(feed->clock), feed->log);
	trouble_remark(&feed->trouble, poll.remark, feed->conf, feed->log);
	if (before == 0 && feed->trouble.error != 0)
		feed->stats->interruptions++;
}

void
feed_count_given_up(struct feed *feed, struct stream *stream)
{
	feed->stats->given_up_searches +=
	    given_up_note(&feed->given_up, stream, feed->conf, feed->log);
}

/* A look cannot tell that it is over. */
static bool
is_found_by_reading(int error)
{
	return trouble_kind(error) == TROUBLE_OTHER;
}

/* There may be something yet: it is no trouble, and said at the start only. */
static int
look_at_nothing(const struct feed *feed, bool at_once)
{
	char room[STREAM_ERROR_SIZE_MAX];

	if (at_once)
		log_line(feed->log, "%s: %s: %s", feed->conf->name,
		    feed->conf->source,
		    stream_error_text(feed->conf, -ENODATA, room));
	return 0;
}

int
feed_look(struct feed *feed, bool at_once)
{
	int error;

	assert(!feed_is_open(feed));
	do
		error = look_error(feed->conf, feed->shared);
	while (error == RESULT_PARTIAL && at_once);
	/* The next look goes on, or who opens it. */
	if (error == RESULT_PARTIAL)
		return error;
	if (error == -ENODATA)
		error = look_at_nothing(feed, at_once);
	if (error != 0 && at_once)
		feed_tell_trouble(feed, error);
	else if (error != 0 || !is_found_by_reading(feed->trouble.told))
		trouble_note(&feed->trouble, error, feed->conf,
		    sse_clock_monotonic_ms(feed->clock), feed->log);
	if (error == 0 && !feed_is_volatile(feed) && !feed->judged)
		feed->judged =
		    trouble_tell_shape(feed->conf, feed->shared, feed->log);
	return error;
}

/* ------------------------------------------------------------- opening -- */

/* It may be over while somebody waits for it. */
static bool
may_be_waited_for(int error)
{
	return !is_shortage(error) && error != RESULT_BUSY;
}

/* What a client without an id gets is in the backlog from the beginning. */
static uint64_t
first_records(const struct stream_conf *conf)
{
	return conf->from == CONF_FROM_RECORDS ? conf->from_records : 0;
}

/* A step: 0; RESULT_PARTIAL: there are more; or why it has not started. */
static int
step_to_start(struct feed *feed, uint64_t random)
{
	int got;

	if (feed->opening != NULL) {
		got = stream_go_on_starting(feed->opening);
	} else {
		got = stream_new(feed->conf, feed->clock, random, feed->shared,
		    &feed->opening);
		if (got == 0)
			got = stream_start_newest(
			    feed->opening, first_records(feed->conf));
	}
	if (got < 0)
		return got;
	/* A source that takes its time is waited for, with a head. */
	return stream_is_starting(feed->opening) &&
		       stream_poll(feed->opening).timeout_ms == 0
		   ? RESULT_PARTIAL
		   : 0;
}

static int
start_stream(struct feed *feed, uint64_t random)
{
	struct sse_event first;
	int error = step_to_start(feed, random);

	if (error == RESULT_PARTIAL)
		return error;
	feed->stream = feed->opening;
	feed->opening = NULL;
	if (error == 0 || may_be_waited_for(error))
		error = backlog_new(feed->conf->backlog_size, &feed->backlog);
	if (error != 0)
		return error;
	stream_first(feed->stream, 0, &first);
	return backlog_begin(feed->backlog, first.id);
}

int
feed_open(struct feed *feed, uint64_t random)
{
	int error;

	assert(!feed_is_open(feed) && feed->backlog == NULL);
	error = start_stream(feed, random);
	if (error == RESULT_PARTIAL) {
		assert(feed->opening != NULL);
		return error;
	}
	if (error != 0) {
		feed_tell_trouble(feed, error);
		feed_close(feed);
		return error;
	}
	assert(feed->backlog != NULL && feed->opening == NULL);
	return 0;
}

/* -------------------------------------------------------------- frames -- */

/* Its frame is in the backlog's room: its size, or why it is not. */
static ssize_t
encode(struct feed *feed, const struct sse_event *event)
{
	size_t size = sse_encode_size(event);
	char *room = backlog_reserve(feed->backlog, size);

	return room != NULL ? sse_encode(event, room, size) : -ENOBUFS;
}

/* What is in the backlog's room is a frame. */
static void
commit(
    struct feed *feed, size_t size, enum backlog_kind kind, struct sse_slice id)
{
	backlog_commit(feed->backlog, size, kind, id);
	feed->stats->frames++;
	feed->stats->bytes += size;
}

static enum backlog_kind
kind_of(const struct stream_item *item)
{
	return item->kind == STREAM_RECORD || item->kind == STREAM_LEFT_OUT
		   ? BACKLOG_RECORD
		   : BACKLOG_OTHER;
}

static void
publish(struct feed *feed, struct stream_item *item)
{
	enum backlog_kind kind = kind_of(item);
	ssize_t size = encode(feed, &item->event);

	if (size < 0) {
		stream_leave_out(feed->stream, item, (int)size);
		size = encode(feed, &item->event);
	}
	if (size <= 0) {
		log_line(feed->log, "%s: a frame was lost: %s",
		    feed->conf->name, strerror((int)-size));
		return;
	}
	commit(feed, (size_t)size, kind, item->event.id);
}

/*
 * Those of plain lines are made right there: whether there were any.  There is
 * room for all of them; each still needs its place in the backlog's table.
 */
static bool
pull_plain(struct feed *feed, size_t frames_max)
{
	size_t ends[FEED_PLAIN_MAX], size_max, begin = 0;
	struct plain_frames frames = {.ends = ends, .count_max = frames_max};

	if (frames.count_max > FEED_PLAIN_MAX)
		frames.count_max = FEED_PLAIN_MAX;
	size_max = backlog_frame_size_max(feed->backlog);
	frames.capacity =
	    FEED_PLAIN_SIZE < size_max ? FEED_PLAIN_SIZE : size_max;
	frames.data = backlog_reserve(feed->backlog, frames.capacity);
	assert(frames.data != NULL);
	if (stream_frames(feed->stream, &frames) == 0)
		return false;
	for (size_t i = 0; i < frames.count; i++) {
		size_t size = ends[i] - begin;

		(void)backlog_reserve(feed->backlog, size);
		commit(feed, size, BACKLOG_RECORD,
		    plain_frame_id(frames.data + begin));
		begin = ends[i];
	}
	return true;
}

bool
feed_pull(struct feed *feed, size_t frames_max)
{
	struct stream_item item;
	int got;

	assert(feed_is_open(feed) && feed->backlog != NULL);
	if (pull_plain(feed, frames_max))
		return true;
	got = stream_next(feed->stream, &item);
	feed_count_given_up(feed, feed->stream);
	backlog_pass(feed->backlog, stream_take_passed(feed->stream));
	if (got != 1)
		return false;
	publish(feed, &item);
	stream_forget(feed->stream);
	stats_add_item(feed->stats, &item);
	return true;
}

bool
feed_beat(struct feed *feed)
{
	const size_t size = sizeof(SSE_HEARTBEAT) - 1;
	char *room = backlog_reserve(feed->backlog, size);

	if (room == NULL)
		return false;
	memcpy(room, SSE_HEARTBEAT, size);
	commit(feed, size, BACKLOG_OTHER, (struct sse_slice){0});
	return true;
}

void
feed_first(const struct feed *feed, const struct place *place, uint64_t random,
    struct sse_event *ret_event)
{
	assert(place->kind == PLACE_BACKLOG);
	stream_first(feed->stream, random, ret_event);
	ret_event->id = sse_slice(NULL);
	if (feed->conf->ids == CONF_IDS_POSITION && place->gap == GAP_NONE)
		ret_event->id = backlog_id_before(feed->backlog, place->offset);
}
