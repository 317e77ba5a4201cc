/*
 * record_time.c - the time that a record begins with.
 *
 * strptime(3) reads it: administrators know its forms.
 */
#include "config.h"

#include "record_time.h"

#include <string.h>
#include <time.h>

/* What directives say, each for itself. */
#define SAY_YEAR "YyDFcxs"
#define SAY_MONTH "mbBhjDFcxs"
#define SAY_DAY "dejDFcxs"
#define SAY_ZONE "z"
#define SAY_REST "aAuwCHIklMSpPrRTXfZnt%"

#define BACK_MAX 8 /* years, to the last 29th of February */

struct form {
	bool year, month, day, zone;
};

static bool
is_one_of(char letter, const char *letters)
{
	return letter != '\0' && strchr(letters, letter) != NULL;
}

static bool
is_directive(char letter)
{
	return is_one_of(letter, SAY_YEAR SAY_MONTH SAY_DAY SAY_ZONE SAY_REST);
}

static struct form
form_of(const char *format)
{
	struct form form = {false, false, false, false};

	for (; (format = strchr(format, '%')) != NULL; format += 2) {
		form.year = form.year || is_one_of(format[1], SAY_YEAR);
		form.month = form.month || is_one_of(format[1], SAY_MONTH);
		form.day = form.day || is_one_of(format[1], SAY_DAY);
		form.zone = form.zone || is_one_of(format[1], SAY_ZONE);
	}
	return form;
}

bool
record_time_is_format(const char *format)
{
	bool says = false;

	if (strlen(format) > RECORD_TIME_FORMAT_SIZE_MAX)
		return false;
	for (; (format = strchr(format, '%')) != NULL; format += 2) {
		if (!is_directive(format[1]))
			return false;
		says = says || !is_one_of(format[1], "nt%fZ");
	}
	return says;
}

/* "%f": a dot or a comma, and digits; or nothing. */
static const char *
read_fraction(const char *text, int *ret_ms)
{
	int worth = 100;

	*ret_ms = 0;
	if (*text != '.' && *text != ',')
		return text;
	for (text++; *text >= '0' && *text <= '9'; text++) {
		*ret_ms += worth * (*text - '0');
		worth /= 10;
	}
	return text;
}

/* The next %f, but not the one in "%%f". */
static const char *
find_fraction(const char *format)
{
	for (; (format = strchr(format, '%')) != NULL; format += 2)
		if (format[1] == 'f')
			return format;
	return NULL;
}

/* strptime() with %f. */
static bool
read_fields(
    const char *text, const char *format, struct tm *tm, int *ret_fraction_ms)
{
	char part[RECORD_TIME_FORMAT_SIZE_MAX + 1];
	const char *fraction;

	*ret_fraction_ms = 0;
	while ((fraction = find_fraction(format)) != NULL) {
		(void)memcpy(part, format, (size_t)(fraction - format));
		part[fraction - format] = '\0';
		text = strptime(text, part, tm);
		if (text == NULL)
			return false;
		text = read_fraction(text, ret_fraction_ms);
		format = fraction + 2;
	}
	return strptime(text, format, tm) != NULL;
}

static int64_t
seconds_of(const struct tm *fields, bool has_zone, struct tm *ret_normal)
{
	*ret_normal = *fields;
	if (has_zone)
		return (int64_t)timegm(ret_normal) - fields->tm_gmtoff;
	return (int64_t)mktime(ret_normal);
}

/* Today at midnight: what a form does not say. */
static struct tm
today(int64_t now_ms)
{
	time_t now_s = (time_t)(now_ms / 1000);
	struct tm now = {0};

	(void)localtime_r(&now_s, &now);
	return (struct tm){
	    .tm_year = now.tm_year,
	    .tm_mon = now.tm_mon,
	    .tm_mday = now.tm_mday,
	    .tm_isdst = -1,
	};
}

static void
go_back(const struct form *form, struct tm *fields)
{
	if (form->month)
		fields->tm_year--;
	else if (form->day)
		fields->tm_mon--;
	else
		fields->tm_mday--;
}

/* The latest time with these fields that is not in the future. */
static bool
latest(
    const struct form *form, struct tm *fields, int64_t limit_s, int64_t *ret_s)
{
	for (int i = 0; i <= BACK_MAX; i++) {
		struct tm normal;

		*ret_s = seconds_of(fields, form->zone, &normal);
		if (*ret_s <= limit_s &&
		    (!form->day || normal.tm_mday == fields->tm_mday))
			return true;
		go_back(form, fields);
	}
	return false;
}

bool
record_time_read(const char *format, struct sse_slice record, int64_t now_ms,
    int64_t *ret_ms)
{
	const struct form form = form_of(format);
	struct tm fields = today(now_ms), normal;
	char text[RECORD_TIME_SIZE_MAX + 1];
	int fraction_ms;
	int64_t time_s;

	if (record.size == 0)
		return false;
	if (record.size > RECORD_TIME_SIZE_MAX)
		record.size = RECORD_TIME_SIZE_MAX;
	(void)memcpy(text, record.data, record.size);
	text[record.size] = '\0';
	if (!read_fields(text, format, &fields, &fraction_ms))
		return false;
	if (form.year)
		time_s = seconds_of(&fields, form.zone, &normal);
	else if (!latest(&form, &fields, (now_ms + RECORD_TIME_AHEAD_MS) / 1000,
		     &time_s))
		return false;
	*ret_ms = time_s * 1000 + fraction_ms;
	return true;
}
