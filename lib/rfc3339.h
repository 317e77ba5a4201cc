/*
 * rfc3339.h - a moment as a client writes it: 2026-11-20T10:00:00Z
 */
#ifndef SSE_RFC3339_H
#define SSE_RFC3339_H

#include "ssekit.h"

/*
 * Reads a date-time (RFC 3339, 5.6): 0 and milliseconds since 1970, or
 * -EBADMSG.  "t", "z" and a blank for "T" will do (5.6, NOTE), and so does a
 * blank for "+", which is what the query of a URL makes of it.  What is finer
 * than a millisecond is cut off; second 60 is the one after 59.
 */
int sse_rfc3339_parse(struct sse_slice text, int64_t *ret_ms);

#endif
