/*
 * format_fuzz.c - whatever a record is, and in whatever form it is read, what
 * is made of it can be sent.
 *
 *	input: a byte that chooses the form (modulo 3), whether escape
 *	sequences are kept (8), whether its ids count (16), whether it was cut
 *	(32), whether it has an end (64); and the record
 */
#include "config.h"

#include "fuzz.h"

#include "record/format.h"

#define RECORD_SIZE_MAX 65536

static void
check_frame(const struct sse_event *event)
{
	size_t most = sse_encode_size(event);
	char *frame = malloc(most);

	REQUIRE(frame != NULL);
	REQUIRE(sse_event_check(event) == 0);
	REQUIRE(sse_encode(event, frame, most) > 0);
	free(frame);
}

void
format_fuzz(struct sse_slice input)
{
	static const enum conf_format formats[] = {
	    CONF_FORMAT_LINES, CONF_FORMAT_JSON, CONF_FORMAT_SSE};
	uint64_t how = fuzz_number(&input);
	const struct stream_conf conf = {
	    .event = "",
	    .record_size_max = RECORD_SIZE_MAX,
	    .backlog_size = 64 << 20,
	    .format = formats[how % 3],
	    .ansi = (how & 8) != 0 ? CONF_ANSI_KEEP : CONF_ANSI_STRIP,
	    .ids = (how & 16) != 0 ? CONF_IDS_RECORD : CONF_IDS_POSITION,
	};
	struct record record = {.text = input,
	    .left_out = (how & 32) != 0 ? 7 : 0,
	    .unfinished = (how & 64) != 0};
	struct sse_event event;
	struct format format;
	int got;

	if (input.size > RECORD_SIZE_MAX)
		return;
	format_init(&format, &conf);
	got = format_event(&format, &record, &event);
	REQUIRE(got >= 0);
	if (got != FORMAT_NOTHING)
		check_frame(&event);
	format_done(&format);
}
