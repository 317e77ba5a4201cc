/*
 * since_text.c - a moment as a client writes it in "since", by hand.
 */
#include "conf/since_text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "record/local_time.h"

/* Digits of a number since 1970: what has fewer is a year, or lacks a unit. */
#define NUMBER_DIGITS_MIN 9 /* from 1973 on; or 0 */
#define NUMBER_DIGITS_MAX 14
#define SECONDS_DIGITS_MAX 11 /* to the year 5138; then milliseconds */
#define AMOUNT_DIGITS_MAX 9   /* before a unit */
#define AMOUNT_END INT64_C(1000000000)
#define WEEK_S INT64_C(604800)

/* Of the longest amounts there are so many in a text; and one shorter. */
static_assert(SSE_SINCE_SIZE_MAX / (AMOUNT_DIGITS_MAX + 1) + 1 <=
		  INT64_MAX / (AMOUNT_END * WEEK_S * 1000),
    "a sum of amounts does not overflow");

/* What is left to read. */
struct reading {
	const char *at;
	const char *end;
};

static char
peek(const struct reading *reading)
{
	return reading->at < reading->end ? *reading->at : '\0';
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_at_end(const struct reading *reading)
{
	return reading->at == reading->end;
}

/* One of these bytes; whether it was there. */
static bool
take(struct reading *reading, const char *bytes)
{
	char byte = peek(reading);

	if (byte == '\0' || strchr(bytes, byte) == NULL)
		return false;
	reading->at++;
	return true;
}

/* All digits that follow: how many they are; the number if so many fit. */
static size_t
take_digits(struct reading *reading, size_t digits_max, int64_t *ret_number)
{
	size_t digits = 0;

	*ret_number = 0;
	for (; is_digit(peek(reading)); reading->at++)
		if (++digits <= digits_max)
			*ret_number = 10 * *ret_number + (*reading->at - '0');
	return digits;
}

/* So many digits, no more and no fewer. */
static bool
take_number(struct reading *reading, size_t digits, int *ret_number)
{
	int64_t number;

	assert(digits <= AMOUNT_DIGITS_MAX); /* it fits */
	if (take_digits(reading, digits, &number) != digits)
		return false;
	*ret_number = (int)number;
	return true;
}

/* ".5", if it is there; false when no digits follow the dot. */
static bool
take_fraction(struct reading *reading, int *ret_ms)
{
	int worth = 100;

	*ret_ms = 0;
	if (!take(reading, ".,"))
		return true;
	if (!is_digit(peek(reading)))
		return false;
	for (; is_digit(peek(reading)); reading->at++) {
		*ret_ms += worth * (*reading->at - '0');
		worth /= 10;
	}
	return true;
}

/* --------------------------------------------------------------- forms -- */

static bool
read_epoch(struct reading reading, int64_t *ret_ms)
{
	int64_t number;
	size_t digits = take_digits(&reading, NUMBER_DIGITS_MAX, &number);
	int fraction_ms;

	if (digits == 0 || digits > NUMBER_DIGITS_MAX ||
	    (digits < NUMBER_DIGITS_MIN && number > 0) ||
	    !take_fraction(&reading, &fraction_ms) || !is_at_end(&reading))
		return false;
	*ret_ms =
	    digits > SECONDS_DIGITS_MAX ? number : number * 1000 + fraction_ms;
	return true;
}

/* Milliseconds of a unit; 0: it is none. */
static int64_t
take_unit_ms(struct reading *reading)
{
	static const char units[] = "smhdw";
	static const int64_t seconds[] = {1, 60, 3600, 86400, WEEK_S};
	char byte = peek(reading);
	const char *unit = byte != '\0' ? strchr(units, byte) : NULL;

	if (unit == NULL)
		return 0;
	reading->at++;
	return seconds[unit - units] * 1000;
}

static bool
read_ago(struct reading reading, int64_t now_ms, int64_t *ret_ms)
{
	int64_t ago_ms = 0;

	(void)take(&reading, "-");
	do {
		int64_t amount, unit_ms;
		size_t digits =
		    take_digits(&reading, AMOUNT_DIGITS_MAX, &amount);

		unit_ms = take_unit_ms(&reading);
		if (digits == 0 || digits > AMOUNT_DIGITS_MAX || unit_ms == 0)
			return false;
		ago_ms += amount * unit_ms;
	} while (!is_at_end(&reading));
	*ret_ms = now_ms - ago_ms;
	return true;
}

/* "Z", "+01:00", "+0100"; a blank is what a URL's query makes of "+". */
static bool
take_zone(struct reading *reading, int *ret_east_s)
{
	int hours = 0, minutes = 0, sign = peek(reading) == '-' ? -1 : 1;

	*ret_east_s = 0;
	if (take(reading, "Zz"))
		return true;
	if (!take(reading, "+- "))
		return false;
	if (reading->end - reading->at == 4) {
		if (!take_number(reading, 4, &hours))
			return false;
		minutes = hours % 100;
		hours /= 100;
	} else if (!take_number(reading, 2, &hours) || !take(reading, ":") ||
		   !take_number(reading, 2, &minutes)) {
		return false;
	}
	*ret_east_s = sign * 60 * (60 * hours + minutes);
	return hours <= 23 && minutes <= 59;
}

static bool
take_date(struct reading *reading, struct tm *fields)
{
	if (!take_number(reading, 4, &fields->tm_year) || !take(reading, "-") ||
	    !take_number(reading, 2, &fields->tm_mon) || !take(reading, "-") ||
	    !take_number(reading, 2, &fields->tm_mday))
		return false;
	fields->tm_year -= 1900;
	fields->tm_mon--;
	return true;
}

/* "10:00", "10:00:00" or "10:00:00.5". */
static bool
take_time(struct reading *reading, struct tm *fields, int *ret_fraction_ms)
{
	if (!take_number(reading, 2, &fields->tm_hour) || !take(reading, ":") ||
	    !take_number(reading, 2, &fields->tm_min))
		return false;
	if (!take(reading, ":"))
		return true;
	return take_number(reading, 2, &fields->tm_sec) &&
	       take_fraction(reading, ret_fraction_ms);
}

/* timegm() makes a 3rd of March of the 31st of February. */
static bool
is_valid(const struct tm *fields)
{
	struct tm same = *fields;

	if (fields->tm_hour > 23 || fields->tm_min > 59 ||
	    fields->tm_sec > 60 || fields->tm_mon < 0 || fields->tm_mon > 11)
		return false;
	same.tm_hour = same.tm_min = same.tm_sec = 0;
	(void)timegm(&same);
	return same.tm_mday == fields->tm_mday && fields->tm_mday > 0;
}

static bool
read_date(struct reading reading, int64_t *ret_ms)
{
	struct tm fields = {0};
	int fraction_ms = 0, east_s = 0;
	bool is_local = true;

	if (!take_date(&reading, &fields))
		return false;
	if (!is_at_end(&reading) &&
	    (!take(&reading, "Tt ") ||
		!take_time(&reading, &fields, &fraction_ms)))
		return false;
	if (!is_at_end(&reading)) {
		is_local = false;
		if (!take_zone(&reading, &east_s))
			return false;
	}
	if (!is_at_end(&reading) || !is_valid(&fields))
		return false;
	*ret_ms = (is_local ? local_time_of(&fields).first_s
			    : local_time_as_utc(&fields) - east_s) *
		      1000 +
		  fraction_ms;
	return true;
}

int
since_text_read(struct sse_slice text, int64_t now_ms, int64_t *ret_ms)
{
	const struct reading reading = {text.data, text.data + text.size};

	if (text.size == 0 || text.size > SSE_SINCE_SIZE_MAX)
		return -EBADMSG;
	return read_epoch(reading, ret_ms) ||
		       read_ago(reading, now_ms, ret_ms) ||
		       read_date(reading, ret_ms)
		   ? 0
		   : -EBADMSG;
}
