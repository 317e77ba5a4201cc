/*
 * local_time.c - from what the clocks on the wall show (TZ) to moments.
 *
 * mktime(3) gives one moment where there may be two, and looks at
 * /etc/localtime each time.  So the offsets of the day before and of the day
 * after are tried: the clocks are not put forward or back twice in two days.
 */
#include "record/local_time.h"

#include <stdbool.h>

#define DAY_S 86400

#define DAYS_TO_1970 719468 /* since the 1st of March of the year 0 */

static int64_t
divide_down(int64_t number, int64_t by)
{
	return (number - (number < 0 ? by - 1 : 0)) / by;
}

int64_t
local_time_as_utc(const struct tm *fields)
{
	/* Years from March on: a leap day is the last one of its year. */
	int64_t months =
	    (fields->tm_year + INT64_C(1900)) * 12 + fields->tm_mon - 2;
	int64_t year = divide_down(months, 12);
	int64_t leap_days = divide_down(year, 4) - divide_down(year, 100) +
			    divide_down(year, 400);
	int64_t days = year * 365 + leap_days +
		       ((months - year * 12) * 153 + 2) / 5 + fields->tm_mday -
		       1 - DAYS_TO_1970;

	return days * DAY_S + fields->tm_hour * INT64_C(3600) +
	       fields->tm_min * INT64_C(60) + fields->tm_sec;
}

/* Where time_t ends in 2038, what holds then holds for ever. */
static time_t
nearest_time(int64_t time_s)
{
	time_t time = (time_t)time_s;

	if (time == time_s)
		return time;
	return time_s > 0 ? (time_t)INT32_MAX : (time_t)INT32_MIN;
}

static int64_t
offset_at(int64_t time_s)
{
	time_t time = nearest_time(time_s);
	struct tm local;

	return localtime_r(&time, &local) != NULL ? local.tm_gmtoff : 0;
}

struct local_time
local_time_of(const struct tm *fields)
{
	int64_t wall_s = local_time_as_utc(fields);
	int64_t before_s = wall_s - offset_at(wall_s - DAY_S);
	int64_t after_s = wall_s - offset_at(wall_s + DAY_S);
	bool was_before = offset_at(before_s) == wall_s - before_s;
	bool was_after = offset_at(after_s) == wall_s - after_s;

	if (was_before && !was_after)
		return (struct local_time){before_s, before_s};
	if (was_after && !was_before)
		return (struct local_time){after_s, after_s};
	return before_s < after_s ? (struct local_time){before_s, after_s}
				  : (struct local_time){after_s, before_s};
}
