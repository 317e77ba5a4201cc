/*
 * stream.c - from records to events.
 *
 *	source -> joiner -> format -> the next event
 *	bytes    records   events
 *
 * Where it starts is the beginning's to find, in as many steps as the caller
 * likes.  Of records that are not sent only the position is told, after a
 * while (unsent).
 */
#include "config.h"

#include "stream/stream.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "record/format.h"
#include "source/gap.h"
#include "stream/joiner.h"
#include "record/line_time.h"
#include "source/listing_cache.h"
#include "source/log_names.h"
#include "stream/obstacle.h"
#include "record/record_start.h"
#include "stream/unsent.h"
#include "source/watch.h"

#define COMMENT_SIZE_MAX 256

/*
 * Bytes of records in a row that are not sent, before others' turn; a short
 * one counts as more, since its search may take as long as that of a long one.
 */
#define PASSED_OVER_MAX 65536
#define PASSED_OVER_RECORD 256
#define PASSING_OVER_MS 2 /* the same, when a pattern needs long for each */

#define MEMORY_LOOK_MS 100 /* between two tries to get memory for a record */

struct stream {
	const struct stream_conf *conf;
	const struct sse_clock *clock;
	struct listing_cache *listing;     /* NULL: none */
	struct listing_cache *own_listing; /* the same, or NULL */
	struct record_rule rule;
	struct record_start *record_start; /* of the rule; or NULL */
	struct record_ids record_ids;
	struct record_times times;
	struct line_time *line_time; /* of the times; or NULL */
	struct source *source;
	struct joiner joiner;
	struct format format;
	struct beginning beginning;
	bool fresh;     /* nothing was taken since it started */
	bool owes_id;   /* there was none at the beginning */
	int told_wait;  /* what the client was told last of a wait; 0: none */
	bool has_begun; /* the event that a connection begins with was given */
	struct unsent unsent;
	const struct stream *leader; /* whom it joins; or NULL */
	bool busy;                   /* there may be more at once */
	struct source_item held;     /* what no memory was got for */
	bool holds;
	int64_t held_ms; /* monotonic: the first try */
	char comment[COMMENT_SIZE_MAX];
	char gap[GAP_TEXT_SIZE_MAX];
	char left_out[128]; /* comment */
	bool ended;         /* the event "end" was given */
};

/* Never 0, which would say that the position is durable. */
static uint64_t
epoch_of(uint64_t random)
{
	uint64_t epoch =
	    random & ((UINT64_C(1) << SSE_POSITION_CHECK_BITS) - 1);

	return epoch != 0 ? epoch : 1;
}

/* Which lines are a record. */
static int
make_rule(struct stream *stream)
{
	const struct stream_conf *conf = stream->conf;
	int error;

	if (conf->format == CONF_FORMAT_SSE)
		stream->rule.kind = RECORD_HAS_BLANK;
	if (conf->record_start == NULL || conf->record_start[0] == '\0')
		return 0;
	error = record_start_new(conf->record_start, conf->record_size_max,
	    conf->ansi == CONF_ANSI_KEEP, &stream->record_start);
	if (error != 0)
		return error;
	stream->rule = (struct record_rule){
	    RECORD_HAS_START, record_start_begins, stream->record_start};
	return 0;
}

static int
has_id(void *context, const struct record *record, struct sse_slice id)
{
	return format_has_id(context, record, id);
}

/* What a search looks for; without times there are none: -ENOMEM. */
static int
make_search(struct stream *stream)
{
	const struct stream_conf *conf = stream->conf;
	const char *format = conf->time_format;
	int error = 0;

	stream->record_ids = (struct record_ids){has_id, &stream->format};
	if (format != NULL && format[0] != '\0')
		error = line_time_new(
		    format, conf->ansi == CONF_ANSI_KEEP, &stream->line_time);
	if (stream->line_time != NULL)
		stream->times =
		    (struct record_times){line_time_size_max(stream->line_time),
			line_time_read, stream->line_time};
	return error == -ENOMEM ? error : 0;
}

static int
make_source(struct stream *stream, uint64_t random, const struct stream *leader)
{
	const struct stream_conf *conf = stream->conf;
	struct source_options options = {
	    .clock = stream->clock,
	    .record_size_max = conf->record_size_max,
	    .rule = &stream->rule,
	    .ids = &stream->record_ids,
	    .generations = conf->generations,
	    .listing = stream->listing,
	    .replay_size = conf->replay_size,
	    .rotate_wait_ms = conf->rotate_wait_ms,
	    .follow = conf->follow,
	    .epoch = epoch_of(random),
	    .unwatched = leader != NULL || !conf->follow,
	    .ops = leader != NULL ? stream_source(leader) : conf->source_ops,
	};
	const struct joiner_options joining = {
	    .clock = stream->clock,
	    .rule = &stream->rule,
	    .record_size_max = conf->record_size_max,
	    .wait_ms = conf->record_wait_ms,
	    .has_context = filter_is_set(&stream->format.filter),
	};
	int error = make_rule(stream);

	if (error == 0)
		error = make_search(stream);
	if (stream->line_time != NULL)
		options.times = &stream->times;
	if (error == 0)
		error = source_new(conf->source, &options, &stream->source);
	if (error != 0)
		return error;
	joiner_init(&stream->joiner, stream->source, &joining);
	stream->beginning =
	    (struct beginning){.conf = conf, .source = stream->source};
	return 0;
}

static int
make_listing(struct stream *stream, struct listing_cache *shared)
{
	int error;

	stream->listing = shared;
	if (shared != NULL)
		return 0;
	error = listing_cache_new(stream->conf->source,
	    stream->conf->generations, NULL, &stream->own_listing);

	stream->listing = stream->own_listing;
	/* A source with such names cannot be started, and says so. */
	return error == -EINVAL ? 0 : error;
}

static struct stream *
make_stream(const struct stream_conf *conf, const struct sse_clock *clock)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL)
		return NULL;
	stream->conf = conf;
	stream->clock = clock;
	format_init(&stream->format, conf);
	return stream;
}

int
stream_new(const struct stream_conf *conf, const struct sse_clock *clock,
    uint64_t random, struct listing_cache *listing, struct stream **ret_stream)
{
	struct stream *stream = make_stream(conf, clock);

	if (stream == NULL || make_listing(stream, listing) != 0 ||
	    make_source(stream, random, NULL) != 0) {
		stream_free(stream);
		return -ENOMEM;
	}
	*ret_stream = stream;
	return 0;
}

int
stream_new_private(const struct stream *leader, struct listing_cache *listing,
    struct stream **ret_stream)
{
	struct stream *stream = make_stream(leader->conf, leader->clock);

	if (stream != NULL)
		stream->listing = listing;
	if (stream == NULL || make_source(stream, 0, leader) != 0) {
		stream_free(stream);
		return -ENOMEM;
	}
	*ret_stream = stream;
	return 0;
}

void
stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	joiner_done(&stream->joiner);
	source_free(stream->source);
	record_start_free(stream->record_start);
	line_time_free(stream->line_time);
	listing_cache_free(stream->own_listing);
	format_done(&stream->format);
	free(stream);
}

/* A step of the beginning was made: the records begin when it is the last. */
static int
note_step(struct stream *stream, bool had_started, int got)
{
	if (had_started || !stream->beginning.started)
		return got;
	stream->fresh = true;
	stream->holds = false;
	joiner_restart(&stream->joiner);
	unsent_init(&stream->unsent, stream->clock, stream->conf->heartbeat_ms);
	return got;
}

int
stream_start(struct stream *stream, const struct stream_wish *wish)
{
	return note_step(
	    stream, false, beginning_at_wish(&stream->beginning, wish));
}

int
stream_start_newest(struct stream *stream, uint64_t records)
{
	return note_step(
	    stream, false, beginning_at_newest(&stream->beginning, records));
}

int
stream_start_at(struct stream *stream, const struct sse_position *position)
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

struct sse_position
stream_position(const struct stream *stream)
{
	if (!stream->beginning.started)
		return (struct sse_position){0};
	return joiner_position(&stream->joiner);
}

bool
stream_is_done(const struct stream *stream)
{
	return stream->beginning.done;
}

bool
stream_owes_gap(const struct stream *stream)
{
	return stream->beginning.started && joiner_owes_gap(&stream->joiner);
}

bool
stream_has_given_all(const struct stream *stream)
{
	return stream->beginning.started && !stream->holds &&
	       joiner_has_given_all(&stream->joiner);
}

bool
stream_can_end(const struct stream *stream)
{
	return source_can_end(stream->source);
}

const struct source_ops *
stream_source(const struct stream *stream)
{
	return source_ops(stream->source);
}

/* Only where ids are positions: another one would take a record's place. */
static struct sse_slice
position_id(struct stream *stream, const struct sse_position *position)
{
	if (stream->conf->ids != CONF_IDS_POSITION)
		return sse_slice(NULL);
	return source_id(stream->source, position);
}

/* Why the reader has nothing to read yet; 0: it has, or is about to. */
static int
waits_for(const struct stream *stream)
{
	struct source_poll poll = stream_poll(stream);

	return poll.awaited ? poll.error : 0;
}

/* What the first event says of a wait, and what will have to be said later. */
static const char *
begin_wait(struct stream *stream)
{
	int error = waits_for(stream);

	if (!stream->beginning.started)
		stream->owes_id = true;
	if (!stream->has_begun)
		stream->told_wait = error;
	stream->has_begun = true;
	return error != 0 ? stream_wait_text(error) : "";
}

void
stream_first(
    struct stream *stream, uint64_t random, struct sse_event *ret_event)
{
	const struct stream_conf *conf = stream->conf;
	const char *wait = begin_wait(stream);
	struct sse_position position = {0};
	int64_t spread = (int64_t)(random % (uint64_t)(conf->retry_ms + 1));
	int64_t retry_ms = conf->retry_ms + spread;
	bool has_id = stream->beginning.started && !stream_owes_gap(stream);

	if (has_id)
		position = joiner_position(&stream->joiner);
	/* mod_deflate looks 68 bytes ahead: the comment takes it past that. */
	(void)snprintf(stream->comment, sizeof(stream->comment),
	    "ssekit " PACKAGE_VERSION ": a comment like this one after each "
	    "%" PRId64 " ms of silence keeps the connection open%s%s",
	    conf->heartbeat_ms, wait[0] != '\0' ? "\n" : "", wait);
	*ret_event = (struct sse_event){
	    .comment = sse_slice(stream->comment),
	    .id = has_id ? position_id(stream, &position) : sse_slice(NULL),
	    .has_retry = true,
	    .retry_ms =
		retry_ms < SSE_RETRY_MS_MAX ? retry_ms : SSE_RETRY_MS_MAX,
	};
}

/* The event of an item that is no record; its id comes later. */
static void
make_event(struct stream *stream, const struct source_item *item,
    struct stream_item *ret_item)
{
	struct sse_event *event = &ret_item->event;

	*ret_item = (struct stream_item){.kind = STREAM_NOTE};
	switch (item->kind) {
	case SOURCE_GAP:
		ret_item->kind = STREAM_GAP;
		ret_item->gap = item->reason;
		event->type = sse_slice("gap");
		event->data =
		    gap_data(stream->gap, item->reason, item->skipped, "bytes");
		event->comment = sse_slice(item->comment);
		break;
	case SOURCE_END:
		ret_item->kind = STREAM_END;
		event->type = sse_slice("end");
		event->data = sse_slice("");
		event->id = sse_slice(STREAM_END_ID);
		stream->ended = true;
		break;
	case SOURCE_RECORD:
	case SOURCE_MARK:
		break;
	}
}

/* The event of a record: 1; 0 when nothing is to be sent of it; -ENOMEM. */
static int
make_record(struct stream *stream, const struct record *record,
    struct stream_item *ret_item)
{
	int got = format_event(&stream->format, record, &ret_item->event);

	if (got <= 0)
		return got;
	ret_item->kind =
	    got == FORMAT_LEFT_OUT ? STREAM_LEFT_OUT : STREAM_RECORD;
	ret_item->cut = got == FORMAT_EVENT && record->left_out > 0;
	ret_item->gap = GAP_NONE;
	return 1;
}

/* The event of an item: 1; 0 when it is not to be sent; -ENOMEM. */
static int
give(struct stream *stream, const struct source_item *item,
    struct stream_item *ret_item)
{
	bool positions = stream->conf->ids == CONF_IDS_POSITION;
	int got = 1;

	if (item->kind == SOURCE_RECORD)
		got = make_record(stream, &item->record, ret_item);
	else if (item->kind == SOURCE_MARK && !positions)
		return 0; /* it is its id, and nothing else */
	else
		make_event(stream, item, ret_item);
	if (got == 1 && item->has_position && positions)
		ret_item->event.id = position_id(stream, &item->position);
	return got;
}

/* What is said beside the records. */
static struct stream_item
note(struct sse_slice id, struct sse_slice comment)
{
	return (struct stream_item){
	    .kind = STREAM_NOTE, .event = {.id = id, .comment = comment}};
}

/* A record was not sent: the client's id will be told of it. */
static void
pass_over(struct stream *stream, const struct source_item *item)
{
	if (item->has_position && stream->conf->ids == CONF_IDS_POSITION)
		unsent_move(&stream->unsent, &item->position);
}

/* Whether some records may not be sent. */
static bool
is_filtered(const struct stream *stream)
{
	return filter_is_set(&stream->format.filter) ||
	       stream->conf->format == CONF_FORMAT_SSE;
}

static void
note_told(struct stream *stream, bool has_id)
{
	if (is_filtered(stream))
		unsent_tell(&stream->unsent, has_id);
}

/* After a heartbeat's time in which nothing was sent the position is told. */
static int
tell_unsent(struct stream *stream, struct stream_item *ret_item)
{
	if (unsent_left_ms(&stream->unsent) > 0)
		return 0;
	*ret_item = note(
	    position_id(stream, &stream->unsent.position), sse_slice(NULL));
	note_told(stream, true);
	return 1;
}

/* The client waits for something else than what it was told: 1 or 0. */
static int
tell_wait(struct stream *stream, struct stream_item *ret_item)
{
	int error = waits_for(stream);
	bool is_news = error != 0 && error != stream->told_wait;

	if (error == RESULT_UNSETTLED || !stream->has_begun)
		return 0;
	stream->told_wait = error;
	if (!is_news)
		return 0;
	*ret_item = note(sse_slice(NULL), sse_slice(stream_wait_text(error)));
	return 1;
}

/* The id that the first event did not have: 1, or 0 when there is none. */
static int
tell_start(struct stream *stream, struct stream_item *ret_item)
{
	struct sse_position position;

	stream->owes_id = false;
	if (stream_owes_gap(stream))
		return 0;
	position = joiner_position(&stream->joiner);
	*ret_item = note(position_id(stream, &position), sse_slice(NULL));
	return ret_item->event.id.data != NULL;
}

/* Another step towards the start: as stream_next(). */
static int
start_later(struct stream *stream, struct stream_item *ret_item)
{
	int got = stream_go_on_starting(stream);

	if (got == -ENOMEM || stream->beginning.started)
		return got == -ENOMEM ? got : 0;
	return tell_wait(stream, ret_item);
}

/* What there was no memory for, or the next. */
static int
next_item(struct stream *stream, struct source_item *ret_item)
{
	if (!stream->holds)
		return joiner_next(&stream->joiner, ret_item);
	*ret_item = stream->held;
	return 1;
}

/* There was no memory for its event: as give(). */
static int
hold(struct stream *stream, const struct source_item *item,
    struct stream_item *ret_item)
{
	int64_t now_ms = sse_clock_monotonic_ms(stream->clock);

	if (!stream->holds) {
		stream->held = *item;
		stream->held_ms = now_ms;
	}
	stream->holds = now_ms - stream->held_ms < STREAM_MEMORY_WAIT_MS;
	if (stream->holds)
		return -ENOMEM;
	*ret_item = (struct stream_item){.gap = GAP_NONE};
	if (item->has_position && stream->conf->ids == CONF_IDS_POSITION)
		ret_item->event.id = position_id(stream, &item->position);
	stream_leave_out(stream, ret_item, -ENOMEM);
	return 1;
}

/* As give(), which is tried again where there was no memory. */
static int
try_to_give(struct stream *stream, const struct source_item *item,
    struct stream_item *ret_item)
{
	int got = give(stream, item, ret_item);

	if (got == -ENOMEM)
		return hold(stream, item, ret_item);
	stream->holds = false;
	return got;
}

int
stream_next(struct stream *stream, struct stream_item *ret_item)
{
	struct source_item item; /* zeros would cost more than what follows */
	struct budget budget = {NULL, 0};
	size_t passed_over = 0;
	bool over = false;
	int got = 0;

	if (stream->ended)
		return 0;
	if (!stream->beginning.started)
		return start_later(stream, ret_item);
	stream->fresh = false;
	if (stream->owes_id && tell_start(stream, ret_item) == 1)
		return 1;
	while (passed_over < PASSED_OVER_MAX && !over &&
	       (got = next_item(stream, &item)) == 1) {
		got = try_to_give(stream, &item, ret_item);
		if (got == 1)
			note_told(stream, ret_item->event.id.data != NULL);
		if (got != 0)
			return got;
		if (item.kind == SOURCE_RECORD) {
			pass_over(stream, &item);
			if (passed_over == 0)
				budget = budget_begin(
				    stream->clock, PASSING_OVER_MS);
			else
				over = budget_is_over(&budget);
			passed_over +=
			    item.record.text.size + PASSED_OVER_RECORD;
		}
	}
	stream->busy = passed_over >= PASSED_OVER_MAX || over;
	if (got == 0)
		got = tell_unsent(stream, ret_item);
	return got == 0 ? tell_wait(stream, ret_item) : got;
}

void
stream_forget(struct stream *stream)
{
	format_forget(&stream->format);
}

void
stream_follow(struct stream *stream, const struct stream *leader)
{
	source_follow(stream->source, leader->source);
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
	if (stream->holds || leader->holds ||
	    !joiner_meets(&stream->joiner, &leader->joiner))
		return false;
	if (!stream->unsent.is_set)
		return true;
	/* The leader may have told of these records before: now. */
	unsent_hurry(&stream->unsent);
	return false;
}

void
stream_leave_out(struct stream *stream, struct stream_item *item, int error)
{
	struct sse_event told = {.id = item->event.id};

	if (sse_event_check(&told) != 0)
		told.id = sse_slice(NULL);
	snprintf(stream->left_out, sizeof(stream->left_out),
	    "an event left out: it cannot be sent (%s)", strerror(-error));
	told.comment = sse_slice(stream->left_out);
	item->event = told;
	item->kind = STREAM_LEFT_OUT;
}

bool
stream_ended(const struct stream *stream)
{
	return stream->ended;
}

/* Before it has started: it goes on, or tries again after a while. */
static struct source_poll
poll_for_start(const struct beginning *beginning)
{
	struct source_poll poll = {.fd = -1, .error = beginning->error};

	if (beginning->starting)
		poll = source_poll(beginning->source);
	else if (beginning->error != 0)
		poll.timeout_ms = WATCH_POLL_MS;
	poll.awaited = true;
	return poll;
}

struct source_poll
stream_poll(const struct stream *stream)
{
	struct source_poll poll;
	int64_t left_ms;

	if (!stream->beginning.started)
		return poll_for_start(&stream->beginning);
	poll = joiner_poll(&stream->joiner);
	left_ms = unsent_left_ms(&stream->unsent);
	if (left_ms < poll.timeout_ms)
		poll.timeout_ms = left_ms < 0 ? 0 : left_ms;
	if (stream->fresh || stream->busy)
		poll.timeout_ms = 0;
	if (stream->holds) {
		poll.timeout_ms = MEMORY_LOOK_MS;
		poll.error = -ENOMEM;
	}
	return poll;
}

/* Looks again: nobody keeps the words as long as nobody asks. */
static const char *
refusal_text(const struct stream_conf *conf, char room[STREAM_ERROR_SIZE_MAX])
{
	char *path = log_names_unescape(conf->source);
	bool explained = path != NULL && walk_explain(path, room);

	free(path);
	return explained ? room
			 : "A symbolic link on the way to it is not followed";
}

/* The error, and what on the way to the source it is of. */
static const char *
explained(const struct stream_conf *conf, int error, const char *text,
    char room[STREAM_ERROR_SIZE_MAX])
{
	char clause[OBSTACLE_TEXT_SIZE_MAX];

	if (!obstacle_explain_source(conf->source, error, clause))
		return text;
	(void)snprintf(room, STREAM_ERROR_SIZE_MAX, "%s: %s", text, clause);
	return room;
}

const char *
stream_error_text(
    const struct stream_conf *conf, int error, char room[STREAM_ERROR_SIZE_MAX])
{
	switch (error) {
	case RESULT_WRONG_KIND:
		return explained(conf, error,
		    "Neither a regular file nor a FIFO, or no longer what "
		    "it was",
		    room);
	case RESULT_REFUSED:
		return refusal_text(conf, room);
	case RESULT_BUSY:
		return "Another process reads this FIFO";
	case RESULT_CHANGED:
	case RESULT_UNSETTLED:
		return "The file changes all the time";
	case RESULT_NONE:
		return "Nothing was found";
	default:
		return explained(conf, error, strerror(-error), room);
	}
}

bool
stream_error_waits(int error)
{
	return error == -ENOENT || error == -EACCES;
}

const char *
stream_wait_text(int error)
{
	if (error == -ENOENT)
		return "waiting for the log: it does not exist yet";
	if (error == -EACCES)
		return "waiting for the log: it may not be read "
		       "(Permission denied)";
	return "waiting for the log: it cannot be read";
}

bool
stream_is_starting(const struct stream *stream)
{
	const struct beginning *beginning = &stream->beginning;

	return !beginning->started && !beginning->done && beginning->error == 0;
}

int
stream_start_error(const struct stream *stream)
{
	return stream->beginning.started ? 0 : stream->beginning.error;
}

bool
stream_may_wait(
    const struct stream_conf *conf, const struct stream_wish *wish, int error)
{
	if (error == 0 || error == -ENOMEM || error == RESULT_BUSY)
		return false;
	if (wish->last_event_id.size > 0)
		return true;
	return conf->follow &&
	       (stream_error_waits(error) || error == RESULT_UNSETTLED ||
		   error == -EAGAIN);
}
