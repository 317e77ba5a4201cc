/*
 * redis_room.c - the memory that the values of an answer are in.
 */
#include "config.h"

#include "source/redis_room.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#define CHUNK_SIZE 65536u /* bytes, but for a value that is larger */

struct redis_chunk {
	struct redis_chunk *next;
	size_t size; /* bytes */
	size_t used;
	alignas(max_align_t) char bytes[];
};

static struct redis_chunk *
new_chunk(size_t size)
{
	struct redis_chunk *chunk = NULL;

	if (size <= SIZE_MAX - sizeof(*chunk))
		chunk = malloc(sizeof(*chunk) + size);
	if (chunk == NULL)
		return NULL;
	chunk->size = size;
	chunk->used = 0;
	return chunk;
}

void
redis_room_done(struct redis_room *room)
{
	redis_room_clear(room);
	free(room->chunks);
	room->chunks = NULL;
}

/* One of the usual size is kept, which is enough for most answers. */
void
redis_room_clear(struct redis_room *room)
{
	struct redis_chunk *chunk = room->chunks, *kept = NULL;

	while (chunk != NULL) {
		struct redis_chunk *next = chunk->next;

		if (kept == NULL && chunk->size == CHUNK_SIZE)
			kept = chunk;
		else
			free(chunk);
		chunk = next;
	}
	if (kept != NULL) {
		kept->next = NULL;
		kept->used = 0;
	}
	room->chunks = kept;
}

void *
redis_room_take(struct redis_room *room, size_t size)
{
	struct redis_chunk *chunk = room->chunks;
	const size_t unit = REDIS_ROOM_UNIT;
	void *taken;

	if (size > SIZE_MAX - unit)
		return NULL;
	size = (size + unit - 1) / unit * unit;
	if (chunk == NULL || chunk->size - chunk->used < size) {
		chunk = new_chunk(size > CHUNK_SIZE ? size : CHUNK_SIZE);
		if (chunk == NULL)
			return NULL;
		chunk->next = room->chunks;
		room->chunks = chunk;
	}
	taken = chunk->bytes + chunk->used;
	chunk->used += size;
	return taken;
}
