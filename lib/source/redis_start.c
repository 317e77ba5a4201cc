/*
 * redis_start.c - where a reader begins in a Redis Stream.
 */
#include "config.h"

#include "source/redis_start.h"

#include <assert.h>
#include <errno.h>

/* --------------------------------------------------------------- batch -- */

unsigned
redis_batch_next(unsigned asked, uint64_t got, uint64_t size)
{
	uint64_t each = got > 0 ? size / got + 1 : 1;
	uint64_t next = REDIS_BATCH_SIZE / each;

	/* It may be chance that the first ones are short. */
	if (next > 4 * (uint64_t)asked)
		next = 4 * (uint64_t)asked;
	if (next > REDIS_BATCH_MAX)
		next = REDIS_BATCH_MAX;
	return next > 0 ? (unsigned)next : 1;
}

/* ----------------------------------------------------------- beginning -- */

static void
begin_at_records(struct redis_start *start, uint64_t records)
{
	start->records_left = records;
	start->position = redis_position_begin(0);
	start->phase = records == 0 ? REDIS_START_SETTLE : REDIS_START_WALK;
	start->at_newest = records == 0;
}

static void
begin_at_position(struct redis_start *start)
{
	start->has_position = true;
	start->records_left = SOURCE_RECORDS_ALL;
	start->phase = REDIS_START_PROVE;
}

static void
begin_at_time(struct redis_start *start, int64_t time_ms)
{
	start->records_left = SOURCE_RECORDS_ALL;
	start->phase = REDIS_START_WALK;
	start->position = redis_position_begin(0);
	if (time_ms <= 0)
		return;
	start->phase = REDIS_START_SETTLE;
	start->beside = true;
	start->bound = (struct redis_id){(uint64_t)time_ms, 0};
}

void
redis_start_begin(struct redis_start *start, const struct source_start *wanted,
    uint64_t replay_size)
{
	enum gap_reason gap = wanted->gap;

	*start = (struct redis_start){
	    .gaps.comment = wanted->comment,
	    .is_ours = wanted->is_ours,
	    .replay_size = replay_size,
	    .size_left = replay_size,
	    .count = 1,
	};
	if (wanted->id.size > 0 && !wanted->is_record_id &&
	    redis_position_parse(wanted->id, &start->position) == 0)
		begin_at_position(start);
	else if (wanted->id.size > 0) {
		gap = GAP_UNKNOWN;
		begin_at_records(start, wanted->records);
	} else if (wanted->has_time)
		begin_at_time(start, wanted->time_ms);
	else if (wanted->position != NULL) {
		start->position = redis_position_unpack(wanted->position);
		begin_at_position(start);
	} else
		begin_at_records(start, wanted->records);
	gap_queue_add(&start->gaps, gap, SOURCE_SKIPPED_UNKNOWN);
}

/* ------------------------------------------------------------- settling -- */

bool
redis_start_settles(
    const struct redis_loss *loss, const struct redis_look *look)
{
	return loss->reason != GAP_NONE && look->exists &&
	       !loss->position.has_ordinal;
}

void
redis_start_settle(struct redis_start *start, const struct redis_id *id)
{
	start->phase = REDIS_START_SETTLE;
	start->at_newest = start->beside = false;
	start->bound = *id;
	start->has_deleted = start->has_begun = false;
	start->newer = 0;
	start->count = 1;
	if (start->is_ours) {
		start->records_left = SOURCE_RECORDS_ALL;
		start->size_left = REDIS_NUMBERED_SIZE;
	}
}

/* Where nothing is before the bound. */
static struct redis_position
position_before_all(
    const struct redis_start *start, const struct redis_answer *answer)
{
	const struct redis_look *look = &answer->look;
	struct redis_position position =
	    redis_position_begin(redis_look_deleted(look));

	/* All that ever was is deleted. */
	if (start->at_newest && look->has_added) {
		position.id = look->last;
		position.ordinal = look->added;
	}
	return position;
}

static struct redis_position
position_at(const struct redis_entry *entry, const struct redis_answer *answer)
{
	const struct redis_look *look = &answer->look;
	struct redis_position position = {
	    .id = entry->id,
	    .check = redis_entry_check(entry),
	    .has_check = true,
	};

	if (!look->has_added || !answer->is_filled)
		return position;
	position.has_ordinal = true;
	if (redis_id_compare(&entry->id, &answer->newest) == 0)
		position.ordinal = look->added;
	else if (redis_id_compare(&entry->id, &answer->first) == 0)
		position.ordinal = redis_look_deleted(look) + 1;
	else
		position.has_ordinal = false;
	return position;
}

/* Our own place is gone on at when its number is known, if it can be. */
static bool
is_settled(const struct redis_start *start, const struct redis_answer *answer)
{
	return start->at_newest ||
	       (start->is_ours &&
		   (start->position.has_ordinal || !answer->look.has_added));
}

static int
take_settled(struct redis_start *start, const struct redis_answer *answer)
{
	struct redis_entry entry;

	if (answer->count == 0) {
		start->position = position_before_all(start, answer);
	} else {
		if (redis_entry_read(&answer->entries->items[0], &entry) != 0)
			return -EPROTO;
		start->position = position_at(&entry, answer);
	}
	if (!start->at_newest && !start->beside)
		redis_position_set_apart(&start->position);
	start->phase =
	    is_settled(start, answer) ? REDIS_START_DONE : REDIS_START_WALK;
	return 0;
}

/* ------------------------------------------------------------- walking -- */

/* The number of the entry that comes next on the way back. */
static void
number(const struct redis_start *start, struct redis_position *position)
{
	position->has_ordinal =
	    start->has_added && start->added >= start->newer;
	position->ordinal =
	    position->has_ordinal ? start->added - start->newer : 0;
}

/* What is behind the entry is given, and it is not. */
static int
cut(struct redis_start *start, const struct redis_entry *entry, bool is_limit)
{
	const struct redis_position floor = start->position;
	uint64_t skipped = SOURCE_SKIPPED_UNKNOWN;
	struct redis_position position = {
	    .id = entry->id,
	    .check = redis_entry_check(entry),
	    .has_check = true,
	};

	number(start, &position);
	if (floor.has_ordinal && position.has_ordinal &&
	    position.ordinal > floor.ordinal)
		skipped = position.ordinal - floor.ordinal;
	if (is_limit)
		gap_queue_add(&start->gaps, GAP_LIMIT, skipped);
	start->position = position;
	start->phase = REDIS_START_DONE;
	return 0;
}

static void
number_beginning(
    struct redis_position *position, const struct redis_answer *answer)
{
	position->has_ordinal = true;
	position->ordinal = redis_look_deleted(&answer->look);
}

/*
 * The number is that of the entry before the last one that was passed.  Where
 * entries were deleted meanwhile, and the place is not there any more, those
 * between both may have been among them.
 */
static void
number_place(const struct redis_start *start, const struct redis_look *look,
    struct redis_position *position)
{
	uint64_t deleted = redis_look_deleted(look);

	number(start, position);
	if (!start->has_deleted ||
	    (deleted != start->deleted && deleted >= position->ordinal))
		position->has_ordinal = false;
}

/* There is no more up to where it may begin. */
static int
reach(struct redis_start *start, const struct redis_answer *answer)
{
	struct redis_position *position = &start->position;

	if (redis_position_is_beginning(position))
		number_beginning(position, answer);
	else if (!position->has_ordinal)
		number_place(start, &answer->look, position);
	start->phase = REDIS_START_DONE;
	return 0;
}

/* At the first step: what comes later is new. */
static void
begin_to_walk(struct redis_start *start, const struct redis_answer *answer)
{
	if (start->has_begun)
		return;
	start->has_begun = true;
	start->has_added = answer->look.has_added;
	start->added = answer->look.added;
	/* Those before the first that is there cannot be skipped. */
	if (redis_position_is_beginning(&start->position))
		number_beginning(&start->position, answer);
}

/* There is no room for the entry: our own place has no number then. */
static int
stop(struct redis_start *start, const struct redis_entry *entry)
{
	if (!start->is_ours)
		return cut(
		    start, entry, start->records_left == SOURCE_RECORDS_ALL);
	start->phase = REDIS_START_DONE;
	return 0;
}

static int
take_walk(struct redis_start *start, const struct redis_answer *answer)
{
	uint64_t sizes = 0;

	begin_to_walk(start, answer);
	if (answer->is_cut && start->count > 1) {
		start->count = 1;
		return RESULT_PARTIAL;
	}
	for (size_t i = 0; i < answer->count; i++) {
		struct redis_entry entry;
		uint64_t size;

		if (redis_entry_read(&answer->entries->items[i], &entry) != 0)
			return -EPROTO;
		/* One that is too large is not given, and counts. */
		size = answer->is_cut ? 0 : redis_entry_size(&entry);
		if (start->records_left == 0 || size > start->size_left)
			return stop(start, &entry);
		start->records_left -=
		    start->records_left != SOURCE_RECORDS_ALL;
		start->size_left -= size;
		start->newer++;
		start->next = entry.id;
		sizes += size;
	}
	if (answer->sent < start->count && answer->count == answer->sent)
		return reach(start, answer);
	start->count = answer->is_cut ? 1
				      : redis_batch_next(
					    start->count, answer->count, sizes);
	return RESULT_PARTIAL;
}

/* ------------------------------------------------------------- proving -- */

static int
take_proof(struct redis_start *start, const struct redis_answer *answer)
{
	const struct redis_look *look = &answer->look;
	struct redis_loss loss = redis_loss_judge(&start->position, look);

	gap_queue_add(&start->gaps, loss.reason, loss.skipped);
	start->position = loss.position;
	start->phase = start->is_ours ? REDIS_START_DONE : REDIS_START_WALK;
	if (!look->exists || (look->has_added && loss.position.has_ordinal &&
				 loss.position.ordinal == look->added))
		start->phase = REDIS_START_DONE;
	if (redis_start_settles(&loss, look))
		redis_start_settle(start, &loss.position.id);
	return 0;
}

/* ----------------------------------------------------------- questions -- */

static void
settle_question(const struct redis_start *start, struct redis_range *ret_range)
{
	ret_range->backwards = true;
	ret_range->count = 1;
	redis_bound_open(ret_range->to, '-');
	if (start->at_newest)
		redis_bound_open(ret_range->from, '+');
	else if (start->beside)
		redis_bound_beside(ret_range->from, &start->bound);
	else
		redis_bound_at(ret_range->from, &start->bound);
}

static void
walk_question(const struct redis_start *start, struct redis_range *ret_range)
{
	ret_range->backwards = true;
	ret_range->count = start->count;
	if (start->newer == 0)
		redis_bound_open(ret_range->from, '+');
	else
		redis_bound_beside(ret_range->from, &start->next);
	if (redis_position_is_beginning(&start->position))
		redis_bound_open(ret_range->to, '-');
	else
		redis_range_behind(ret_range, &start->position.id);
}

void
redis_start_question(
    const struct redis_start *start, struct redis_question *ret_question)
{
	*ret_question = (struct redis_question){.waits = false};
	switch (start->phase) {
	case REDIS_START_PROVE:
		ret_question->proves = true;
		ret_question->id = start->position.id;
		break;
	case REDIS_START_SETTLE:
		settle_question(start, &ret_question->range);
		break;
	case REDIS_START_WALK:
		walk_question(start, &ret_question->range);
		break;
	case REDIS_START_DONE:
		assert(false);
	}
}

int
redis_start_take(struct redis_start *start, const struct redis_answer *answer)
{
	int error = 0;

	if (!start->has_deleted && answer->look.has_added) {
		start->has_deleted = true;
		start->deleted = redis_look_deleted(&answer->look);
	}
	switch (start->phase) {
	case REDIS_START_PROVE:
		error = take_proof(start, answer);
		break;
	case REDIS_START_SETTLE:
		error = take_settled(start, answer);
		break;
	case REDIS_START_WALK:
		error = take_walk(start, answer);
		break;
	case REDIS_START_DONE:
		break;
	}
	if (error != 0)
		return error;
	return start->phase == REDIS_START_DONE ? 0 : RESULT_PARTIAL;
}
