/*
 * times.c - reads times as the programs do, to be compared with another's.
 *
 * Each line of standard input has, with tabs between them: a zone, what is now
 * (milliseconds since 1970), a format, or "since" for a time of a client, and a
 * text.  On standard output milliseconds, or "none".
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf/since_text.h"
#include "record/record_time.h"

#define LINE_SIZE_MAX 1024

static bool
read_time(const char *how, struct sse_slice text, int64_t now_ms, int64_t *ms)
{
	struct time_format format;

	if (strcmp(how, "since") == 0)
		return since_text_read(text, now_ms, ms) == 0;
	return time_format_read(how, &format) == 0 &&
	       record_time_read(&format, text, now_ms, ms);
}

static void
set_zone(const char *zone)
{
	if (setenv("TZ", zone, 1) != 0)
		exit(111);
	tzset();
}

int
main(void)
{
	char line[LINE_SIZE_MAX];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *rest = line;
		const char *zone = strsep(&rest, "\t");
		const char *now = strsep(&rest, "\t");
		const char *how = strsep(&rest, "\t");
		const char *text = strsep(&rest, "\n");
		int64_t ms;

		if (text == NULL)
			return 100;
		set_zone(zone);
		if (read_time(
			how, sse_slice(text), strtoll(now, NULL, 10), &ms))
			printf("%" PRId64 "\n", ms);
		else
			printf("none\n");
	}
	return 0;
}
