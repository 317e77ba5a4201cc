/*
 * buf.c - bytes that grow, up to a limit.  The memory doubles, so that adding
 * costs the same for each byte however many there are.
 */
#include "buf.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 256 /* bytes */

void
sse_buf_init(struct sse_buf *buf, size_t size_max)
{
	*buf = (struct sse_buf){.size_max = size_max};
}

void
sse_buf_done(struct sse_buf *buf)
{
	free(buf->data);
	sse_buf_init(buf, buf->size_max);
}

static size_t
capacity_for(const struct sse_buf *buf, size_t needed)
{
	size_t capacity =
	    buf->capacity > CAPACITY_MIN ? buf->capacity : CAPACITY_MIN;

	while (capacity < needed && capacity <= buf->size_max / 2)
		capacity *= 2;
	/* Not just what is needed: the last half would be copied each time. */
	return capacity < needed ? buf->size_max : capacity;
}

static int
allocate(struct sse_buf *buf, size_t capacity)
{
	char *data = realloc(buf->data, capacity);

	if (data == NULL)
		return -ENOMEM;
	buf->data = data;
	buf->capacity = capacity;
	return 0;
}

int
sse_buf_reserve(struct sse_buf *buf, size_t size)
{
	size_t capacity;

	if (size > buf->size_max || buf->size > buf->size_max - size)
		return -ENOBUFS;
	if (buf->data != NULL && size <= buf->capacity - buf->size)
		return 0;
	assert(buf->size <= buf->capacity);
	capacity = capacity_for(buf, buf->size + size);
	assert(capacity >= buf->size + size);
	return allocate(buf, capacity);
}

int
sse_buf_reserve_exactly(struct sse_buf *buf, size_t size)
{
	if (buf->data != NULL || size > buf->size_max)
		return sse_buf_reserve(buf, size);
	return allocate(buf, size > CAPACITY_MIN ? size : CAPACITY_MIN);
}

int
sse_buf_add(struct sse_buf *buf, const void *bytes, size_t size)
{
	int error = sse_buf_reserve(buf, size);

	if (error != 0)
		return error;
	if (size > 0)
		memcpy(buf->data + buf->size, bytes, size);
	buf->size += size;
	return 0;
}

void
sse_buf_drop(struct sse_buf *buf, size_t size)
{
	assert(size <= buf->size);
	buf->size -= size;
	if (buf->size > 0)
		memmove(buf->data, buf->data + size, buf->size);
}

void
sse_buf_clear(struct sse_buf *buf)
{
	buf->size = 0;
}

struct sse_slice
sse_buf_slice(const struct sse_buf *buf)
{
	struct sse_slice slice = {
	    buf->data != NULL ? buf->data : "", buf->size};

	return slice;
}
