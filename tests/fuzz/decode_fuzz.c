/*
 * decode_fuzz.c - any bytes decode without harm, and the same however they
 * are cut.
 *
 *	input: limit (1 byte; 0: none), pieces (1), stream
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "buf.h"
#include "utf8.h"

#define LOG_SIZE_MAX ((size_t)64 << 20)

static void
add(struct sse_buf *log, struct sse_slice text)
{
	REQUIRE(text.data != NULL);
	REQUIRE(sse_utf8_valid(text) == text.size);
	REQUIRE(sse_buf_add(log, &text.size, sizeof(text.size)) == 0);
	REQUIRE(sse_buf_add(log, text.data, text.size) == 0);
}

static void
add_event(struct sse_buf *log, const struct sse_event *event, size_t limit)
{
	REQUIRE(event->comment.data == NULL);
	REQUIRE(event->type.size > 0);
	REQUIRE(memchr(event->id.data, '\0', event->id.size) == NULL);
	REQUIRE(event->retry_ms >= 0 && event->retry_ms <= SSE_RETRY_MS_MAX);
	/* The type that the stream did not name is not counted. */
	REQUIRE(limit == 0 || event->data.size <= limit);
	add(log, event->type);
	add(log, event->data);
	add(log, event->id);
	REQUIRE(
	    sse_buf_add(log, &event->retry_ms, sizeof(event->retry_ms)) == 0);
}

/* Feeds a copy that ends where its memory ends. */
static void
feed(struct sse_decoder *decoder, struct sse_slice piece, size_t limit,
    struct sse_buf *log)
{
	char *copy = malloc(piece.size);
	struct sse_event event;
	int got;

	REQUIRE(copy != NULL);
	memcpy(copy, piece.data, piece.size);
	sse_decoder_feed(decoder, copy, piece.size);
	while ((got = sse_decoder_next(decoder, &event)) != 0) {
		REQUIRE(got == 1 || got == -EMSGSIZE);
		if (got == 1)
			add_event(log, &event, limit);
		else
			add(log, sse_slice("too long"));
	}
	free(copy);
}

static void
decode(struct sse_slice stream, size_t limit, size_t piece_size,
    struct sse_buf *log)
{
	struct sse_decoder *decoder = sse_decoder_new(limit);

	REQUIRE(decoder != NULL);
	while (stream.size > 0)
		feed(decoder, fuzz_take(&stream, piece_size), limit, log);
	add(log, sse_decoder_last_event_id(decoder));
	if (sse_decoder_retry(decoder).data != NULL)
		add(log, sse_decoder_retry(decoder));
	sse_decoder_free(decoder);
}

void
decode_fuzz(struct sse_slice stream)
{
	size_t limit = fuzz_number(&stream);
	size_t pieces[] = {1, 1 + (size_t)fuzz_number(&stream)};
	struct sse_buf want, got;

	sse_buf_init(&want, LOG_SIZE_MAX);
	sse_buf_init(&got, LOG_SIZE_MAX);
	decode(stream, limit, SIZE_MAX, &want);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		sse_buf_clear(&got);
		decode(stream, limit, pieces[i], &got);
		REQUIRE(
		    sse_slice_equal(sse_buf_slice(&want), sse_buf_slice(&got)));
	}
	sse_buf_done(&want);
	sse_buf_done(&got);
}
