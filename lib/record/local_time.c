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

static int64_t
offset_at(int64_t time_s)
{
	time_t time = (time_t)time_s;
	struct tm local;

	return localtime_r(&time, &local) != NULL ? local.tm_gmtoff : 0;
}

struct local_time
local_time_of(const struct tm *fields)
{
	struct tm normal = *fields;
	int64_t wall_s = (int64_t)timegm(&normal);
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
