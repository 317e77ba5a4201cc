/*
 * Searches that were given up: each is counted, and the first of each key is
 * told.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

#include "program/given_up.h"

static uint64_t counts[STREAM_PATTERNS];

uint64_t __wrap_stream_take_given_up(
    struct stream *stream, enum stream_pattern pattern);

uint64_t
__wrap_stream_take_given_up(struct stream *stream, enum stream_pattern pattern)
{
	uint64_t count = counts[pattern];

	(void)stream;
	counts[pattern] = 0;
	return count;
}

/* The keys of the lines that are in the log, "include exclude ". */
static void
check_told(const char *want)
{
	char line[LOG_LINE_SIZE_MAX + 2], got[200] = "";
	FILE *file = fopen(test_path("said"), "r");

	CHECK(file != NULL);
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *key = strstr(line, "app: ");

		CHECK(key != NULL && strstr(line, "said once") != NULL);
		(void)strncat(got, key + 5, strcspn(key + 5, ":"));
		(void)strcat(got, " ");
	}
	(void)fclose(file);
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want));
}

TEST(all_are_counted_and_each_key_is_told_once)
{
	static const struct {
		uint64_t included, excluded, started, want;
		const char *told;
	} steps[] = {
	    {0, 0, 0, 0, ""},
	    {0, 2, 0, 2, "exclude "},
	    {0, 3, 0, 3, "exclude "},
	    {1, 1, 5, 7, "exclude include record-start "},
	    {9, 9, 9, 27, "exclude include record-start "},
	    {0, 0, 0, 0, "exclude include record-start "},
	};
	static char name[] = "app";
	const struct stream_conf conf = {.name = name};
	struct given_up given_up = {{false}};
	struct log *log;

	CHECK_EQUAL_INT(log_open(test_path("said"), "prog", false, &log), 0);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		counts[STREAM_INCLUDE] = steps[i].included;
		counts[STREAM_EXCLUDE] = steps[i].excluded;
		counts[STREAM_RECORD_START] = steps[i].started;
		CHECK_EQUAL_INT(
		    given_up_note(&given_up, NULL, &conf, log), steps[i].want);
		check_told(steps[i].told);
	}
	log_close(log);
}
