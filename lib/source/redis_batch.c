/*
 * redis_batch.c - the entries of one answer.
 */
#include "config.h"

#include "source/redis_batch.h"

#include <assert.h>

static struct redis_entry
entry_at(const struct redis_value *entries, size_t index)
{
	struct redis_entry entry = {.fields = NULL};
	int error = redis_entry_read(&entries->items[index], &entry);

	/* It was read when the answer came. */
	assert(error == 0);
	(void)error;
	return entry;
}

static bool
ends_with_newest(const struct redis_answer *answer)
{
	struct redis_entry entry;

	if (answer->count == 0 || !answer->is_filled)
		return false;
	entry = entry_at(answer->entries, answer->count - 1);
	return redis_id_compare(&entry.id, &answer->newest) == 0;
}

static bool
begins_with_first(const struct redis_answer *answer)
{
	struct redis_entry entry;

	if (answer->count == 0 || !answer->is_filled)
		return false;
	entry = entry_at(answer->entries, 0);
	return redis_id_compare(&entry.id, &answer->first) == 0;
}

/*
 * What was deleted between two entries is not counted on the way, and is where
 * the stream ends: there the number is what the server says.
 */
void
redis_batch_begin(struct redis_batch *batch, const struct redis_answer *answer,
    const struct redis_position *position)
{
	const struct redis_look *look = &answer->look;

	*batch = (struct redis_batch){
	    .entries = answer->count > 0 ? answer->entries : NULL,
	    .count = answer->count,
	    .has_ordinal = position->has_ordinal,
	    .ordinal = position->ordinal,
	};
	if (!look->has_added)
		return;
	if (ends_with_newest(answer) && look->added >= answer->count) {
		batch->has_ordinal = true;
		batch->ordinal = look->added - answer->count;
	} else if (!batch->has_ordinal && begins_with_first(answer)) {
		batch->has_ordinal = true;
		batch->ordinal = redis_look_deleted(look);
	}
}

bool
redis_batch_is_empty(const struct redis_batch *batch)
{
	return batch->entries == NULL;
}

struct redis_id
redis_batch_last(const struct redis_batch *batch)
{
	return entry_at(batch->entries, batch->count - 1).id;
}

void
redis_batch_clear(struct redis_batch *batch)
{
	batch->entries = NULL;
}

void
redis_batch_look(const struct redis_batch *batch, struct redis_entry *ret_entry,
    struct redis_position *ret_position)
{
	*ret_entry = entry_at(batch->entries, batch->index);
	*ret_position = (struct redis_position){
	    .id = ret_entry->id,
	    .check = redis_entry_check(ret_entry),
	    .has_check = true,
	    .has_ordinal = batch->has_ordinal,
	    .ordinal = batch->ordinal + 1,
	};
}

void
redis_batch_move(struct redis_batch *batch)
{
	batch->ordinal++;
	if (++batch->index == batch->count)
		redis_batch_clear(batch);
}

bool
redis_answer_is_last(const struct redis_answer *answer, unsigned asked)
{
	return answer->sent < asked ? answer->count == answer->sent
				    : ends_with_newest(answer);
}

uint64_t
redis_answer_size(const struct redis_answer *answer)
{
	uint64_t size = 0;

	for (size_t i = 0; i < answer->count; i++) {
		struct redis_entry entry = entry_at(answer->entries, i);

		size += redis_entry_size(&entry);
	}
	return size;
}
