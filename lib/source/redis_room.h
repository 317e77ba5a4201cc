/*
 * redis_room.h - the memory that the values of an answer are in: it is given
 * back as a whole.
 */
#ifndef REDIS_ROOM_H
#define REDIS_ROOM_H

#include <stddef.h>

struct redis_chunk;

/* All zeros: none. */
struct redis_room {
	struct redis_chunk *chunks; /* the newest first; one is kept */
};

void redis_room_done(struct redis_room *room);

/* Nothing of it is used any more. */
void redis_room_clear(struct redis_room *room);

/* So many bytes, aligned for any value; NULL: no memory. */
void *redis_room_take(struct redis_room *room, size_t size);

#endif
