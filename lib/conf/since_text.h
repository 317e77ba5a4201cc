/*
 * since_text.h - a moment as a client writes it in "since", by hand.
 */
#ifndef SINCE_TEXT_H
#define SINCE_TEXT_H

#include "ssekit.h"

/*
 * Reads one of
 *
 *	2026-11-20T10:00:00.5Z      RFC 3339; "t", "z", and a blank for "T" will
 *	2026-11-20T10:00:00+01:00   do, and a zone without its colon
 *	2026-11-20 10:00:00         without a zone: local (TZ)
 *	2026-11-20 10:00
 *	2026-11-20                  local midnight
 *	1795168800.5                seconds since 1970, of 9 to 11 digits, or 0
 *	1795168800500               milliseconds, of 12 to 14 digits
 *	-30m  30m  1h30m  2d  1w    before now
 *
 * 0 and milliseconds since 1970, or -EBADMSG.  A local time that comes twice as
 * the clocks are put back is the first of the two.
 */
int since_text_read(struct sse_slice text, int64_t now_ms, int64_t *ret_ms);

#endif
