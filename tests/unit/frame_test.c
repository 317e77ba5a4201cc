/*
 * An event behind other bytes, as far as there is room.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "frame.h"

TEST(an_event_is_added_whole_or_not_at_all)
{
	static const struct {
		struct sse_event event;
		size_t max; /* of the buffer, which has four bytes */
		int error;
		const char *want;
	} cases[] = {
	    {{.data = {"x", 1}}, 100, 0, "old\ndata: x\n\n"},
	    {{.data = {"x", 1}, .id = {"7", 1}}, 100, 0,
		"old\nid: 7\ndata: x\n\n"},
	    {{.comment = {"c", 1}}, 100, 0, "old\n: c\n\n"},
	    {{.data = {"x", 1}}, 10, -ENOBUFS, "old\n"},
	    /* An id has no lines. */
	    {{.id = {"a\nb", 3}}, 100, -EINVAL, "old\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_buf bytes;

		sse_buf_init(&bytes, cases[i].max);
		CHECK_EQUAL_INT(sse_buf_add(&bytes, "old\n", 4), 0);
		CHECK_EQUAL_INT(
		    frame_add(&bytes, &cases[i].event), cases[i].error);
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&bytes), sse_slice(cases[i].want));
		sse_buf_done(&bytes);
	}
}
