#include "config.h"

#include "record/front_buf.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
front_buf_done(struct front_buf *buf)
{
	free(buf->block);
	*buf = (struct front_buf){.block = NULL};
}

struct sse_slice
front_buf_slice(const struct front_buf *buf)
{
	assert(buf->begin <= buf->stop && buf->stop <= buf->capacity);
	if (buf->block == NULL)
		return (struct sse_slice){"", 0};
	return (struct sse_slice){
	    buf->block + buf->begin, buf->stop - buf->begin};
}

/* Moves the bytes to the end of that block, which may be their own. */
static void
move_to(struct front_buf *buf, char *block, size_t capacity)
{
	struct sse_slice bytes = front_buf_slice(buf);

	memmove(block + capacity - bytes.size, bytes.data, bytes.size);
	buf->stop = capacity;
	buf->begin = capacity - bytes.size;
}

int
front_buf_reserve(struct front_buf *buf, size_t size)
{
	size_t capacity = 2 * (buf->stop - buf->begin + size);
	char *block;

	if (buf->begin >= size)
		return 0;
	if (capacity <= buf->capacity) {
		move_to(buf, buf->block, buf->capacity);
		return 0;
	}
	block = malloc(capacity);
	if (block == NULL)
		return -ENOMEM;
	move_to(buf, block, capacity);
	free(buf->block);
	buf->block = block;
	buf->capacity = capacity;
	return 0;
}

char *
front_buf_room(const struct front_buf *buf, size_t size)
{
	assert(size <= buf->begin);
	return buf->block + buf->begin - size;
}

void
front_buf_grow(struct front_buf *buf, size_t size)
{
	assert(size <= buf->begin);
	buf->begin -= size;
}

void
front_buf_cut(struct front_buf *buf, size_t size)
{
	assert(size <= buf->stop - buf->begin);
	buf->stop = buf->begin + size;
}
