/*
 * beginning.c - where a reader of a stream begins.
 *
 * An id that a record brought, and a time, are searched for first, in as many
 * steps as the caller likes; the source is started at what was found.  What
 * cannot be started, or searched, is begun anew by the next step: the log may
 * be one that may not be read yet.
 */
#include "beginning.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NO_TIMES "since: no record has a time as time-format says"
#define FEW_TIMES                                                         \
	"since: many records have no time as time-format says; this may " \
	"begin too early"

void
beginning_init(
    struct beginning *beginning, const struct beginning_options *options)
{
	*beginning = (struct beginning){
	    .options = *options, .since_ms = STREAM_SINCE_NONE};
}

void
beginning_done(struct beginning *beginning)
{
	finder_free(beginning->finder);
	beginning->finder = NULL;
	free(beginning->id);
	beginning->id = NULL;
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

/*
 * The log is not there, and it is too early to say that what a client has seen
 * of it is gone; or nobody will wait for it to come.
 */
static bool
is_missed(const struct beginning *beginning)
{
	const struct source *source = beginning->options.source;
	struct source_poll poll = source_poll(source);

	if (!poll.awaited || poll.error != -ENOENT)
		return false;
	return !conf_of(beginning)->follow || beginning->id != NULL ||
	       (beginning->start.position != NULL && source_owes_gap(source));
}

static int
start_source(struct beginning *beginning)
{
	int error = source_start(beginning->options.source, &beginning->start);

	beginning->listing = error == RESULT_PARTIAL;
	if (beginning->listing)
		error = 0;
	else if (error == 0 && is_missed(beginning))
		error = -ENOENT;
	beginning->started = error == 0 && !beginning->listing;
	beginning->error = error;
	if (beginning->started && beginning->start.position != NULL)
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

/* Whether a search cannot begin, or go on, but will be able to. */
static bool
is_later(int error)
{
	return error == -EACCES || error == RESULT_PARTIAL;
}

/* It is begun anew: by the next step, or when the log may be read. */
static int
wait_for_log(struct beginning *beginning, int error)
{
	beginning->error = error != RESULT_PARTIAL ? error : 0;
	return beginning->error;
}

/* The id is a record's: begins to search for it, or starts without it. */
static int
start_at_record(struct beginning *beginning)
{
	int error;

	beginning->start.position = NULL;
	beginning->start.gap = GAP_UNKNOWN;
	if (!source_ops(beginning->options.source)->is_durable)
		return start_source(beginning);
	error = finder_new_id(&beginning->options.recall,
	    (struct sse_slice){beginning->id, beginning->id_size},
	    &beginning->finder);
	if (is_later(error))
		return wait_for_log(beginning, error);
	/* What cannot be searched the source may not like either. */
	return error == 0 || error == -ENOMEM ? error : start_source(beginning);
}

/* It cannot begin where the client wants to: as one without a wish, then. */
static int
start_elsewhere(struct beginning *beginning, const char *comment)
{
	beginning->start.gap = GAP_UNKNOWN;
	beginning->comment = comment;
	return start_source(beginning);
}

static int
start_since(struct beginning *beginning)
{
	int error;

	beginning->start.position = NULL;
	beginning->start.gap = GAP_NONE;
	beginning->comment = NULL;
	if (!source_ops(beginning->options.source)->is_durable)
		return start_elsewhere(beginning, BEGINNING_PIPE);
	error = finder_new_time(&beginning->options.recall, beginning->since_ms,
	    &beginning->finder);
	if (is_later(error))
		return wait_for_log(beginning, error);
	if (error == 0) {
		beginning->start.gap = GAP_UNKNOWN;
		beginning->comment = NO_TIMES;
	}
	if (error == 0 || error == -ENOMEM)
		return error;
	/* There is no log yet: whatever comes is new enough. */
	if (error == RESULT_NONE)
		return start_source(beginning);
	return start_elsewhere(beginning, NO_TIMES);
}

static int
keep_id(struct beginning *beginning, struct sse_slice id)
{
	beginning->id = malloc(id.size);
	if (beginning->id == NULL)
		return -ENOMEM;
	memcpy(beginning->id, id.data, id.size);
	beginning->id_size = id.size;
	return 0;
}

static int
start_at_id(struct beginning *beginning, struct sse_slice last_event_id)
{
	struct sse_position position;
	int error;

	if (conf_of(beginning)->ids == CONF_IDS_RECORD) {
		error = keep_id(beginning, last_event_id);
		return error != 0 ? error : start_at_record(beginning);
	}
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
	/* Where there is no end at all, it is not one of our ids. */
	beginning->done =
	    source_can_end(beginning->options.source) &&
	    sse_slice_equal(wish->last_event_id, sse_slice(STREAM_END_ID));
	if (beginning->done)
		return 0;
	beginning->start =
	    (struct source_start){.records = start_records(conf_of(beginning))};
	if (wish->last_event_id.size > 0)
		return start_at_id(beginning, wish->last_event_id);
	if (wish->fault != NULL)
		return start_elsewhere(beginning, wish->fault);
	beginning->since_ms = wish->since_ms;
	if (wish->has_last)
		beginning->start.records = wish->last;
	if (wish->since_ms != STREAM_SINCE_NONE)
		return start_since(beginning);
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
	beginning->start.is_ours = true;
	return start_source(beginning);
}

static void
end_search(struct beginning *beginning)
{
	if (beginning->start.position != NULL) {
		beginning->comment = NULL;
		if (finder_guesses(beginning->finder)) {
			beginning->start.gap = GAP_UNKNOWN;
			beginning->comment = FEW_TIMES;
		}
		if (finder_lacks(beginning->finder))
			beginning->start.gap = GAP_ROTATED;
	}
	finder_free(beginning->finder);
	beginning->finder = NULL;
}

/* The wish is what it was, and the log may be another. */
static int
begin_anew(struct beginning *beginning)
{
	beginning->error = 0;
	if (beginning->id != NULL)
		return start_at_record(beginning);
	if (beginning->since_ms != STREAM_SINCE_NONE)
		return start_since(beginning);
	return start_source(beginning);
}

/* Where it starts is known. */
static int
go_on_listing(struct beginning *beginning)
{
	int error = start_source(beginning);

	return error != 0 ? error : beginning->started || beginning->done;
}

int
beginning_go_on(struct beginning *beginning)
{
	struct sse_position position;
	int got;

	if (beginning->started || beginning->done)
		return 1;
	if (beginning->listing)
		return go_on_listing(beginning);
	if (beginning->finder == NULL)
		return begin_anew(beginning);
	got = finder_next(beginning->finder, &position);
	if (got == 0 || got == -ENOMEM)
		return got;
	if (got == 1) {
		start_at(beginning, &position);
		beginning->start.is_ours = true;
	}
	end_search(beginning);
	return is_later(got) ? wait_for_log(beginning, got)
			     : start_source(beginning);
}
