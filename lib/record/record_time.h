/*
 * record_time.h - the time of a record, where a time_format says that it is.
 */
#ifndef RECORD_TIME_H
#define RECORD_TIME_H

#include "ssekit.h"
#include "record/time_format.h"

#define RECORD_TIME_SIZE_MAX 256    /* bytes of a time */
#define RECORD_TIME_SKIP_MAX 32768  /* bytes that %* skips, all together */
#define RECORD_TIME_PLACES_MAX 2048 /* of a line that look like a time */

/* What is earlier or later is not a time: 1970 to 2199. */
#define RECORD_TIME_MIN_MS INT64_C(0)
#define RECORD_TIME_MAX_MS (INT64_C(7258118400000) - 1)

/*
 * Clocks differ, and so do the zones of two hosts: what is so little ahead is
 * not in the future; a time without a date, and another one.
 */
#define RECORD_TIME_AHEAD_MS (5 * 60 * 1000)
#define RECORD_DATE_AHEAD_MS (24 * 60 * 60 * 1000)

/* The bytes of a record that are looked at. */
size_t record_time_looked_at(const struct time_format *format);

/*
 * Whether a line has a time of that format: at its beginning, or where %* says
 * that it may be; then milliseconds since 1970.  Without a zone it is local
 * (TZ); where that may be two moments it is the later one, but not one in the
 * future.  Without a year, or a day, it is the latest such time that is not in
 * the future.
 */
bool record_time_read(const struct time_format *format, struct sse_slice line,
    int64_t now_ms, int64_t *ret_ms);

#endif
