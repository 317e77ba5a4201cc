/*
 * redis_record.h - an entry of a Redis Stream as a record.
 */
#ifndef REDIS_RECORD_H
#define REDIS_RECORD_H

#include "source/entry.h"
#include "source/redis_value.h"

/* Which field of an entry is the record, where nothing else is said. */
#define REDIS_FIELD "data"

/*
 * The value of the field of that name, NULL or "" for the usual one; all
 * fields, as a JSON object in the room, where it is ENTRY_ALL_FIELDS, or the
 * entry has none of that name.  It lives as long as both.  0 or -ENOMEM.
 */
int redis_record_make(struct entry *room, const char *name,
    const struct redis_value *fields, struct record *ret_record);

#endif
