/*
 * name_values.c - what the name of a file says.
 */
#include "config.h"

#include "source/name_values.h"

#include <assert.h>
#include <time.h>

#define YEAR_MIN 1970

static uint64_t
days_of(uint64_t year, uint64_t month)
{
	static const unsigned char days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1U : 0U);
}

/* What is not said is the first there is. */
static bool
is_real(const uint64_t fields[NAME_FIELDS], size_t count)
{
	uint64_t month = count > NAME_MONTH ? fields[NAME_MONTH] : 1;
	uint64_t day = count > NAME_DAY ? fields[NAME_DAY] : 1;
	uint64_t hour = count > NAME_HOUR ? fields[NAME_HOUR] : 0;
	uint64_t minute = count > NAME_MINUTE ? fields[NAME_MINUTE] : 0;
	uint64_t second = count > NAME_SECOND ? fields[NAME_SECOND] : 0;

	return fields[NAME_YEAR] >= YEAR_MIN && month >= 1 && month <= 12 &&
	       day >= 1 && day <= days_of(fields[NAME_YEAR], month) &&
	       hour < 24 && minute < 60 && second <= 60;
}

bool
name_values_date(
    const uint64_t fields[NAME_FIELDS], size_t count, uint64_t *ret_date)
{
	uint64_t date = 0;

	assert(count > NAME_YEAR && count <= NAME_FIELDS);
	if (!is_real(fields, count))
		return false;
	for (size_t i = 0; i < NAME_FIELDS; i++)
		date = date * 100 + (i < count ? fields[i] : 0);
	*ret_date = date;
	return true;
}

uint64_t
name_values_date_at(int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm = {.tm_year = 0};
	uint64_t date;

	(void)localtime_r(&seconds, &tm);
	date = (uint64_t)tm.tm_year + 1900;
	date = date * 100 + (uint64_t)tm.tm_mon + 1;
	date = date * 100 + (uint64_t)tm.tm_mday;
	date = date * 100 + (uint64_t)tm.tm_hour;
	date = date * 100 + (uint64_t)tm.tm_min;
	return date * 100 + (uint64_t)tm.tm_sec;
}

static int
order_of(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int
name_values_compare(
    const struct name_values *a, const struct name_values *b, bool grows)
{
	int order = order_of(a->date, b->date);

	if (order == 0)
		order = order_of(a->fraction, b->fraction);
	if (order != 0)
		return order;
	order = order_of(a->number, b->number);
	return grows ? order : -order;
}
