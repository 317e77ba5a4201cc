/*
 * What is encoded and decoded again, cut anywhere, is the same.
 */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "random.h"

#define SEED 20261121
#define EVENTS 12   /* of a stream */
#define STREAMS 400 /* each decoded in CUTS ways */
#define CUTS 6

struct stream {
	struct sse_event events[EVENTS];
	struct sse_buf bytes;
};

/* The texts of the events of one stream. */
static struct sse_buf texts = {.size_max = 1 << 16};

/* What texts are made of: what could be taken for a line, field or BOM. */
static struct sse_slice
random_piece(struct random *random)
{
	static const char *const pieces[] = {"a", "\n", "\r", "\r\n", ":", " ",
	    "data: ", "id", "event:", "retry: 1", "\xef\xbb\xbf", "\xc3\xa9",
	    "\xf0\x9f\x9a\x80", "\t", "0123456789abcdef", "\n\n", "\x7f",
	    "\xe2\x80\xa8"};
	size_t count = sizeof(pieces) / sizeof(pieces[0]);
	size_t choice = random_below(random, count + 1);

	return choice == count ? SLICE("\0") : sse_slice(pieces[choice]);
}

static bool
has(struct sse_slice text, char byte)
{
	return memchr(text.data, byte, text.size) != NULL;
}

static struct sse_slice
random_text(struct random *random, bool one_line)
{
	size_t pieces = random_below(random, 12);
	size_t start = texts.size;

	if (random_below(random, 4) == 0)
		return sse_slice(NULL);
	while (pieces-- > 0) {
		struct sse_slice piece = random_piece(random);

		if (one_line &&
		    (has(piece, '\n') || has(piece, '\r') || has(piece, 0)))
			continue;
		CHECK_EQUAL_INT(sse_buf_add(&texts, piece.data, piece.size), 0);
	}
	return (struct sse_slice){texts.data + start, texts.size - start};
}

static void
add_random_event(
    struct random *random, struct sse_event *event, struct sse_buf *out)
{
	ssize_t size;

	*event = (struct sse_event){
	    .comment = random_text(random, false),
	    .id = random_text(random, true),
	    .type = random_text(random, true),
	    .data = random_text(random, false),
	    .has_retry = random_below(random, 3) == 0,
	};
	if (event->has_retry)
		event->retry_ms =
		    (int64_t)random_below(random, (size_t)SSE_RETRY_MS_MAX + 1);
	CHECK_EQUAL_INT(sse_event_check(event), 0);
	CHECK_EQUAL_INT(sse_buf_reserve(out, sse_encode_size(event)), 0);
	size = sse_encode(event, out->data + out->size, sse_encode_size(event));
	CHECK(size > 0);
	out->size += (size_t)size;
}

/* The text with each CRLF and CR as LF. */
static struct sse_slice
as_it_arrives(struct sse_slice text)
{
	static char copy[1024];
	size_t size = 0;

	CHECK(text.size <= sizeof(copy));
	for (size_t i = 0; i < text.size; i++) {
		bool crlf = text.data[i] == '\r' && i + 1 < text.size &&
			    text.data[i + 1] == '\n';

		if (!crlf)
			copy[size++] =
			    text.data[i] == '\r' ? '\n' : text.data[i];
	}
	return (struct sse_slice){copy, size};
}

/* What a decoder has still to give. */
struct expected {
	const struct sse_event *next, *end;
	struct sse_slice id;
	bool has_retry;
	int64_t retry_ms;
};

/* Goes on to the next event that has data. */
static const struct sse_event *
expect(struct expected *expected)
{
	while (expected->next < expected->end) {
		const struct sse_event *event = expected->next++;

		if (event->id.data != NULL)
			expected->id = event->id;
		if (event->has_retry) {
			expected->has_retry = true;
			expected->retry_ms = event->retry_ms;
		}
		if (event->data.data != NULL)
			return event;
	}
	return NULL;
}

static void
check_event(struct expected *expected, const struct sse_event *got)
{
	const struct sse_event *want = expect(expected);

	CHECK(want != NULL);
	CHECK_EQUAL_TEXT(got->data, as_it_arrives(want->data));
	CHECK_EQUAL_TEXT(
	    got->type, want->type.size > 0 ? want->type : SLICE("message"));
	CHECK_EQUAL_TEXT(got->id, expected->id);
	CHECK_EQUAL_INT(got->has_retry, expected->has_retry);
	if (got->has_retry)
		CHECK_EQUAL_INT(got->retry_ms, expected->retry_ms);
	expected->has_retry = false;
}

static void
check_stream(struct random *random, const struct stream *stream, size_t most)
{
	struct sse_decoder *decoder = sse_decoder_new(0);
	struct expected expected = {
	    stream->events, stream->events + EVENTS, SLICE(""), false, 0};
	struct sse_event event;

	CHECK(decoder != NULL);
	for (size_t at = 0; at < stream->bytes.size;) {
		size_t left = stream->bytes.size - at;
		size_t size = 1 + random_below(random, most);

		if (size > left)
			size = left;
		sse_decoder_feed(decoder, stream->bytes.data + at, size);
		while (sse_decoder_next(decoder, &event) == 1)
			check_event(&expected, &event);
		at += size;
	}
	CHECK(expect(&expected) == NULL);
	CHECK_EQUAL_TEXT(sse_decoder_last_event_id(decoder), expected.id);
	sse_decoder_free(decoder);
}

TEST(random_events_arrive_as_they_were)
{
	static const size_t most[CUTS] = {1, 2, 5, 40, 400, 100000};
	struct random random = {SEED};
	struct stream stream;

	printf("# seed %d\n", SEED);
	sse_buf_init(&stream.bytes, 1 << 20);
	/* All of it at once, since it must not move. */
	CHECK_EQUAL_INT(sse_buf_reserve(&texts, texts.size_max), 0);
	for (int i = 0; i < STREAMS; i++) {
		sse_buf_clear(&stream.bytes);
		sse_buf_clear(&texts);
		for (int j = 0; j < EVENTS; j++)
			add_random_event(
			    &random, &stream.events[j], &stream.bytes);
		for (int j = 0; j < CUTS; j++)
			check_stream(&random, &stream, most[j]);
	}
	sse_buf_done(&stream.bytes);
	sse_buf_done(&texts);
}
