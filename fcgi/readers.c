/*
 * readers.c - whose turn it is.
 *
 * Turns are of time, whatever comes of them: readers work for READERS_TURN_US,
 * one after the other; then the others of the loop have theirs, and it goes on
 * with the next reader.  One record may take longer than that, so a hub that is
 * told of something new works in the middle of it, and between two runs of
 * frames.
 */
#include "config.h"

#include "readers.h"

#include <assert.h>
#include <errno.h>

#include "base/shortage.h"
#include "reader_run.h"

#define FRAMES_MAX (512 << 20) /* bytes; a frame of record-max is less */

static int64_t
now_ms(const struct readers *readers)
{
	return sse_clock_monotonic_ms(readers->clock);
}

/* --------------------------------------------------------------- turns -- */

/* Whether it has read for its quantum, or its client takes nothing. */
static bool
had_its_turn(const struct reader *reader, int64_t now)
{
	return reader->client->blocked ||
	       now - reader->tried_ms >= READER_QUANTUM_MS ||
	       reader->quantum_size >= READER_QUANTUM_SIZE;
}

/*
 * What is owed to it, as a gap, and a search go before: they end.  A search at
 * a server that does not answer would not: it begins anew.
 */
static bool
goes_before(const struct reader *reader)
{
	if (reader->owes_id)
		return !reader->hub->is_cut_off &&
		       stream_poll(reader->stream).error == 0;
	return stream_owes_gap(reader->stream);
}

/*
 * While others wait for its place, or for its descriptors, one that had its
 * turn goes on later.
 */
static bool
yields(struct reader *reader, int64_t now)
{
	const struct readers *readers = reader->all;

	if (TAILQ_EMPTY(&readers->waiting) ||
	    (readers->reading_count < readers->reading_max &&
		!readers->short_of) ||
	    reader->client == NULL || !had_its_turn(reader, now) ||
	    goes_before(reader))
		return false;
	if (!reader->owes_id) {
		reader->position = stream_position(reader->stream);
		reader->has_position = true;
	}
	reader_park(reader, 0);
	return true;
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

	assert(reader->list == &reader->all->waiting && !reader->reading);
	assert(reader->client != NULL);
	if (reader->hub->retired) {
		client_tell_why(reader->client, CLIENT_RELOADED);
		return TURN_ENDS;
	}
	/* A FIFO by now, which two cannot read. */
	if (!stream_source(reader->hub->feed.stream)->is_durable)
		return TURN_ENDS;
	TAILQ_REMOVE(&reader->all->waiting, reader, link);
	error = reader_begin(reader);
	reader->all->short_of = error == -EMFILE || error == -ENFILE;
	if (error == 0)
		return TURN_READS;
	reader_wait(reader);
	if (error_passes(error))
		return TURN_NOBODY;
	reader->waits = error;
	reader->tried_ms = now_ms(reader->all);
	return reader_may_wait(reader, error) ? TURN_WAITS : TURN_ENDS;
}

/*
 * Whether it is too early for one that could not start, or cannot now.  Those
 * that could not are not in the way of others, however many they are.
 */
static bool
is_early(const struct reader *reader, int64_t now)
{
	return reader->hub->is_cut_off ||
	       (reader->waits != 0 &&
		   (now - reader->tried_ms < READER_LOOK_MS ||
		       reader->all->failed >= READER_STARTS_MAX));
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
		if (readers->reading_count >= readers->reading_max)
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

/*
 * Whether all were looked at, which is no call of the system: it begins anew in
 * each turn, and only who was sent something costs of the budget.
 */
static bool
beat_list(struct reader_list *list, int64_t now, const struct budget *budget)
{
	struct reader *reader = TAILQ_FIRST(list), *next;

	for (; reader != NULL; reader = next) {
		next = TAILQ_NEXT(reader, link);
		if (reader_run_beat(reader, now) && budget_is_over(budget))
			return false;
	}
	return true;
}

/*
 * Whether all were looked at; those of the blocked could not be sent.  However
 * busy the readers are, that has a budget of its own.
 */
static bool
beat_all(struct readers *readers, int64_t now)
{
	struct budget budget;

	if (now - readers->beaten_ms < READER_LOOK_MS)
		return true;
	budget = budget_begin_us(readers->clock, READERS_BEAT_US);
	if (!beat_list(&readers->reading, now, &budget) ||
	    !beat_list(&readers->waiting, now, &budget))
		return false;
	readers->beaten_ms = now;
	return true;
}

/*
 * Those that read have their turns, whoever had the last one longest ago first,
 * and one of them in any case: whether there is more to do at once.
 */
static bool
let_read(struct readers *readers, int64_t now, const struct budget *budget)
{
	struct reader *reader;
	size_t count = readers->reading_count;
	bool more = false;

	for (size_t i = 0; i < count && !TAILQ_EMPTY(&readers->reading); i++) {
		if (i > 0 && budget_is_over(budget))
			return true;
		reader = TAILQ_FIRST(&readers->reading);
		TAILQ_REMOVE(&readers->reading, reader, link);
		reader_put(reader, &readers->reading);
		if (yields(reader, now))
			more = true;
		else
			more = reader_run_turn(reader, budget) || more;
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
	more = !beat_all(readers, now) || more;
	if (TAILQ_EMPTY(&readers->reading) && TAILQ_EMPTY(&readers->waiting)) {
		/* The longest frame may have been a large one. */
		sse_buf_done(&readers->frames);
		return;
	}
	loop_timer_set(readers->timer, more ? 0 : READER_LOOK_MS);
}

/* ---------------------------------------------------------------- life -- */

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
	assert(readers->reading_count == 0 && TAILQ_EMPTY(&readers->waiting));
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

static bool
dismiss(void *context, const struct hub *hub, const struct budget *budget)
{
	struct readers *readers = context;

	assert(hub->retired);
	return dismiss_list(&readers->reading, hub, budget) ||
	       dismiss_list(&readers->waiting, hub, budget) ||
	       dismiss_list(&readers->blocked, hub, budget);
}

static void
wake(void *context)
{
	struct readers *readers = context;

	if (!TAILQ_EMPTY(&readers->reading))
		loop_timer_set(readers->timer, 0);
}

struct hub_followers
readers_followers(struct readers *readers)
{
	return (struct hub_followers){
	    .wake = wake, .dismiss = dismiss, .context = readers};
}
