/*
 * redis_record.c - an entry of a Redis Stream as a record.
 */
#include "config.h"

#include "source/redis_record.h"

#include <string.h>

static int
make_object(struct entry *room, const struct redis_value *fields,
    struct record *ret_record)
{
	int error = 0;

	entry_clear(room);
	for (size_t i = 0; error == 0 && i + 1 < fields->count; i += 2)
		error = entry_add(
		    room, fields->items[i].text, fields->items[i + 1].text);
	return error == 0 ? entry_object(room, ret_record) : error;
}

int
redis_record_make(struct entry *room, const char *name,
    const struct redis_value *fields, struct record *ret_record)
{
	const struct redis_value *value = NULL;

	if (name == NULL || name[0] == '\0')
		name = REDIS_FIELD;
	if (strcmp(name, ENTRY_ALL_FIELDS) != 0)
		value = redis_value_named(fields, name);
	if (value == NULL)
		return make_object(room, fields, ret_record);
	*ret_record = entry_text(value->text, room->record_size_max);
	return 0;
}
