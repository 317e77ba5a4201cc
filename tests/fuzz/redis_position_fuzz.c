/*
 * redis_position_fuzz.c - a place in a Redis Stream that is read, of an id of
 * either form, is written so that it is read as the same place.
 *
 *	input: an id
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "source/redis_position.h"

static bool
equal(const struct redis_position *a, const struct redis_position *b)
{
	return redis_id_compare(&a->id, &b->id) == 0 &&
	       a->has_ordinal == b->has_ordinal &&
	       a->has_check == b->has_check &&
	       (!a->has_ordinal || a->ordinal == b->ordinal) &&
	       (!a->has_check || a->check == b->check);
}

static void
check_text(const struct redis_position *position)
{
	struct sse_position_text kept = {.size = 0};
	struct sse_slice text = redis_position_text(&kept, position);
	struct redis_position again;

	if (text.data == NULL) {
		REQUIRE(position->id.ms > INT64_MAX ||
			position->id.seq > SSE_POSITION_OFFSET_MAX);
		return;
	}
	REQUIRE(redis_position_parse(text, &again) == 0);
	/* Of the beginning it is known. */
	if (redis_position_is_beginning(position))
		again.has_ordinal = position->has_ordinal;
	REQUIRE(equal(position, &again));
}

static void
check_id(struct sse_slice text)
{
	char written[REDIS_ID_SIZE_MAX];
	struct redis_id id;

	if (redis_id_parse(text, &id) == 0)
		REQUIRE(sse_slice_equal(text, redis_id_text(&id, written)));
}

void
redis_position_fuzz(struct sse_slice input)
{
	struct sse_slice text = fuzz_copy(input);
	struct redis_position position, again;
	struct source_position packed;
	int error = redis_position_parse(text, &position);

	REQUIRE(error == 0 || error == -EBADMSG);
	if (error == 0) {
		packed = redis_position_pack(&position);
		again = redis_position_unpack(&packed);
		REQUIRE(equal(&position, &again));
		check_text(&position);
	}
	check_id(text);
	fuzz_free(text);
}
