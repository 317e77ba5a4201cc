/*
 * front_buf.h - bytes that grow towards their front: what is read backwards.
 *
 * They stand at the end of a block.  When its front is reached, a block of
 * twice the size takes them: so each byte is moved about once, however many
 * come.
 */
#ifndef FRONT_BUF_H
#define FRONT_BUF_H

#include <stddef.h>

#include "ssekit.h"

/* Zeroed, it is empty and owns no memory. */
struct front_buf {
	char *block;
	size_t capacity;
	size_t begin; /* of the bytes in the block */
	size_t stop;
};

void front_buf_done(struct front_buf *buf);

struct sse_slice front_buf_slice(const struct front_buf *buf);

/*
 * Makes room for so many bytes before the first one; with front_buf_grow they
 * are the first ones.  0 or -ENOMEM.  Slices of it are of no use any more.
 */
int front_buf_reserve(struct front_buf *buf, size_t size);

/* Where so many bytes are to be put that there is room for. */
char *front_buf_room(const struct front_buf *buf, size_t size);

/* They are there. */
void front_buf_grow(struct front_buf *buf, size_t size);

/* Only so many of the bytes are left: the first ones. */
void front_buf_cut(struct front_buf *buf, size_t size);

#endif
