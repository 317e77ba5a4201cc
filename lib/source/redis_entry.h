/*
 * redis_entry.h - an entry of a Redis Stream, as the server sends it.
 */
#ifndef REDIS_ENTRY_H
#define REDIS_ENTRY_H

#include "source/redis_position.h"
#include "source/redis_value.h"

struct redis_entry {
	struct redis_id id;
	const struct redis_value *fields; /* names and values; may be cut */
};

/* 0; -EPROTO for what is no entry, or has no beginning of its fields. */
int redis_entry_read(
    const struct redis_value *value, struct redis_entry *ret_entry);

/*
 * What its event id proves it with; never 0.  It is of the first
 * REDIS_BRIEF_COUNT names and values, and of REDIS_BRIEF_SIZE bytes of these:
 * so an entry that is too large to be given has one, too.
 */
uint64_t redis_entry_check(const struct redis_entry *entry);

/* Bytes of its names and values, which are whole. */
uint64_t redis_entry_size(const struct redis_entry *entry);

#endif
