/*
 * redis_position.c - a place in a Redis Stream.
 */
#include "config.h"

#include "source/redis_position.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#define HAS_ORDINAL UINT64_C(1)
#define HAS_CHECK UINT64_C(2)

#define APART UINT64_C(1) /* a check */
#define ORDINAL_MAX ((UINT64_C(1) << SSE_POSITION_FILE_BITS) - 1)

/* ---------------------------------------------------------------- ids -- */

/* A number without a sign or a leading zero: whether there is one. */
static bool
take_number(struct sse_slice *text, uint64_t *ret_number)
{
	const char *start = text->data;
	uint64_t number = 0;

	while (text->size > 0 && *text->data >= '0' && *text->data <= '9') {
		uint64_t digit = (uint64_t)(*text->data - '0');

		if (number > (UINT64_MAX - digit) / 10)
			return false;
		if (number == 0 && text->data > start)
			return false;
		number = number * 10 + digit;
		text->data++;
		text->size--;
	}
	*ret_number = number;
	return text->data > start;
}

int
redis_id_parse(struct sse_slice text, struct redis_id *ret_id)
{
	struct redis_id id;

	if (!take_number(&text, &id.ms) || text.size == 0 || *text.data != '-')
		return -EBADMSG;
	text.data++;
	text.size--;
	if (!take_number(&text, &id.seq) || text.size > 0)
		return -EBADMSG;
	*ret_id = id;
	return 0;
}

struct sse_slice
redis_id_text(const struct redis_id *id, char text[REDIS_ID_SIZE_MAX])
{
	int size = snprintf(
	    text, REDIS_ID_SIZE_MAX, "%" PRIu64 "-%" PRIu64, id->ms, id->seq);

	return (struct sse_slice){text, (size_t)size};
}

int
redis_id_compare(const struct redis_id *a, const struct redis_id *b)
{
	if (a->ms != b->ms)
		return a->ms < b->ms ? -1 : 1;
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return 0;
}

/* ---------------------------------------------------------- positions -- */

struct redis_position
redis_position_begin(uint64_t deleted)
{
	return (struct redis_position){.ordinal = deleted, .has_ordinal = true};
}

/* An entry has a check, and the beginning has none. */
void
redis_position_set_apart(struct redis_position *position)
{
	position->has_check = redis_position_is_beginning(position);
	position->check = position->has_check ? APART : 0;
}

struct source_position
redis_position_pack(const struct redis_position *from)
{
	uint64_t has = (from->has_ordinal ? HAS_ORDINAL : 0) |
		       (from->has_check ? HAS_CHECK : 0);

	return (struct source_position){
	    {from->id.ms, from->id.seq, from->ordinal, from->check, has}};
}

struct redis_position
redis_position_unpack(const struct source_position *from)
{
	const uint64_t *words = from->words;

	return (struct redis_position){
	    .id = {words[0], words[1]},
	    .ordinal = words[2],
	    .check = words[3],
	    .has_ordinal = (words[4] & HAS_ORDINAL) != 0,
	    .has_check = (words[4] & HAS_CHECK) != 0,
	};
}

bool
redis_position_is_beginning(const struct redis_position *position)
{
	return position->id.ms == 0 && position->id.seq == 0;
}

int
redis_position_parse(struct sse_slice text, struct redis_position *ret_position)
{
	struct redis_position position = {.has_ordinal = false};
	struct sse_position parts;

	if (sse_position_parse(text, &parts) == 0 && parts.epoch == 0) {
		position.id = (struct redis_id){parts.stamp_ms, parts.offset};
		position.ordinal = parts.file;
		position.check = parts.check;
		position.has_ordinal =
		    parts.file != 0 || redis_position_is_beginning(&position);
		position.has_check = parts.check != 0;
	} else if (redis_id_parse(text, &position.id) != 0) {
		return -EBADMSG;
	}
	*ret_position = position;
	return 0;
}

struct sse_slice
redis_position_text(
    struct sse_position_text *kept, const struct redis_position *position)
{
	const struct sse_position parts = {
	    .stamp_ms = position->id.ms,
	    .file = position->has_ordinal ? position->ordinal : 0,
	    .offset = position->id.seq,
	    .check = position->has_check ? position->check : 0,
	};

	if (parts.stamp_ms > INT64_MAX ||
	    parts.offset > SSE_POSITION_OFFSET_MAX || parts.file > ORDINAL_MAX)
		return sse_slice(NULL);
	return sse_position_text(kept, &parts);
}
