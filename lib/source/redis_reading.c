/*
 * redis_reading.c - the way through a Redis Stream.
 */
#include "config.h"

#include "source/redis_reading.h"

void
redis_reading_init(struct redis_reading *reading,
    const struct redis_endpoint *endpoint, const struct source_options *options)
{
	*reading = (struct redis_reading){
	    .clock = options->clock,
	    .follow = options->follow,
	    .is_private = options->unwatched && options->follow,
	    .batch_max = 1,
	};
	redis_session_init(&reading->session, endpoint,
	    &(struct redis_session_options){
		.clock = options->clock,
		.record_size_max = options->record_size_max,
		.user = options->user,
		.password_file = options->password_file,
	    });
}

void
redis_reading_done(struct redis_reading *reading)
{
	redis_session_done(&reading->session);
}

bool
redis_reading_seeks(const struct redis_reading *reading)
{
	return reading->start.phase != REDIS_START_DONE;
}

/* ------------------------------------------------------------ questions -- */

/* What is behind an entry, up to that end. */
static void
ask_for_more(const struct redis_reading *reading, const struct redis_id *from,
    const struct redis_id *end, struct redis_question *ret_question)
{
	struct redis_range *range = &ret_question->range;

	*ret_question = (struct redis_question){.proves = true, .id = *from};
	range->count = reading->batch_max;
	if (end != NULL)
		redis_bound_at(range->to, end);
	else
		redis_bound_open(range->to, '+');
	redis_range_behind(range, from);
}

static bool
is_due_for_a_look(const struct redis_reading *reading)
{
	return sse_clock_monotonic_ms(reading->clock) - reading->looked_ms >=
	       REDIS_BLOCK_MS;
}

/* Up to where the leader is; where it is there already, only a look. */
static bool
choose_behind_leader(
    const struct redis_reading *reading, struct redis_question *ret_question)
{
	const struct redis_id *end = &reading->leader.position.id;

	if (!reading->leader.is_there)
		return false;
	ask_for_more(reading, &reading->position.id, end, ret_question);
	if (redis_id_compare(end, &reading->position.id) > 0)
		return true;
	ret_question->range.count = 0;
	return is_due_for_a_look(reading);
}

/* Whether there is something to ask for. */
static bool
choose(const struct redis_reading *reading, struct redis_question *ret_question)
{
	if (redis_reading_seeks(reading)) {
		redis_start_question(&reading->start, ret_question);
		return true;
	}
	if (reading->is_private)
		return choose_behind_leader(reading, ret_question);
	ask_for_more(reading, &reading->position.id,
	    reading->follow ? NULL : &reading->end, ret_question);
	ret_question->waits = reading->reached;
	ret_question->behind = reading->last;
	return true;
}

static void
ask(struct redis_reading *reading, const struct redis_question *question)
{
	reading->limit = reading->leader.position;
	redis_session_ask(&reading->session, question);
}

/*
 * While what came is taken, the server looks for what is behind it.  Its answer
 * waits in the socket.
 */
static void
ask_ahead(struct redis_reading *reading)
{
	struct redis_question question;
	struct redis_id last;
	const struct redis_id *end = NULL;

	if (reading->reached || redis_batch_is_empty(&reading->batch))
		return;
	last = redis_batch_last(&reading->batch);
	if (reading->is_private)
		end = &reading->leader.position.id;
	else if (!reading->follow)
		end = &reading->end;
	if (end != NULL && redis_id_compare(end, &last) <= 0)
		return;
	ask_for_more(reading, &last, end, &question);
	ask(reading, &question);
}

/* -------------------------------------------------------------- answers -- */

static void
add_gap(struct redis_reading *reading, enum gap_reason reason, uint64_t skipped)
{
	gap_queue_add(&reading->gaps, reason, skipped);
}

/* A step towards a place to begin at, or to go on at. */
static void
take_step(struct redis_reading *reading, const struct redis_answer *answer)
{
	if (redis_start_take(&reading->start, answer) != 0)
		return;
	reading->position = reading->start.position;
	gap_queue_move(&reading->gaps, &reading->start.gaps);
	reading->started = true;
	reading->reached = false;
}

/* What is between its place and the leader's is nothing. */
static void
come_to_leader(struct redis_reading *reading, const struct redis_answer *answer)
{
	const struct redis_question *question = &reading->session.question;

	if (reading->is_private && question->range.count > 0 &&
	    answer->count == 0)
		reading->position = reading->limit;
}

/*
 * There was no room for the first entry, which may be for those that were asked
 * for with it.  Else it is left out, and told.
 */
static void
take_large(struct redis_reading *reading, unsigned asked)
{
	struct redis_entry entry;

	reading->batch_max = 1;
	if (asked > 1)
		reading->reached = false;
	else {
		redis_batch_look(&reading->batch, &entry, &reading->position);
		add_gap(reading, GAP_LIMIT, 1);
	}
	redis_batch_clear(&reading->batch);
}

static void
take_more(struct redis_reading *reading, const struct redis_answer *answer)
{
	unsigned asked = reading->session.question.range.count;
	struct redis_loss loss =
	    redis_loss_judge(&reading->position, &answer->look);

	add_gap(reading, loss.reason, loss.skipped);
	reading->position = loss.position;
	reading->last = answer->look.last;
	reading->has_added = answer->look.exists && answer->look.has_added;
	reading->added = answer->look.added;
	if (redis_start_settles(&loss, &answer->look)) {
		reading->start.is_ours = true;
		redis_start_settle(&reading->start, &loss.position.id);
		return;
	}
	if (loss.reason == GAP_NONE)
		come_to_leader(reading, answer);
	redis_batch_begin(&reading->batch, answer, &reading->position);
	reading->reached = redis_answer_is_last(answer, asked);
	if (answer->is_cut)
		take_large(reading, asked);
	else if (answer->count > 0)
		reading->batch_max = redis_batch_next(
		    asked, answer->count, redis_answer_size(answer));
	ask_ahead(reading);
}

static void
take_answer(struct redis_reading *reading, const struct redis_answer *answer)
{
	reading->looked_ms = sse_clock_monotonic_ms(reading->clock);
	if (!reading->has_end)
		reading->end = answer->look.last;
	reading->has_end = true;
	if (redis_reading_seeks(reading))
		take_step(reading, answer);
	else
		take_more(reading, answer);
}

int
redis_reading_turn(struct redis_reading *reading)
{
	struct redis_question question;
	struct redis_answer answer;
	int got;

	if (redis_session_may_ask(&reading->session) &&
	    choose(reading, &question)) {
		/* The answer comes later, and poll() says when. */
		ask(reading, &question);
		return 0;
	}
	got = redis_session_next(&reading->session, &answer);
	if (got == 1)
		take_answer(reading, &answer);
	if (got >= 0 || got == RESULT_PARTIAL)
		return got;
	/* What went wrong is what poll() says.  Then all is proven anew. */
	reading->reached = false;
	return 0;
}

bool
redis_reading_is_at_end(const struct redis_reading *reading)
{
	return !reading->follow && reading->started &&
	       redis_batch_is_empty(&reading->batch) &&
	       gap_queue_is_empty(&reading->gaps) &&
	       !redis_reading_seeks(reading) &&
	       (reading->reached ||
		   redis_id_compare(&reading->position.id, &reading->end) >= 0);
}

bool
redis_reading_unread(const struct redis_reading *reading, uint64_t *ret_count)
{
	const struct redis_position *position = &reading->position;

	if (!reading->has_added || !position->has_ordinal ||
	    redis_reading_seeks(reading) || reading->session.error != 0)
		return false;
	*ret_count = reading->added > position->ordinal
			 ? reading->added - position->ordinal
			 : 0;
	return true;
}

/* Whether it can ask for something at once. */
static bool
has_work(const struct redis_reading *reading)
{
	struct redis_question question;

	return redis_session_may_ask(&reading->session) &&
	       choose(reading, &question);
}

struct source_poll
redis_reading_poll(const struct redis_reading *reading)
{
	struct source_poll poll = redis_session_poll(&reading->session);

	if (!redis_batch_is_empty(&reading->batch) ||
	    (!gap_queue_is_empty(&reading->gaps) &&
		!redis_reading_seeks(reading)) ||
	    redis_reading_is_at_end(reading) || has_work(reading))
		poll.timeout_ms = 0;
	else if (reading->is_private && poll.timeout_ms > REDIS_BLOCK_MS)
		poll.timeout_ms = REDIS_BLOCK_MS;
	return poll;
}
