/*
 * record_time.h - the time that a record begins with.
 *
 * The form is that of strptime(3), in the C locale, and one more directive:
 * %f is a fraction of a second, with its dot or comma, which may be absent.
 */
#ifndef RECORD_TIME_H
#define RECORD_TIME_H

#include "ssekit.h"

#define RECORD_TIME_FORMAT_SIZE_MAX 128 /* octets */
#define RECORD_TIME_SIZE_MAX 256        /* octets of a record, for its time */

/* Clocks differ: what is so little ahead is not in the future. */
#define RECORD_TIME_AHEAD_MS (5 * 60 * 1000)

/* Whether it has a directive, and only such as are known and mean something. */
bool record_time_is_format(const char *format);

/*
 * Whether the record begins with a time of that form; then milliseconds since
 * 1970.  Without a zone it is local (TZ).  Without a year, or a day, it is the
 * latest such time that is not in the future.  Reads the time zone database;
 * nothing else.
 */
bool record_time_read(const char *format, struct sse_slice record,
    int64_t now_ms, int64_t *ret_ms);

#endif
