/*
 * redis_batch.h - the entries of one answer, one after the other, each with the
 * position behind it.
 */
#ifndef REDIS_BATCH_H
#define REDIS_BATCH_H

#include "source/redis_ask.h"

struct redis_batch {
	const struct redis_value *entries; /* of the answer; NULL: none */
	size_t count;
	size_t index; /* of the next */
	bool has_ordinal;
	uint64_t ordinal; /* of the one before the next */
};

/* Those of the answer, which begin behind that position. */
void redis_batch_begin(struct redis_batch *batch,
    const struct redis_answer *answer, const struct redis_position *position);

bool redis_batch_is_empty(const struct redis_batch *batch);

/* The id of its last one; not of an empty one. */
struct redis_id redis_batch_last(const struct redis_batch *batch);

/* What is left of it is not of interest. */
void redis_batch_clear(struct redis_batch *batch);

/* The next one, which is there, and the position behind it. */
void redis_batch_look(const struct redis_batch *batch,
    struct redis_entry *ret_entry, struct redis_position *ret_position);

/* It was taken. */
void redis_batch_move(struct redis_batch *batch);

/* Whether there was nothing behind it, of a question for so many entries. */
bool redis_answer_is_last(const struct redis_answer *answer, unsigned asked);

/* Bytes of all of them. */
uint64_t redis_answer_size(const struct redis_answer *answer);

#endif
