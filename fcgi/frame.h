/*
 * frame.h - an event among the bytes that a client gets.
 */
#ifndef FRAME_H
#define FRAME_H

#include "buf.h"

/* Adds it, encoded: 0, or an error of sse_encode() or of the buffer. */
int frame_add(struct sse_buf *bytes, const struct sse_event *event);

#endif
