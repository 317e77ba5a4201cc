/*
 * encode_fuzz.c - an event is refused, or arrives as it was and alone.
 *
 *	input: which parts are there (1 byte), retry (4 bytes, if there),
 *	then the other parts, each with its size (1 byte) before it but for
 *	the data, which is the rest
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

enum part {
	PART_COMMENT = 1,
	PART_ID = 2,
	PART_TYPE = 4,
	PART_RETRY = 8,
	PART_DATA = 16
};

static struct sse_slice
take_text(struct sse_slice *input, bool there)
{
	if (!there)
		return sse_slice(NULL);
	return fuzz_take(input, fuzz_number(input));
}

static struct sse_event
take_event(struct sse_slice *input)
{
	unsigned parts = fuzz_number(input);
	struct sse_event event = {.has_retry = (parts & PART_RETRY) != 0};

	for (int i = 0; i < 4 && event.has_retry; i++)
		event.retry_ms = event.retry_ms * 256 + fuzz_number(input);
	event.comment = take_text(input, parts & PART_COMMENT);
	event.id = take_text(input, parts & PART_ID);
	event.type = take_text(input, parts & PART_TYPE);
	if (parts & PART_DATA)
		event.data = fuzz_take(input, SIZE_MAX);
	return event;
}

/* Whether what arrived is what was sent with each CRLF and CR as LF. */
static bool
arrived_as(struct sse_slice got, struct sse_slice sent)
{
	size_t at = 0;

	for (size_t i = 0; i < sent.size; i++) {
		char byte = sent.data[i];

		if (byte == '\r' && i + 1 < sent.size &&
		    sent.data[i + 1] == '\n')
			continue;
		if (at == got.size ||
		    got.data[at++] != (byte == '\r' ? '\n' : byte))
			return false;
	}
	return at == got.size;
}

static void
check_arrived(const struct sse_event *sent, const struct sse_event *got)
{
	REQUIRE(arrived_as(got->data, sent->data));
	REQUIRE(sse_slice_equal(got->type,
	    sent->type.size > 0 ? sent->type : sse_slice("message")));
	REQUIRE(sse_slice_equal(
	    got->id, sent->id.data != NULL ? sent->id : sse_slice("before")));
	REQUIRE(got->has_retry == sent->has_retry);
	REQUIRE(!got->has_retry || got->retry_ms == sent->retry_ms);
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
		check_arrived(event, &got);
	}
	REQUIRE(sse_decoder_next(decoder, &got) == 0);
	REQUIRE(sse_slice_equal(sse_decoder_last_event_id(decoder),
	    event->id.data != NULL ? event->id : sse_slice("before")));
	/* Nothing of it is left for the next event. */
	sse_decoder_feed(decoder, "data\n\n", 6);
	REQUIRE(sse_decoder_next(decoder, &got) == 1);
	REQUIRE(sse_slice_equal(got.type, sse_slice("message")));
	REQUIRE(got.data.size == 0);
	sse_decoder_free(decoder);
}

void
encode_fuzz(struct sse_slice input)
{
	struct sse_event event = take_event(&input);
	int error = sse_event_check(&event);
	size_t most = sse_encode_size(&event);
	char *frame = malloc(most);
	ssize_t got;

	REQUIRE(frame != NULL);
	got = sse_encode(&event, frame, most);
	if (error != 0) {
		REQUIRE(got == error);
	} else {
		REQUIRE(got > 0 && (size_t)got <= most);
		REQUIRE(sse_encode(&event, frame, (size_t)got - 1) == -ENOBUFS);
		REQUIRE(sse_encode(&event, frame, (size_t)got) == got);
		check_frame(&event, (struct sse_slice){frame, (size_t)got});
	}
	free(frame);
}
