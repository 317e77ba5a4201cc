#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/line_time.h"

/* 2026-11-20T10:00:00Z */
#define NOW_MS INT64_C(1795168800000)

static struct line_time *
line_time_of(const char *format, bool keep_sequences)
{
	struct line_time *line_time;

	CHECK_EQUAL_INT(line_time_new(format, keep_sequences, &line_time), 0);
	return line_time;
}

TEST(the_time_is_that_of_the_line_as_it_is_sent)
{
	static const struct {
		const char *line;
		bool keep_sequences;
		bool has_time;
	} cases[] = {
	    {"2026-11-20T10:00:00Z a", false, true},
	    {"2026-11-20T10:00:00Z a", true, true},
	    {"\x1b[32m2026-11-20T10:00:00Z\x1b[0m a", false, true},
	    {"\x1b[32m2026-11-20T10:00:00Z\x1b[0m a", true, false},
	    {"2026-11-20T\x1b[1m10:00:00Z a", false, true},
	    {"2026-11-20T\x1b[1m10:00:00Z a", true, false},
	    {".2026-11-20T10:00:00Z", false, false},
	    {"2026-11-20T10:00:0", false, false},
	    {"\xff", false, false},
	    {"\x1b[", false, false},
	    {"", false, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line_time *line_time = line_time_of(
		    "%Y-%m-%dT%H:%M:%S%z", cases[i].keep_sequences);
		size_t size = strlen(cases[i].line);
		struct sse_slice line = {
		    test_guarded(cases[i].line, size), size};
		int64_t ms = -7;

		printf("# case %zu\n", i);
		CHECK_EQUAL_INT(line_time_read(line_time, line, NOW_MS, &ms),
		    cases[i].has_time);
		CHECK_EQUAL_INT(ms, cases[i].has_time ? NOW_MS : -7);
		line_time_free(line_time);
	}
}

TEST(what_is_no_format_is_refused)
{
	static const char *const bad[] = {"yesterday", "%Q", "%Y-%m", "%T%*"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct line_time *line_time = NULL;

		CHECK_EQUAL_INT(
		    line_time_new(bad[i], false, &line_time), -EINVAL);
		CHECK(line_time == NULL);
	}
	line_time_free(NULL);
}

/* A line may be as long as it likes. */
TEST(so_many_bytes_of_a_line_are_looked_at)
{
	static const char time[] = "2026-11-20T10:00:00Z";
	struct line_time *line_time =
	    line_time_of("%*%Y-%m-%dT%H:%M:%S%z", false);
	size_t most = line_time_size_max(line_time);
	size_t size = most + sizeof(time);
	char *line = malloc(size);
	int64_t ms;

	CHECK(most >= sizeof(time) && line != NULL);
	memset(line, '.', size);
	memcpy(line + 100, time, sizeof(time) - 1);
	CHECK(line_time_read(
	    line_time, (struct sse_slice){line, size}, NOW_MS, &ms));
	CHECK_EQUAL_INT(ms, NOW_MS);
	/* Behind these there may be anything. */
	memset(line, '.', size);
	memcpy(line + most + 1, time, sizeof(time) - 1);
	CHECK(!line_time_read(
	    line_time, (struct sse_slice){line, size}, NOW_MS, &ms));
	free(line);
	line_time_free(line_time);
}
