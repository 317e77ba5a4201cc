/*
 * record_time.c - the time of a record.
 *
 *	format  FIELDS %f FIELDS   %*   FIELDS %s   %*   ...
 *	        '----- run ----'        '- run -'
 *
 * A run matches at a place or it does not: strptime(3) reads its fields, since
 * administrators know its forms.  The first run has to match at the beginning
 * of the line, each other one matches at the first place behind the one before.
 * No place is looked at twice, so the work is linear in the line.
 */
#include "config.h"

#include "record/record_time.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "record/local_time.h"
#include "record/time_piece.h"

#define BACK_MAX 8 /* years, to the last 29th of February */

size_t
record_time_looked_at(const struct time_format *format)
{
	return RECORD_TIME_SIZE_MAX +
	       (format->skips ? (size_t)RECORD_TIME_SKIP_MAX : 0);
}

/* --------------------------------------------------------------- runs -- */

/* The pieces between two %*, or to the end. */
struct run {
	const struct time_format *format;
	size_t first;
	size_t end;
};

static struct run
run_at(const struct time_format *format, size_t first)
{
	struct run run = {format, first, first};

	while (run.end < format->count &&
	       format->pieces[run.end].kind != TIME_PIECE_SKIP)
		run.end++;
	return run;
}

/* Whether the run matches there; then *place is behind it. */
static bool
match(const struct run *run, struct sse_slice line, size_t *place,
    struct time_found *found)
{
	char text[RECORD_TIME_SIZE_MAX + 1];
	struct time_found attempt = *found;
	size_t size = line.size - *place;
	const char *at = text;

	assert(*place <= line.size);
	if (size > RECORD_TIME_SIZE_MAX)
		size = RECORD_TIME_SIZE_MAX;
	memcpy(text, line.data + *place, size);
	text[size] = '\0';
	for (size_t i = run->first; i < run->end && at != NULL; i++)
		at = time_piece_take(
		    run->format, &run->format->pieces[i], at, &attempt);
	if (at == NULL)
		return false;
	*found = attempt;
	*place += (size_t)(at - text);
	return true;
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Whether a conversion may match here: in no number or word of another one. */
static bool
may_begin(char conversion, char before, char byte)
{
	if (strchr("aAbBhcpP", conversion) != NULL)
		return is_letter(byte) && !is_letter(before);
	if (strchr("deYyjmHIklMSDFTRrCuwxXs", conversion) != NULL)
		return is_digit(byte) && !is_digit(before);
	return true;
}

/* The next place where the run may match; line.size: there is none. */
static size_t
next_place(const struct run *run, struct sse_slice line, size_t from)
{
	const struct time_piece *piece = &run->format->pieces[run->first];
	const char *literal = run->format->text + piece->begin;
	const char *at = line.data + from;
	char conversion, before = from > 0 ? at[-1] : ' ';

	assert(run->first < run->end && from <= line.size);
	if (piece->kind == TIME_PIECE_FIELDS && piece->literal > 0) {
		at = memmem(at, line.size - from, literal, piece->literal);
		return at != NULL ? (size_t)(at - line.data) : line.size;
	}
	conversion = time_piece_letter(run->format, piece);
	while (
	    from < line.size && !may_begin(conversion, before, line.data[from]))
		before = line.data[from++];
	return from;
}

/* The same for a run behind a %*: at the first place from there on. */
static bool
find(const struct run *run, struct sse_slice line, size_t *place,
    struct time_found *found)
{
	for (int i = 0; i < RECORD_TIME_PLACES_MAX; i++) {
		*place = next_place(run, line, *place);
		if (*place == line.size)
			return false;
		if (match(run, line, place, found))
			return true;
		++*place;
	}
	return false;
}

static bool
read_line(const struct time_format *format, struct sse_slice line,
    struct time_found *found)
{
	struct run run = run_at(format, 0);
	size_t place = 0;
	bool matches = match(&run, line, &place, found);

	while (matches && run.end < format->count) {
		run = run_at(format, run.end + 1);
		matches = find(&run, line, &place, found);
	}
	return matches;
}

/* ------------------------------------------------------------ moments -- */

/* timegm() makes a 3rd of March of the 31st of February. */
static bool
is_date(const struct tm *fields)
{
	struct tm same = *fields;

	/* The second of 23:59:60 is one of the next day. */
	same.tm_hour = same.tm_min = same.tm_sec = 0;
	(void)timegm(&same);
	return same.tm_mday == fields->tm_mday;
}

/* The month and day of a day of that year; where it has none, no date. */
static void
set_date(const struct time_format *format, struct time_found *found)
{
	struct tm *fields = &found->fields;
	struct tm day = {
	    .tm_year = fields->tm_year, .tm_mday = found->year_day};

	if (!format->year_day)
		return;
	(void)timegm(&day);
	fields->tm_mon = day.tm_mon;
	fields->tm_mday = day.tm_year == fields->tm_year ? day.tm_mday : 0;
}

static bool
is_zone_at(int64_t second, const char *zone)
{
	time_t time = (time_t)second;
	struct tm local;

	return localtime_r(&time, &local) != NULL &&
	       strcmp(local.tm_zone, zone) == 0;
}

/* A name says which of two is meant, and that it is not another zone's. */
static bool
named_second(const struct local_time *local, const char *zone, int64_t *ret_s)
{
	*ret_s =
	    is_zone_at(local->last_s, zone) ? local->last_s : local->first_s;
	return is_zone_at(*ret_s, zone);
}

/*
 * The last second that may be meant and is not in the future, if there is one
 * in the zone that is named.
 */
static bool
last_second(const struct time_format *format, const struct time_found *found,
    int64_t limit_s, int64_t *ret_s)
{
	const struct tm *fields = &found->fields;
	struct local_time local;

	if (format->zone || found->is_offset) {
		*ret_s = local_time_as_utc(fields) - fields->tm_gmtoff;
		return true;
	}
	local = local_time_of(fields);
	if (found->zone[0] != '\0')
		return named_second(&local, found->zone, ret_s);
	*ret_s = local.last_s > limit_s ? local.first_s : local.last_s;
	return true;
}

static void
go_back(const struct time_format *format, struct tm *fields)
{
	if (format->month)
		fields->tm_year--;
	else if (format->day)
		fields->tm_mon--;
	else
		fields->tm_mday--;
}

/* The latest time with these fields that is not in the future. */
static bool
latest(const struct time_format *format, struct time_found *found,
    int64_t limit_s, int64_t *ret_s)
{
	struct tm *fields = &found->fields;

	for (int i = 0; i <= BACK_MAX; i++) {
		set_date(format, found);
		if (last_second(format, found, limit_s, ret_s) &&
		    *ret_s <= limit_s && (!format->day || is_date(fields)))
			return true;
		go_back(format, fields);
	}
	return false;
}

/* Today at midnight: what a format does not say. */
static struct tm
today(const struct time_format *format, int64_t now_ms)
{
	time_t now_s = (time_t)(now_ms / 1000);
	struct tm now = {0};

	if (!format->year && !format->moment)
		(void)localtime_r(&now_s, &now);
	return (struct tm){
	    .tm_year = now.tm_year,
	    .tm_mon = now.tm_mon,
	    .tm_mday = now.tm_mday,
	    .tm_isdst = -1,
	};
}

static bool
second_of(const struct time_format *format, struct time_found *found,
    int64_t now_ms, int64_t *ret_s)
{
	int64_t ahead_ms =
	    format->day ? RECORD_DATE_AHEAD_MS : RECORD_TIME_AHEAD_MS;
	int64_t limit_s = (now_ms + ahead_ms) / 1000;
	struct tm *fields = &found->fields;

	set_date(format, found);
	if (format->twelve)
		fields->tm_hour =
		    fields->tm_hour % 12 + (found->is_pm ? 12 : 0);
	if (format->moment)
		*ret_s = found->moment_s;
	else if (!format->year)
		return latest(format, found, limit_s, ret_s);
	else if (!last_second(format, found,
		     (now_ms + RECORD_TIME_AHEAD_MS) / 1000, ret_s))
		return false;
	return format->moment || is_date(fields);
}

bool
record_time_read(const struct time_format *format, struct sse_slice line,
    int64_t now_ms, int64_t *ret_ms)
{
	struct time_found found = {.fields = today(format, now_ms)};
	int64_t second, ms;

	if (line.size > record_time_looked_at(format))
		line.size = record_time_looked_at(format);
	if (line.size == 0 || !read_line(format, line, &found) ||
	    !second_of(format, &found, now_ms, &second))
		return false;
	ms = second * 1000 + found.fraction_ms;
	if (ms < RECORD_TIME_MIN_MS || ms > RECORD_TIME_MAX_MS)
		return false;
	*ret_ms = ms;
	return true;
}
