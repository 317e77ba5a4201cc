/*
 * redis_value.c - what a Redis server answers.
 */
#include "config.h"

#include "source/redis_value.h"

#include <string.h>

const struct redis_value *
redis_value_at(const struct redis_value *array, size_t index)
{
	if (array == NULL || array->kind != REDIS_ARRAY ||
	    index >= array->count)
		return NULL;
	return &array->items[index];
}

const struct redis_value *
redis_value_named(const struct redis_value *list, const char *name)
{
	for (size_t i = 0; list != NULL && i + 1 < list->count; i += 2) {
		const struct redis_value *at = redis_value_at(list, i);

		if (at != NULL && at->kind == REDIS_TEXT &&
		    sse_slice_equal(at->text, sse_slice(name)))
			return redis_value_at(list, i + 1);
	}
	return NULL;
}

bool
redis_value_is_error(const struct redis_value *value, const char *word)
{
	size_t size = strlen(word);

	return value != NULL && value->kind == REDIS_ERROR &&
	       value->text.size >= size &&
	       memcmp(value->text.data, word, size) == 0 &&
	       (value->text.size == size || value->text.data[size] == ' ');
}

bool
redis_number_read(struct sse_slice text, int64_t *ret_number)
{
	bool is_negative = text.size > 0 && text.data[0] == '-';
	uint64_t most = (uint64_t)INT64_MAX + is_negative, number = 0;
	size_t at = is_negative;

	if (at == text.size)
		return false;
	for (; at < text.size; at++) {
		uint64_t digit = (uint64_t)(unsigned char)text.data[at] - '0';

		if (digit > 9 || number > (most - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*ret_number = (int64_t)(is_negative ? 0 - number : number);
	return true;
}
