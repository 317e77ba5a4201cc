/*
 * file_position.c - comparing positions of a log.
 */
#include "config.h"

#include "source/file_position.h"

bool
file_position_has_before(const struct source_position *position)
{
	return sse_position_unpack(position).offset > 0;
}

bool
file_position_same_run(
    const struct source_position *a, const struct source_position *b)
{
	return sse_position_unpack(a).file == sse_position_unpack(b).file;
}

bool
file_position_same_place(
    const struct source_position *a, const struct source_position *b)
{
	return file_position_same_run(a, b) &&
	       sse_position_unpack(a).offset == sse_position_unpack(b).offset;
}

bool
file_position_goes_on(
    const struct source_position *a, const struct source_position *b)
{
	const struct sse_position before = sse_position_unpack(a);
	const struct sse_position behind = sse_position_unpack(b);

	return before.offset == behind.offset && before.check == behind.check;
}

void
file_position_renew(
    struct source_position *position, const struct source_position *newer)
{
	struct sse_position renewed = sse_position_unpack(position);
	const struct sse_position other = sse_position_unpack(newer);

	if (renewed.file == other.file)
		renewed.stamp_ms = other.stamp_ms;
	*position = sse_position_pack(&renewed);
}
