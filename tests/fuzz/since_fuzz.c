/*
 * since_fuzz.c - a moment that is printed as RFC 3339 has it, in any zone, or
 * as a number, is read as the same moment; and so is one that was read.
 *
 *	input: a moment (8 bytes, milliseconds), zone (1, quarters of an hour),
 *	text
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "conf/since_text.h"

#define NOW_MS INT64_C(1795168800000)
#define MOMENT_END_MS INT64_C(253402200000000) /* within the year 9999 */
#define NUMBER_MIN_MS INT64_C(100000000000)    /* with 12 digits */
#define NUMBER_END_MS INT64_C(100000000000000) /* with 15 */
#define ZONE_MAX 95                            /* quarters: 23:45 */

static void
check_read(const char *text, int64_t ms)
{
	int64_t again = ~ms;

	REQUIRE(since_text_read(sse_slice(text), NOW_MS, &again) == 0);
	REQUIRE(again == ms);
}

static void
check_moment(int64_t ms, int zone)
{
	int64_t local_s = ms / 1000 + zone * 900;
	time_t local = (time_t)local_s;
	int minutes = abs(zone) * 15;
	char text[100], date[40];
	struct tm fields;

	/* Where time_t ends in 2038. */
	if (local != local_s)
		return;
	REQUIRE(gmtime_r(&local, &fields) != NULL);
	REQUIRE(strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &fields) > 0);
	if (fields.tm_year + 1900 > 9999 || fields.tm_year + 1900 < 1000)
		return;
	(void)snprintf(text, sizeof(text), "%s.%03d%c%02d:%02d", date,
	    (int)(ms % 1000), zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
	check_read(text, ms);
	if (ms < NUMBER_MIN_MS || ms >= NUMBER_END_MS)
		return;
	(void)snprintf(text, sizeof(text), "%" PRId64, ms);
	check_read(text, ms);
}

void
since_fuzz(struct sse_slice input)
{
	uint64_t number = fuzz_large(&input, 8);
	int zone = fuzz_number(&input) % (2 * ZONE_MAX + 1) - ZONE_MAX;
	struct sse_slice text = fuzz_copy(input);
	int64_t ms = 1;
	int error;

	check_moment((int64_t)(number % (uint64_t)MOMENT_END_MS), zone);
	error = since_text_read(text, NOW_MS, &ms);
	REQUIRE(error == 0 || (error == -EBADMSG && ms == 1));
	REQUIRE(error != 0 || text.size <= SSE_SINCE_SIZE_MAX);
	if (error == 0 && ms >= 0 && ms < MOMENT_END_MS)
		check_moment(ms, zone);
	fuzz_free(text);
}
