/*
 * flush_window.h - with flush = TIME: how long what comes next is left where it
 * is, so that it shares a write.
 *
 * It opens behind frames, where there are no more: the first one after a quiet
 * time does not wait for it.
 */
#ifndef FLUSH_WINDOW_H
#define FLUSH_WINDOW_H

#include "stream/stream.h"

/* All zeros: it has never been open. */
struct flush_window {
	int64_t end_ms;  /* monotonic */
	bool has_frames; /* that were given since it was open: its user's */
};

/*
 * The stream had nothing at that time.  Behind frames it opens; but not at the
 * end, nor where there may be more at once, nor where a source's writers would
 * wait.
 */
void flush_window_open(struct flush_window *window, const struct stream *stream,
    int64_t flush_ms, int64_t now_ms);

/* How long the stream is not asked for more; 0: it may be. */
static inline int64_t
flush_window_left_ms(const struct flush_window *window, int64_t now_ms)
{
	return window->end_ms > now_ms ? window->end_ms - now_ms : 0;
}

#endif
