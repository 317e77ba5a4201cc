/*
 * block.h - what came since the last blank line of an event stream (9.2.6): the
 * data, type and id of an event that is not complete yet.
 */
#ifndef SSE_BLOCK_H
#define SSE_BLOCK_H

#include "buf.h"
#include "lines.h"

struct sse_block {
	size_t size_max; /* bytes of type and data together, and of the id */
	struct sse_buf type;
	struct sse_buf data;       /* lines, each with its LF; or unused: */
	struct sse_slice borrowed; /* the one line of data, in the fed bytes */
	struct sse_buf id;
	bool has_data;
	bool has_id;
	int error; /* why the event is lost, -EMSGSIZE or -ENOMEM; or 0 */
};

/* Owns no memory yet.  size_max is less than SIZE_MAX. */
void sse_block_init(struct sse_block *block, size_t size_max);
void sse_block_done(struct sse_block *block);

/* What is behind a blank line.  Memory is kept. */
void sse_block_clear(struct sse_block *block);

/*
 * The value of a field.  What goes over the limit, and what there is no memory
 * for, loses the event.  Of an id that cannot be kept none is left: rather an
 * older one than half of it, since then events come twice, and none is lost.
 */
void sse_block_take_data(struct sse_block *block, const struct sse_line *value);
void sse_block_take_type(struct sse_block *block, const struct sse_line *value);
void sse_block_take_id(struct sse_block *block, const struct sse_line *value);

/* The event cannot be given.  The first reason stays; -ENOBUFS: -EMSGSIZE. */
void sse_block_lose(struct sse_block *block, int error);

/* Before what was fed goes: makes the data the block's own. */
void sse_block_keep(struct sse_block *block);

/* Of an event that can be given: "message" where no field says a type. */
struct sse_slice sse_block_type(const struct sse_block *block);

/* Of an event that can be given, and that has data. */
struct sse_slice sse_block_data(const struct sse_block *block);

#endif
