/*
 * positions.h - what tests know of the positions of logs and pipes: their text,
 * and what is in them.
 */
#ifndef POSITIONS_H
#define POSITIONS_H

#include "source/position.h"

static inline size_t
packed_format(
    const struct source_position *packed, char text[SSE_POSITION_SIZE_MAX])
{
	const struct sse_position position = sse_position_unpack(packed);

	return sse_position_format(&position, text);
}

static inline int
packed_parse(struct sse_slice text, struct source_position *ret_packed)
{
	struct sse_position position;
	int error = sse_position_parse(text, &position);

	if (error == 0)
		*ret_packed = sse_position_pack(&position);
	return error;
}

static inline uint64_t
packed_offset(struct source_position packed)
{
	return sse_position_unpack(&packed).offset;
}

#endif
