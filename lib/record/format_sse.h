/*
 * format_sse.h - records that are events of an event stream: format = sse.
 */
#ifndef FORMAT_SSE_H
#define FORMAT_SSE_H

#include "buf.h"

struct format_sse {
	size_t text_size_max;
	struct sse_decoder *decoder; /* NULL: none was needed yet */
};

void format_sse_init(struct format_sse *format, size_t text_size_max);
void format_sse_done(struct format_sse *format);

/*
 * Reads the lines of one event, in valid UTF-8 and without the blank line that
 * ends it, as 9.2.6 says: 0 and an event, which has an id only with ids, and
 * which is all zeros when the lines make none (comments, unknown fields, lines
 * that are blank).  Its parts live until the next call, and as long as the
 * text.  -EBADMSG and *ret_why, in a few words, when they cannot be sent; or
 * -ENOMEM.
 */
int format_sse_read(struct format_sse *format, struct sse_slice text, bool ids,
    struct sse_event *ret_event, const char **ret_why);

#endif
