/*
 * flush_window.c - how long frames wait for those that share a write.
 */
#include "config.h"

#include "stream/flush_window.h"

void
flush_window_open(struct flush_window *window, const struct stream *stream,
    int64_t flush_ms, int64_t now_ms)
{
	if (!window->has_frames || stream_ended(stream) ||
	    !stream_source(stream)->is_durable ||
	    stream_poll(stream).timeout_ms == 0)
		return;
	window->has_frames = false;
	window->end_ms = now_ms + flush_ms;
}
