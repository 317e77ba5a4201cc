/*
 * redis_room.h - the memory that the values of an answer are in: it is given
 * back as a whole.
 */
#ifndef REDIS_ROOM_H
#define REDIS_ROOM_H

#include <stddef.h>

#define REDIS_ROOM_UNIT 8 /* bytes: what is taken begins at a multiple */

struct redis_chunk;

/* All zeros: none. */
struct redis_room {
	struct redis_chunk *chunks; /* the newest first; one is kept */
};

void redis_room_done(struct redis_room *room);

/* Nothing of it is used any more. */
void redis_room_clear(struct redis_room *room);

/* So many bytes, aligned to REDIS_ROOM_UNIT; NULL: no memory. */
void *redis_room_take(struct redis_room *room, size_t size);

#endif
