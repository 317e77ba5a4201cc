/*
 * buf.h - bytes that grow, up to a limit.
 */
#ifndef SSE_BUF_H
#define SSE_BUF_H

#include "ssekit.h"

/*
 * data[0 .. size) is in use.  All zeros but for size_max is an empty buffer
 * that owns no memory yet.
 */
struct sse_buf {
	char *data;
	size_t size;
	size_t capacity;
	size_t size_max; /* bytes; more is refused with -ENOBUFS */
};

/* An empty buffer that may hold up to size_max bytes. */
void sse_buf_init(struct sse_buf *buf, size_t size_max);

/* Gives the memory back.  The buffer is empty, and may be used again. */
void sse_buf_done(struct sse_buf *buf);

/*
 * Makes room for size bytes behind those in use, without adding them.  0,
 * -ENOBUFS over size_max, -ENOMEM; after an error the buffer is as it was.
 */
int sse_buf_reserve(struct sse_buf *buf, size_t size);

/*
 * The same, in memory of just that size where there is none yet: for what is
 * hardly ever added to.
 */
int sse_buf_reserve_exactly(struct sse_buf *buf, size_t size);

/* Adds a copy of the bytes.  Errors as sse_buf_reserve(). */
int sse_buf_add(struct sse_buf *buf, const void *bytes, size_t size);

/* Takes the first size bytes away; at most those in use. */
void sse_buf_drop(struct sse_buf *buf, size_t size);

/* Empties the buffer and keeps its memory. */
void sse_buf_clear(struct sse_buf *buf);

/* What is in use, as a slice; never absent. */
struct sse_slice sse_buf_slice(const struct sse_buf *buf);

#endif
