/*
 * time_fuzz.c - any format is read or refused, any line has a time or none,
 * and so has any "since"; a time is one of sane years.
 *
 *	input: size of the format (1 byte), format, line
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "record/record_time.h"
#include "conf/since_text.h"

#define NOW_MS INT64_C(1795168800000)

/* In memory of its own: a byte read too far is seen. */
static char *
copy_of(struct sse_slice text)
{
	char *copy = malloc(text.size + 1);

	REQUIRE(copy != NULL);
	memcpy(copy, text.data, text.size);
	copy[text.size] = '\0';
	return copy;
}

static void
check_line(const struct time_format *format, struct sse_slice line)
{
	char *copy = malloc(line.size + (line.size == 0));
	int64_t ms = -1;

	REQUIRE(copy != NULL);
	memcpy(copy, line.data, line.size);
	if (record_time_read(
		format, (struct sse_slice){copy, line.size}, NOW_MS, &ms))
		REQUIRE(ms >= RECORD_TIME_MIN_MS && ms <= RECORD_TIME_MAX_MS);
	else
		REQUIRE(ms == -1);
	free(copy);
}

static void
check_since(struct sse_slice text)
{
	int64_t ms = 1;
	int error = since_text_read(text, NOW_MS, &ms);

	REQUIRE(error == 0 || (error == -EBADMSG && ms == 1));
	REQUIRE(error != 0 || text.size <= SSE_SINCE_SIZE_MAX);
}

void
time_fuzz(struct sse_slice line)
{
	size_t format_size = fuzz_number(&line);
	char *text = copy_of(fuzz_take(&line, format_size));
	struct time_format format = {.count = 0};

	if (time_format_read(text, &format) == 0)
		check_line(&format, line);
	else
		REQUIRE(format.count == 0);
	check_since(line);
	free(text);
}
