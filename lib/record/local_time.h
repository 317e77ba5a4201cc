/*
 * local_time.h - from what the clocks on the wall show (TZ) to moments.
 */
#ifndef LOCAL_TIME_H
#define LOCAL_TIME_H

#include <stdint.h>
#include <time.h>

/*
 * The first and the last moment that may be meant, in seconds since 1970.  They
 * differ where the clocks are put back, so that a time comes twice; and where
 * they are put forward, for a time that never was: who wrote it may have had
 * either of the two offsets.
 */
struct local_time {
	int64_t first_s;
	int64_t last_s;
};

/*
 * The fields from tm_year to tm_sec are used; they may be out of their ranges,
 * as for timegm(3).  Reads the time zone database once, when it is called
 * first, and not again.
 */
struct local_time local_time_of(const struct tm *fields);

/*
 * The moment of the same fields in UTC, in seconds since 1970: as timegm(3),
 * but also where time_t has 32 bits and ends in 2038.
 */
int64_t local_time_as_utc(const struct tm *fields);

#endif
