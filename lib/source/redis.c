/*
 * redis.c - a Redis Stream as a source.
 */
#include "config.h"

#include "source/redis.h"

#include <errno.h>
#include <stdlib.h>

#include "source/redis_check.h"
#include "source/redis_reading.h"
#include "source/redis_record.h"
#include "source/redis_trouble.h"

#define TURNS_MAX 3 /* answers that are taken in one call */

struct redis {
	struct redis_endpoint endpoint;
	struct redis_reading reading;
	const char *field; /* as configured */
	uint64_t replay_size;
	struct entry entry;
	struct sse_position_text id;
};

static void
free_redis(void *self)
{
	struct redis *redis = self;

	if (redis == NULL)
		return;
	redis_reading_done(&redis->reading);
	redis_endpoint_done(&redis->endpoint);
	entry_done(&redis->entry);
	free(redis);
}

static int
new_redis(
    const char *text, const struct source_options *options, void **ret_self)
{
	struct redis *redis = calloc(1, sizeof(*redis));
	const char *reason;
	int error;

	if (redis == NULL)
		return -ENOMEM;
	redis->field = options->field;
	redis->replay_size = options->replay_size;
	entry_init(&redis->entry, options->record_size_max);
	redis_reading_init(&redis->reading, &redis->endpoint, options);
	error = redis_endpoint_parse(text, &redis->endpoint, &reason);
	if (error != 0)
		free_redis(redis);
	else
		*ret_self = redis;
	return error;
}

static int
step(void *self)
{
	struct redis *redis = self;
	struct redis_reading *reading = &redis->reading;
	int got = 1;

	for (int i = 0; got == 1 && i < TURNS_MAX && !reading->started; i++)
		got = redis_reading_turn(reading);
	return reading->started ? 0 : RESULT_PARTIAL;
}

static int
start_redis(void *self, const struct source_start *wanted)
{
	struct redis *redis = self;

	redis_start_begin(&redis->reading.start, wanted, redis->replay_size);
	return step(redis);
}

/* ---------------------------------------------------------------- items -- */

static struct source_position
position_of(const void *self)
{
	const struct redis *redis = self;

	return redis_position_pack(&redis->reading.position);
}

static bool
take_gap(struct redis *redis, struct source_item *ret_item)
{
	struct gap gap;

	if (!gap_queue_take(&redis->reading.gaps, &gap))
		return false;
	*ret_item = source_item_gap(&gap, position_of(redis));
	return true;
}

static int
give_record(struct redis *redis, struct source_item *ret_item)
{
	struct redis_reading *reading = &redis->reading;
	struct redis_position position;
	struct redis_entry entry;
	int error;

	redis_batch_look(&reading->batch, &entry, &position);
	*ret_item =
	    (struct source_item){.kind = SOURCE_RECORD, .has_position = true};
	error = redis_record_make(
	    &redis->entry, redis->field, entry.fields, &ret_item->record);
	if (error != 0)
		return error;
	redis_batch_move(&reading->batch);
	reading->position = position;
	ret_item->position = position_of(redis);
	return 1;
}

static int
next_item(void *self, struct source_item *ret_item)
{
	struct redis *redis = self;
	struct redis_reading *reading = &redis->reading;
	int got = 1;

	for (int i = 0; i <= TURNS_MAX && got == 1; i++) {
		/* A place that is not settled may not be come back to. */
		if (!redis_reading_seeks(reading) && take_gap(redis, ret_item))
			return 1;
		if (!redis_batch_is_empty(&reading->batch))
			return give_record(redis, ret_item);
		if (redis_reading_is_at_end(reading)) {
			*ret_item = source_item_end();
			return 1;
		}
		got = redis_reading_turn(reading);
	}
	return got == 0 ? 0 : RESULT_PARTIAL;
}

static struct source_poll
poll_of(const void *self)
{
	const struct redis *redis = self;

	return redis_reading_poll(&redis->reading);
}

static struct sse_slice
id_of(void *self, const struct source_position *position)
{
	struct redis *redis = self;
	const struct redis_position plain = redis_position_unpack(position);

	return redis_position_text(&redis->id, &plain);
}

static bool
owes_gap(const void *self)
{
	const struct redis *redis = self;

	return !gap_queue_is_empty(&redis->reading.gaps);
}

static bool
has_given_all(const void *self)
{
	const struct redis *redis = self;

	return redis->reading.started && redis->reading.reached &&
	       redis_batch_is_empty(&redis->reading.batch);
}

static bool
unread(const void *self, uint64_t *ret_count)
{
	const struct redis *redis = self;

	return redis_reading_unread(&redis->reading, ret_count);
}

static bool
is_done(const void *self)
{
	const struct redis *redis = self;

	return redis->reading.start.has_position &&
	       redis_reading_is_at_end(&redis->reading);
}

/* -------------------------------------------------------------- joining -- */

/* It is asked before each turn, so what the leader is then is enough. */
static void
follow(void *self, const void *leader)
{
	struct redis *redis = self;
	const struct redis *other = leader;
	struct redis_leader *kept = &redis->reading.leader;

	kept->is_there = other != NULL && other->reading.started &&
			 !owes_gap(other) &&
			 !redis_reading_seeks(&other->reading);
	if (kept->is_there)
		kept->position = other->reading.position;
}

static bool
meets(void *self)
{
	const struct redis *redis = self;
	const struct redis_reading *reading = &redis->reading;

	return reading->leader.is_there && !redis_reading_seeks(reading) &&
	       redis_batch_is_empty(&reading->batch) && !owes_gap(redis) &&
	       redis_id_compare(
		   &reading->position.id, &reading->leader.position.id) == 0;
}

const struct source_ops redis_ops = {
    .is_durable = true,
    .unit = "records",
    .scheme = REDIS_SCHEME,
    .keys = SOURCE_KEY_FIELD | SOURCE_KEY_USER | SOURCE_KEY_PASSWORD_FILE,
    .default_name = redis_default_name,
    .check_key = redis_check_key,
    .check = redis_check,
    .explain = redis_trouble_explain,
    .reach = redis_reach,
    .has_times = true,
    .is_remote = true,
    .peek = redis_peek,
    .new = new_redis,
    .free = free_redis,
    .start = start_redis,
    .step = step,
    .next = next_item,
    .poll = poll_of,
    .position = position_of,
    .id = id_of,
    .owes_gap = owes_gap,
    .has_given_all = has_given_all,
    .unread = unread,
    .is_done = is_done,
    .follow = follow,
    .meets = meets,
};
