/*
 * frame.c - an event among the bytes that a client gets.
 */
#include "config.h"

#include "frame.h"

#include <assert.h>

int
frame_add(struct sse_buf *bytes, const struct sse_event *event)
{
	size_t size = sse_encode_size(event);
	int error = sse_buf_reserve(bytes, size);
	ssize_t put;

	if (error != 0)
		return error;
	put = sse_encode(event, bytes->data + bytes->size, size);
	if (put < 0)
		return (int)put;
	assert((size_t)put <= size);
	bytes->size += (size_t)put;
	return 0;
}
