/*
 * rfc3339.c - a moment as a client writes it.
 */
#include "rfc3339.h"

#include <errno.h>
#include <time.h>

/* What is left to read; data is NULL after a mistake. */
struct reading {
	const char *data;
	const char *end;
};

/* So many digits, or -1. */
static int
take_number(struct reading *reading, int digits)
{
	int number = 0;

	for (; reading->data != NULL && digits > 0; digits--) {
		if (reading->data == reading->end || *reading->data < '0' ||
		    *reading->data > '9')
			reading->data = NULL;
		else
			number = 10 * number + (*reading->data++ - '0');
	}
	return reading->data != NULL ? number : -1;
}

/* One octet of those, or NUL. */
static char
take_one_of(struct reading *reading, const char *octets)
{
	for (; reading->data != NULL && reading->data < reading->end &&
	       *octets != '\0';
	     octets++)
		if (*reading->data == *octets)
			return *reading->data++;
	reading->data = NULL;
	return '\0';
}

/* ".123456", if it is there. */
static int
take_fraction_ms(struct reading *reading)
{
	struct reading dot = *reading;
	int ms = 0, worth = 100;

	if (take_one_of(&dot, ".") == '\0')
		return 0;
	*reading = dot;
	ms = worth * take_number(reading, 1);
	while (reading->data != NULL && reading->data < reading->end &&
	       *reading->data >= '0' && *reading->data <= '9') {
		worth /= 10;
		ms += worth * (*reading->data++ - '0');
	}
	return ms;
}

/* Seconds east of Greenwich. */
static int
take_zone(struct reading *reading)
{
	char sign = take_one_of(reading, "Zz+- ");
	int hours, minutes;

	if (sign == 'Z' || sign == 'z' || sign == '\0')
		return 0;
	hours = take_number(reading, 2);
	(void)take_one_of(reading, ":");
	minutes = take_number(reading, 2);
	if (hours > 23 || minutes > 59)
		reading->data = NULL;
	return (sign == '-' ? -60 : 60) * (60 * hours + minutes);
}

static void
take_date(struct reading *reading, struct tm *tm)
{
	tm->tm_year = take_number(reading, 4) - 1900;
	(void)take_one_of(reading, "-");
	tm->tm_mon = take_number(reading, 2) - 1;
	(void)take_one_of(reading, "-");
	tm->tm_mday = take_number(reading, 2);
}

static void
take_time(struct reading *reading, struct tm *tm)
{
	tm->tm_hour = take_number(reading, 2);
	(void)take_one_of(reading, ":");
	tm->tm_min = take_number(reading, 2);
	(void)take_one_of(reading, ":");
	tm->tm_sec = take_number(reading, 2);
}

/* timegm() makes a 1st of May of the 31st of April. */
static bool
is_date(const struct tm *tm)
{
	struct tm same = *tm;

	(void)timegm(&same);
	return tm->tm_hour <= 23 && tm->tm_min <= 59 && tm->tm_sec <= 60 &&
	       tm->tm_mon >= 0 && tm->tm_mon <= 11 && tm->tm_mday >= 1 &&
	       (same.tm_mday == tm->tm_mday || tm->tm_sec == 60);
}

int
sse_rfc3339_parse(struct sse_slice text, int64_t *ret_ms)
{
	struct reading reading = {text.data, text.data + text.size};
	struct tm tm = {0};
	int fraction_ms, east_s;

	if (text.size == 0 || text.size > SSE_SINCE_SIZE_MAX)
		return -EBADMSG;
	take_date(&reading, &tm);
	(void)take_one_of(&reading, "Tt ");
	take_time(&reading, &tm);
	fraction_ms = take_fraction_ms(&reading);
	east_s = take_zone(&reading);
	if (reading.data == NULL || reading.data != reading.end ||
	    !is_date(&tm))
		return -EBADMSG;
	*ret_ms = ((int64_t)timegm(&tm) - east_s) * 1000 + fraction_ms;
	return 0;
}
