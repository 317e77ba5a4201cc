/*
 * beginning.c - where a reader of a stream begins.
 *
 * What a client asks for becomes a start of the source, which may need steps.
 * What cannot be started is begun anew by the next step: the log may be one
 * that may not be read yet.
 */
#include "stream/beginning.h"

#include <assert.h>
#include <errno.h>

static uint64_t
start_records(const struct stream_conf *conf)
{
	switch (conf->from) {
	case CONF_FROM_START:
		return SOURCE_RECORDS_ALL;
	case CONF_FROM_END:
		return 0;
	case CONF_FROM_RECORDS:
		break;
	}
	return conf->from_records;
}

/* What a step of the start said: 1 at the end, 0 when more are needed. */
static int
take_step(struct beginning *beginning, int error)
{
	if (error == 0 && source_is_missing(beginning->source))
		error = -ENOENT;
	beginning->starting = error == RESULT_PARTIAL;
	beginning->started = error == 0;
	beginning->error = error == RESULT_PARTIAL ? 0 : error;
	if (beginning->started)
		beginning->done = source_is_done(beginning->source);
	assert(!beginning->starting || !beginning->started);
	assert(!beginning->started || beginning->error == 0);
	return beginning->error != 0 ? error : beginning->started;
}

/* 0, also when more steps are needed. */
static int
start_source(struct beginning *beginning, const struct source_start *start)
{
	int got = take_step(beginning, source_start(beginning->source, start));

	return got < 0 ? got : 0;
}

bool
stream_start_is_time(const struct stream_start *start)
{
	return start->last_event_id.size == 0 &&
	       start->since_ms != STREAM_SINCE_NONE;
}

int
beginning_at_start(
    struct beginning *beginning, const struct stream_start *start)
{
	const struct stream_conf *conf = beginning->conf;
	struct source_start from = {.records = start_records(conf)};

	/* Where there is no end at all, it is not one of our ids. */
	beginning->done =
	    source_can_end(beginning->source) &&
	    sse_slice_equal(start->last_event_id, sse_slice(STREAM_END_ID));
	if (beginning->done)
		return 0;
	if (start->last_event_id.size > 0) {
		from.id = start->last_event_id;
		from.is_record_id = conf->ids == CONF_IDS_RECORD;
	} else if (start->fault != NULL) {
		from.gap = GAP_UNKNOWN;
		from.comment = start->fault;
	} else {
		from.has_time = stream_start_is_time(start);
		from.time_ms = start->since_ms;
		if (start->has_last)
			from.records = start->last;
	}
	return start_source(beginning, &from);
}

int
beginning_at_newest(struct beginning *beginning, uint64_t records)
{
	return start_source(
	    beginning, &(struct source_start){.records = records});
}

int
beginning_at_position(
    struct beginning *beginning, const struct source_position *position)
{
	return start_source(
	    beginning, &(struct source_start){.position = position,
			   .is_ours = true,
			   .records = start_records(beginning->conf)});
}

int
beginning_go_on(struct beginning *beginning)
{
	if (beginning->started || beginning->done)
		return 1;
	return take_step(beginning, source_go_on(beginning->source));
}

bool
beginning_goes_on(const struct beginning *beginning)
{
	return !beginning->started && !beginning->done && beginning->error == 0;
}

struct source_poll
beginning_poll(const struct beginning *beginning)
{
	struct source_poll poll = {.fd = -1, .error = beginning->error};

	assert(!beginning->started);
	if (beginning->starting)
		poll = source_poll(beginning->source);
	else if (beginning->error != 0)
		poll.timeout_ms = SOURCE_RETRY_MS;
	poll.awaited = true;
	return poll;
}
