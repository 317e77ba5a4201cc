/*
 * sse_fuzz.c - an event as a record is what a client would have of its lines,
 * or it is refused with a reason.
 *
 *	input: whether ids count (1 byte, its lowest bit), the lines of an event
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "record/format_sse.h"
#include "utf8.h"

#define TEXT_SIZE_MAX 65536

static bool
is_lines(struct sse_slice text)
{
	bool after_lf = true;

	for (size_t i = 0; i < text.size; i++) {
		bool is_lf = text.data[i] == '\n';

		if (is_lf && after_lf)
			return false; /* two events */
		if (text.data[i] == '\r' && after_lf)
			return false;
		after_lf = is_lf;
	}
	return true;
}

/* The event that a client has, who is sent these lines and a blank one. */
static int
decode(struct sse_decoder *decoder, struct sse_slice text,
    struct sse_event *ret_event)
{
	struct sse_event event;

	REQUIRE(sse_decoder_restart(decoder, sse_slice("before")) == 0);
	sse_decoder_feed(decoder, text.data, text.size);
	REQUIRE(sse_decoder_next(decoder, &event) == 0);
	sse_decoder_feed(decoder, "\n\n", 2);
	return sse_decoder_next(decoder, ret_event);
}

static void
check_event(struct sse_slice text, const struct sse_event *got, bool ids)
{
	struct sse_decoder *decoder = sse_decoder_new(0);
	struct sse_event want = {.has_retry = false};
	struct sse_slice id;
	int there;

	REQUIRE(decoder != NULL);
	there = decode(decoder, text, &want);
	REQUIRE(sse_event_check(got) == 0);
	REQUIRE((there == 1) == (got->data.data != NULL));
	if (there == 1) {
		REQUIRE(sse_slice_equal(got->data, want.data));
		REQUIRE(sse_slice_equal(want.type,
		    got->type.data != NULL ? got->type : sse_slice("message")));
		REQUIRE(want.has_retry == got->has_retry &&
			(!want.has_retry || want.retry_ms == got->retry_ms));
	}
	id = sse_decoder_last_event_id(decoder);
	REQUIRE(got->id.data == NULL || sse_slice_equal(id, got->id));
	REQUIRE(ids || got->id.data == NULL);
	sse_decoder_free(decoder);
}

void
sse_fuzz(struct sse_slice input)
{
	bool ids = (fuzz_number(&input) & 1) != 0;
	struct sse_slice text = fuzz_valid(input);
	struct sse_event event;
	struct format_sse format;
	const char *why = NULL;
	int error;

	if (is_lines(text) && text.size <= TEXT_SIZE_MAX) {
		format_sse_init(&format, TEXT_SIZE_MAX);
		error = format_sse_read(&format, text, ids, &event, &why);
		REQUIRE(error == 0 || (error == -EBADMSG && why != NULL));
		if (error == 0)
			check_event(text, &event, ids);
		format_sse_done(&format);
	}
	fuzz_free(text);
}
