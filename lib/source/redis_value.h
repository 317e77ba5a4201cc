/*
 * redis_value.h - what a Redis server answers: a tree of values, as it was
 * sent, or as much of it as there is room for.
 */
#ifndef REDIS_VALUE_H
#define REDIS_VALUE_H

#include <stdbool.h>

#include "ssekit.h"

enum redis_kind {
	REDIS_NIL,
	REDIS_TEXT, /* a string of any bytes, or a status */
	REDIS_NUMBER,
	REDIS_ARRAY,
	REDIS_ERROR /* its text begins with a word in capitals */
};

struct redis_value {
	enum redis_kind kind;
	bool is_cut;   /* something of it, or in it, was left out */
	uint64_t sent; /* bytes or items that it had when it was sent */
	union {
		struct sse_slice text;
		int64_t number;
		struct {
			struct redis_value *items;
			size_t count;
		};
	};
};

/* One of an array's; NULL where there is none. */
const struct redis_value *redis_value_at(
    const struct redis_value *array, size_t index);

/* The value behind its name in a flat list of both; or NULL. */
const struct redis_value *redis_value_named(
    const struct redis_value *list, const char *name);

/* Whether it is an error whose first word is that one. */
bool redis_value_is_error(const struct redis_value *value, const char *word);

/* A number as it is sent, of 64 bits, with a minus perhaps: whether it is. */
bool redis_number_read(struct sse_slice text, int64_t *ret_number);

#endif
