/*
 * redis_loss.c - whether anything was lost of a Redis Stream.
 */
#include "config.h"

#include "source/redis_loss.h"

uint64_t
redis_look_deleted(const struct redis_look *look)
{
	return look->added > look->length ? look->added - look->length : 0;
}

static struct redis_loss
none(const struct redis_position *position)
{
	return (struct redis_loss){
	    .reason = GAP_NONE, .skipped = 0, .position = *position};
}

/* Those behind it that are deleted were not seen. */
static struct redis_loss
rotated(const struct redis_position *position, uint64_t deleted)
{
	struct redis_loss loss = {
	    .reason = GAP_ROTATED,
	    .skipped = deleted - position->ordinal,
	    .position = *position,
	};

	loss.position.ordinal = deleted;
	return loss;
}

/*
 * What was there is not there any more.  Nothing is passed over that cannot
 * have been seen, and nothing is given again.
 */
static struct redis_loss
truncated(const struct redis_position *position, const struct redis_look *look)
{
	struct redis_loss loss = {
	    .reason = GAP_TRUNCATED,
	    .skipped = SOURCE_SKIPPED_UNKNOWN,
	};

	if (!look->exists)
		loss.position = redis_position_begin(0);
	else if (redis_id_compare(&look->last, &position->id) > 0)
		loss.position.id = position->id;
	else
		loss.position.id = look->last;
	return loss;
}

/* Its number is not known, or how many were deleted is not. */
static struct redis_loss
judge_by_id(
    const struct redis_position *position, const struct redis_look *look)
{
	int order = redis_id_compare(&look->last, &position->id);
	struct redis_loss loss = truncated(position, look);

	if (order == 0 || redis_position_is_beginning(position))
		return none(position);
	if (order > 0)
		loss.reason = GAP_ROTATED;
	return loss;
}

static struct redis_loss
judge_absent(
    const struct redis_position *position, const struct redis_look *look)
{
	uint64_t deleted = redis_look_deleted(look);

	if (!position->has_ordinal || !look->has_added)
		return judge_by_id(position, look);
	if (deleted == position->ordinal)
		return none(position);
	return deleted > position->ordinal ? rotated(position, deleted)
					   : truncated(position, look);
}

/* The stream is gone, if there was one: what comes is the first. */
static struct redis_loss
judge_missing(
    const struct redis_position *position, const struct redis_look *look)
{
	struct redis_loss loss = truncated(position, look);

	if (redis_position_is_beginning(position)) {
		loss.reason = GAP_NONE;
		loss.skipped = 0;
	} else
		redis_position_set_apart(&loss.position);
	return loss;
}

struct redis_loss
redis_loss_judge(
    const struct redis_position *position, const struct redis_look *look)
{
	if (!look->exists)
		return judge_missing(position, look);
	if (!look->is_present)
		return judge_absent(position, look);
	if (position->has_check && position->check != look->check)
		return truncated(position, look);
	return none(position);
}
