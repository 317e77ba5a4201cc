/*
 * record_time_fuzz.c - a time that was printed in a format is read from a line
 * that begins with it; and what is behind the bytes that are looked at changes
 * nothing.
 *
 *	input: format (1 byte), a moment (6 bytes, milliseconds), zone (1,
 *	quarters of an hour), what is behind it in the line
 */
#include "config.h"

#include "fuzz.h"

#include <time.h>

#include "record/record_time.h"

#define NOW_MS (RECORD_TIME_MAX_MS + 1)
#define ZONE_MAX 48 /* quarters: 12:00 */

/* What strftime(3) prints and the format reads; "F" is a fraction. */
static const struct form {
	const char *format;
	const char *printed;
	bool has_zone;
	bool has_ms;
} forms[] = {
    {"%Y-%m-%dT%H:%M:%S%f%z", "%Y-%m-%dT%H:%M:%SF%z", true, true},
    {"[%d/%b/%Y:%H:%M:%S %z]", "[%d/%b/%Y:%H:%M:%S %z]", true, false},
    {"%Y-%m-%d %H:%M:%S%fZ", "%Y-%m-%d %H:%M:%SFZ", false, true},
    {"%s%f", "%sF", false, true},
    {"%*%Y%m%d %H%M%S%f %z", "at %Y%m%d %H%M%SF %z", true, true},
    {"%a, %d %b %Y %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z", true, false},
    {"%Y-%m-%d %I:%M:%S %p UTC", "%Y-%m-%d %I:%M:%S %p UTC", false, false},
};

/* The forms of the table are not written where they are used. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

#define FORMS (sizeof(forms) / sizeof(forms[0]))

static void
put_fields(const struct tm *fields, const char *form, int ms, char out[128])
{
	char text[100];
	const char *fraction;

	REQUIRE(strftime(text, sizeof(text), form, fields) > 0);
	fraction = strrchr(form, 'F') != NULL ? strrchr(text, 'F') : NULL;
	/* No weekday and no month that is printed has an F behind it. */
	if (fraction == NULL)
		(void)snprintf(out, 128, "%s", text);
	else
		(void)snprintf(out, 128, "%.*s.%03d%s", (int)(fraction - text),
		    text, ms, fraction + 1);
}

/* "%z" of gmtime_r() is always +0000, and "%s" is of the local zone. */
static void
print(const struct form *form, int64_t ms, int zone, char out[128])
{
	time_t at = (time_t)(ms / 1000 + (form->has_zone ? zone * 900 : 0));
	struct tm fields;

	if (form->format[1] == 's') {
		(void)snprintf(out, 128, "%lld.%03d", (long long)(ms / 1000),
		    (int)(ms % 1000));
		return;
	}
	REQUIRE(gmtime_r(&at, &fields) != NULL);
	if (form->has_zone)
		fields.tm_gmtoff = zone * 900;
	put_fields(&fields, form->printed, (int)(ms % 1000), out);
}

static bool
read_line(const struct time_format *format, struct sse_slice line, int64_t *ms)
{
	struct sse_slice copy = fuzz_copy(line);
	bool got;

	*ms = -1;
	got = record_time_read(format, copy, NOW_MS, ms);
	REQUIRE(got ? *ms >= RECORD_TIME_MIN_MS && *ms <= RECORD_TIME_MAX_MS
		    : *ms == -1);
	fuzz_free(copy);
	return got;
}

static void
check_cut(const struct time_format *format, struct sse_slice line)
{
	struct sse_slice cut = line;
	int64_t ms, again;
	bool got = read_line(format, line, &ms);

	if (cut.size > record_time_looked_at(format))
		cut.size = record_time_looked_at(format);
	REQUIRE(read_line(format, cut, &again) == got && again == ms);
}

void
record_time_fuzz(struct sse_slice input)
{
	const struct form *form = &forms[fuzz_number(&input) % FORMS];
	int64_t ms = (int64_t)(fuzz_large(&input, 6) %
			       (uint64_t)(RECORD_TIME_MAX_MS - 86400000));
	int zone = fuzz_number(&input) % (2 * ZONE_MAX + 1) - ZONE_MAX;
	char printed[128], text[4096];
	struct time_format format;
	int64_t got;
	int size;

	ms += 43200000; /* no zone makes it earlier than 1970 */
	/* gmtime_r() prints it: within what its time_t holds. */
	if (sizeof(time_t) == 4)
		ms = 43200000 + ms % (INT64_C(2000000000) * 1000);
	REQUIRE(time_format_read(form->format, &format) == 0);
	if (!form->has_ms)
		ms -= ms % 1000;
	if (form->format[1] == 's' && ms < INT64_C(1000000000000))
		ms += INT64_C(1000000000000); /* 10 digits of seconds */
	print(form, ms, zone, printed);
	size = snprintf(text, sizeof(text), "%s %.*s", printed,
	    (int)(input.size < 3000 ? input.size : 3000), input.data);
	REQUIRE(
	    read_line(&format, (struct sse_slice){text, (size_t)size}, &got));
	REQUIRE(got == ms);
	check_cut(&format, (struct sse_slice){text, (size_t)size});
	check_cut(&format, input);
}
