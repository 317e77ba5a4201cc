/*
 * beginning.c - where a reader of a stream begins.
 *
 * An id that a record brought, and a time, are searched for first, in as many
 * steps as the caller likes; the source is started at what was found.
 */
#include "beginning.h"

#include <errno.h>
#include <string.h>

void
beginning_init(
    struct beginning *beginning, const struct beginning_options *options)
{
	*beginning = (struct beginning){.options = *options};
}

void
beginning_done(struct beginning *beginning)
{
	finder_free(beginning->finder);
	beginning->finder = NULL;
}

static const struct stream_conf *
conf_of(const struct beginning *beginning)
{
	return beginning->options.recall.conf;
}

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

/* Whether the stream has an end at all: "end" is no id of another one. */
static bool
has_end(const struct stream_conf *conf)
{
	return !conf->follow || strcmp(conf->source, "-") == 0;
}

static int
start_source(struct beginning *beginning)
{
	int error = source_start(beginning->options.source, &beginning->start);

	beginning->started = error == 0;
	beginning->error = error;
	if (error == 0 && beginning->start.position != NULL)
		beginning->done = source_is_done(beginning->options.source);
	return error;
}

static void
start_at(struct beginning *beginning, const struct sse_position *position)
{
	beginning->position = *position;
	beginning->start.position = &beginning->position;
	beginning->start.gap = GAP_NONE;
}

/* The id is a record's: begins to search for it, or starts without it. */
static int
start_at_record(struct beginning *beginning, struct sse_slice id)
{
	int error;

	beginning->start.gap = GAP_UNKNOWN;
	if (!source_is_file(beginning->options.source))
		return start_source(beginning);
	error =
	    finder_new_id(&beginning->options.recall, id, &beginning->finder);
	/* What cannot be searched the source may not like either. */
	return error == 0 || error == -ENOMEM ? error : start_source(beginning);
}

/* A pipe has no times: the client gets what one without a wish gets. */
static int
start_since(struct beginning *beginning, int64_t time_ms)
{
	int error;

	beginning->start.gap = GAP_UNKNOWN;
	if (!source_is_file(beginning->options.source))
		return start_source(beginning);
	error = finder_new_time(conf_of(beginning), beginning->options.clock,
	    time_ms, &beginning->finder);
	if (error != -ENOENT)
		return error == 0 || error == -ENOMEM ? error
						      : start_source(beginning);
	/* There is no log yet: whatever comes is new enough. */
	beginning->start.gap = GAP_NONE;
	return start_source(beginning);
}

static int
start_at_id(struct beginning *beginning, struct sse_slice last_event_id)
{
	struct sse_position position;

	if (conf_of(beginning)->ids == CONF_IDS_RECORD)
		return start_at_record(beginning, last_event_id);
	if (sse_position_parse(last_event_id, &position) == 0)
		start_at(beginning, &position);
	else
		beginning->start.gap = GAP_UNKNOWN;
	return start_source(beginning);
}

bool
stream_wish_is_time(const struct stream_wish *wish)
{
	return wish->last_event_id.size == 0 &&
	       wish->since_ms != STREAM_SINCE_NONE;
}

int
beginning_at_wish(struct beginning *beginning, const struct stream_wish *wish)
{
	beginning->done =
	    has_end(conf_of(beginning)) &&
	    sse_slice_equal(wish->last_event_id, sse_slice(STREAM_END_ID));
	if (beginning->done)
		return 0;
	beginning->start =
	    (struct source_start){.records = start_records(conf_of(beginning))};
	if (wish->last_event_id.size > 0)
		return start_at_id(beginning, wish->last_event_id);
	if (wish->since_ms != STREAM_SINCE_NONE)
		return start_since(beginning, wish->since_ms);
	return start_source(beginning);
}

int
beginning_at_newest(struct beginning *beginning, uint64_t records)
{
	beginning->start = (struct source_start){.records = records};
	return start_source(beginning);
}

int
beginning_at_position(
    struct beginning *beginning, const struct sse_position *position)
{
	beginning->start =
	    (struct source_start){.records = start_records(conf_of(beginning))};
	start_at(beginning, position);
	return start_source(beginning);
}

static void
end_search(struct beginning *beginning)
{
	if (beginning->start.position != NULL &&
	    finder_lacks(beginning->finder))
		beginning->start.gap = GAP_ROTATED;
	finder_free(beginning->finder);
	beginning->finder = NULL;
}

int
beginning_go_on(struct beginning *beginning)
{
	struct sse_position position;
	int got;

	if (beginning->finder == NULL)
		return beginning->started || beginning->done
			   ? 1
			   : start_source(beginning);
	got = finder_next(beginning->finder, &position);
	if (got == 0 || got == -ENOMEM)
		return got;
	if (got == 1)
		start_at(beginning, &position);
	end_search(beginning);
	return start_source(beginning);
}
