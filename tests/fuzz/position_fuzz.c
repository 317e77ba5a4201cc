/*
 * position_fuzz.c - what is read as an id is written back the same.
 *
 *	input: an id
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "source/position.h"

void
position_fuzz(struct sse_slice input)
{
	char text[SSE_POSITION_SIZE_MAX];
	struct sse_slice id = fuzz_copy(input), back = {text, 0};
	struct sse_position position;
	int error;

	error = sse_position_parse(id, &position);
	REQUIRE(error == 0 || error == -EBADMSG);
	if (error == 0) {
		REQUIRE(position.stamp_ms <= INT64_MAX);
		REQUIRE(position.offset <= SSE_POSITION_OFFSET_MAX);
		REQUIRE(position.file >> SSE_POSITION_FILE_BITS == 0);
		REQUIRE(position.check >> SSE_POSITION_CHECK_BITS == 0);
		back.size = sse_position_format(&position, text);
		REQUIRE(sse_slice_equal(id, back));
	}
	fuzz_free(id);
}
