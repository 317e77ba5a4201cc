/*
 * json_fuzz.c - any record becomes an event that arrives as it is, and nothing
 * of a record is lost without a word.
 *
 *	input: ids = record or not (the lowest bit of the first byte), and the
 *	record
 */
#include "config.h"

#include "fuzz.h"

#include "record/format.h"

#define RECORD_SIZE_MAX 65536
#define FRAME_GROWTH 7 /* as cgi/pump.c reserves */
#define FRAME_REST 1024

static void
check_id(struct sse_decoder *decoder, const struct sse_event *event)
{
	REQUIRE(sse_slice_equal(sse_decoder_last_event_id(decoder),
	    event->id.data != NULL ? event->id : sse_slice("before")));
}

/* Data arrive with each CRLF and CR as LF: so compare without them. */
static size_t
without_breaks(struct sse_slice text, char *out)
{
	size_t size = 0;

	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] != '\r' && text.data[i] != '\n')
			out[size++] = text.data[i];
	return size;
}

static void
check_data(struct sse_slice got, struct sse_slice sent)
{
	char *one = malloc(got.size + 1), *other = malloc(sent.size + 1);
	size_t size;

	REQUIRE(one != NULL && other != NULL);
	size = without_breaks(got, one);
	REQUIRE(without_breaks(sent, other) == size);
	REQUIRE(memcmp(one, other, size) == 0);
	free(one);
	free(other);
}

static void
check_frame(const struct sse_event *event, struct sse_slice frame)
{
	struct sse_decoder *decoder = sse_decoder_new(0);
	struct sse_event got;

	REQUIRE(decoder != NULL);
	REQUIRE(sse_decoder_restart(decoder, sse_slice("before")) == 0);
	sse_decoder_feed(decoder, frame.data, frame.size);
	if (event->data.data != NULL) {
		REQUIRE(sse_decoder_next(decoder, &got) == 1);
		check_data(got.data, event->data);
		REQUIRE(sse_slice_equal(got.type,
		    event->type.size > 0 ? event->type : sse_slice("message")));
		REQUIRE(got.has_retry == event->has_retry);
		REQUIRE(!got.has_retry || got.retry_ms == event->retry_ms);
	}
	REQUIRE(sse_decoder_next(decoder, &got) == 0);
	check_id(decoder, event);
	sse_decoder_free(decoder);
}

static bool
is_nothing(const struct sse_event *event)
{
	return event->data.data == NULL && event->comment.data == NULL &&
	       event->id.data == NULL && event->type.data == NULL &&
	       !event->has_retry;
}

static void
check_event(const struct sse_event *event, struct sse_slice record)
{
	size_t most = sse_encode_size(event);
	char *frame = malloc(most);
	ssize_t got;

	REQUIRE(frame != NULL);
	REQUIRE(sse_event_check(event) == 0);
	REQUIRE(!is_nothing(event));
	REQUIRE(most <= FRAME_GROWTH * record.size + FRAME_REST);
	got = sse_encode(event, frame, most);
	REQUIRE(got > 0);
	check_frame(event, (struct sse_slice){frame, (size_t)got});
	free(frame);
}

/* What was read from compact data is read from it again, and the same. */
static void
check_again(struct format *format, struct sse_slice data)
{
	struct sse_event event;
	struct sse_buf text = {.size_max = SIZE_MAX};
	struct record record;

	REQUIRE(sse_buf_add(&text, "{\"data\":", 8) == 0);
	REQUIRE(sse_buf_add(&text, data.data, data.size) == 0);
	REQUIRE(sse_buf_add(&text, "}", 1) == 0);
	record = (struct record){.text = sse_buf_slice(&text)};
	REQUIRE(format_event(format, &record, &event) >= 0);
	REQUIRE(event.comment.data == NULL);
	sse_buf_drop(&text, 8);
	REQUIRE(event.data.size == text.size - 1);
	REQUIRE(memcmp(event.data.data, text.data, event.data.size) == 0);
	sse_buf_done(&text);
}

void
json_fuzz(struct sse_slice input)
{
	const struct stream_conf conf = {
	    .event = "",
	    .record_size_max = RECORD_SIZE_MAX,
	    .backlog_size = 64 << 20,
	    .format = CONF_FORMAT_JSON,
	    .ids = (fuzz_number(&input) & 1) != 0 ? CONF_IDS_RECORD
						  : CONF_IDS_POSITION,
	};
	struct record record = {.text = input};
	struct sse_event event;
	struct format format;

	if (input.size > RECORD_SIZE_MAX)
		return;
	format_init(&format, &conf);
	REQUIRE(format_event(&format, &record, &event) >= 0);
	REQUIRE(conf.ids == CONF_IDS_RECORD || event.id.data == NULL);
	check_event(&event, input);
	if (event.data.data != NULL &&
	    event.data.data == format.json.compact.data)
		check_again(&format, event.data);
	format_done(&format);
}
