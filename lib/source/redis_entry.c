/*
 * redis_entry.c - an entry of a Redis Stream.
 */
#include "config.h"

#include "source/redis_entry.h"

#include <errno.h>

#include "source/fingerprint.h"
#include "source/redis_reader.h"

#define CHECK_MASK ((UINT64_C(1) << SSE_POSITION_CHECK_BITS) - 1)

static bool
are_texts(const struct redis_value *fields)
{
	if (fields == NULL || fields->kind != REDIS_ARRAY ||
	    fields->sent % 2 != 0)
		return false;
	for (size_t i = 0; i < fields->count; i++)
		if (fields->items[i].kind != REDIS_TEXT)
			return false;
	return true;
}

int
redis_entry_read(const struct redis_value *value, struct redis_entry *ret_entry)
{
	const struct redis_value *id = redis_value_at(value, 0);
	const struct redis_value *fields = redis_value_at(value, 1);
	struct redis_entry entry = {.fields = fields};

	if (id == NULL || id->kind != REDIS_TEXT || !are_texts(fields) ||
	    redis_id_parse(id->text, &entry.id) != 0)
		return -EPROTO;
	*ret_entry = entry;
	return 0;
}

uint64_t
redis_entry_check(const struct redis_entry *entry)
{
	const struct redis_value *fields = entry->fields;
	size_t left = REDIS_BRIEF_SIZE;
	uint64_t hash = fields->sent;

	for (size_t i = 0; i < fields->count && i < REDIS_BRIEF_COUNT; i++) {
		const struct redis_value *field = &fields->items[i];
		struct sse_slice text = field->text;

		if (text.size > left)
			text.size = left;
		left -= text.size;
		/* Of one that is not all of it, the size says more. */
		if (text.size < field->sent)
			hash += field->sent;
		hash = fingerprint_bytes(hash, text);
	}
	hash &= CHECK_MASK;
	return hash != 0 ? hash : 1;
}

uint64_t
redis_entry_size(const struct redis_entry *entry)
{
	uint64_t size = 0;

	for (size_t i = 0; i < entry->fields->count; i++)
		size += entry->fields->items[i].text.size;
	return size;
}
