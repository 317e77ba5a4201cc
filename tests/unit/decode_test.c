#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

/*
 * The vectors under tests/vectors are the test of what 9.2.6 says.  Here is
 * what they cannot ask: limits, memory, lifetimes, restarts.
 */

/* The linker puts this in the place of realloc(3): see local.mk. */
void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

#define NINES                                                \
	"99999999999999999999999999999999999999999999999999" \
	"99999999999999999999999999999999999999999999999999"

static int allocations_left = -1; /* then they fail; -1: never */

void *
__wrap_realloc(void *memory, size_t size)
{
	if (allocations_left == 0)
		return NULL;
	if (allocations_left > 0)
		allocations_left--;
	return __real_realloc(memory, size);
}

static void
put(struct sse_buf *log, struct sse_slice text)
{
	CHECK(text.data != NULL);
	CHECK_EQUAL_INT(sse_buf_add(log, text.data, text.size), 0);
}

static void
put_event(struct sse_buf *log, const struct sse_event *event)
{
	char retry[32];

	CHECK(event->comment.data == NULL);
	put(log, SLICE("<"));
	put(log, event->type);
	put(log, SLICE("|"));
	put(log, event->data);
	put(log, SLICE("|"));
	put(log, event->id);
	snprintf(retry, sizeof(retry), "|%lld", (long long)event->retry_ms);
	if (event->has_retry)
		put(log, sse_slice(retry));
	put(log, SLICE(">"));
}

/* Everything that one piece brings; the piece is gone afterwards. */
static void
feed(struct sse_decoder *decoder, struct sse_slice piece, struct sse_buf *log)
{
	char *copy = malloc(piece.size + (piece.size == 0));
	struct sse_event event;
	int got;

	CHECK(copy != NULL);
	if (piece.size > 0)
		memcpy(copy, piece.data, piece.size);
	sse_decoder_feed(decoder, copy, piece.size);
	while ((got = sse_decoder_next(decoder, &event)) != 0) {
		if (got == 1)
			put_event(log, &event);
		else if (got == -EMSGSIZE)
			put(log, SLICE("(too long)"));
		else
			put(log, SLICE("(no memory)"));
	}
	free(copy);
}

static void
put_end(struct sse_buf *log, const struct sse_decoder *decoder)
{
	struct sse_slice retry = sse_decoder_retry(decoder);

	put(log, SLICE("end:"));
	put(log, sse_decoder_last_event_id(decoder));
	if (retry.data != NULL) {
		put(log, SLICE("|"));
		put(log, retry);
	}
}

/* Two pieces, or single bytes where split is the size of the text. */
static void
check_split(
    struct sse_slice text, size_t split, size_t size_max, struct sse_slice want)
{
	struct sse_decoder *decoder = sse_decoder_new(size_max);
	struct sse_buf log;

	CHECK(decoder != NULL);
	sse_buf_init(&log, 1 << 20);
	for (size_t at = 0; at < text.size;) {
		size_t size = split == text.size     ? 1
			      : at == 0 && split > 0 ? split
						     : text.size - at;

		feed(decoder, (struct sse_slice){text.data + at, size}, &log);
		at += size;
	}
	put_end(&log, decoder);
	CHECK_EQUAL_TEXT(sse_buf_slice(&log), want);
	sse_buf_done(&log);
	sse_decoder_free(decoder);
}

static void
check(struct sse_slice text, size_t size_max, struct sse_slice want)
{
	for (size_t split = 0; split <= text.size; split++)
		check_split(text, split, size_max, want);
}

TEST(events_ids_and_retries)
{
	check(SLICE("data: a\n\nid: 1\nevent: e\ndata: b\nretry: 007\r\n\r\n"
		    "id: 2\n\ndata\r\rid: 3\n"),
	    0, SLICE("<message|a|><e|b|1|7><message||2>end:2|7"));
}

TEST(a_retry_of_any_length)
{
	check(SLICE("retry: 00099999999999999999999\ndata: a\n\n"), 0,
	    SLICE("<message|a||2147483647>end:|99999999999999999999"));
	check(SLICE("retry: 5\n\nretry: 000\ndata:a\n\n"), 0,
	    SLICE("<message|a||0>end:|0"));
	check(SLICE("retry: 5\nretry:\nretry: x\nretry: 5 \n"), 0,
	    SLICE("end:|5"));
}

TEST(an_event_over_the_limit_is_dropped_whole)
{
	/* Ten bytes of type and data are the most. */
	check(SLICE("data:1\ndata:2\ndata:3\ndata:4\ndata:5\ndata:\n\n"
		    "data:z\n\n"),
	    10, SLICE("<message|1\n2\n3\n4\n5\n|><message|z|>end:"));
	check(SLICE("data:1\ndata:2\ndata:3\ndata:4\ndata:5\ndata:6\n\n"
		    "data:z\n\n"),
	    10, SLICE("(too long)<message|z|>end:"));
	check(SLICE("data:12345\nevent:abcd\n\ndata:z\n\n"), 10,
	    SLICE("<abcd|12345|><message|z|>end:"));
	check(SLICE("data:12345\ndata:1\nevent:abcd\ndata:\n\ndata:z\n\n"), 10,
	    SLICE("(too long)<message|z|>end:"));
}

TEST(the_id_and_retry_of_a_dropped_event_count)
{
	check(SLICE("id:1\ndata:0123456789\nid:2\nretry:3\n\ndata:z\n\n"), 10,
	    SLICE("(too long)<message|z|2|3>end:2|3"));
}

TEST(a_field_over_the_limit_drops_its_event)
{
	check(SLICE("data:012345\n\ndata:z\n\n"), 10,
	    SLICE("(too long)<message|z|>end:"));
	check(SLICE("event:01234\ndata:a\n\ndata:z\n\n"), 10,
	    SLICE("(too long)<message|z|>end:"));
	check(SLICE("id:1\ndata:a\n\nid:23456789\ndata:b\n\ndata:z\n\n"), 10,
	    SLICE("<message|a|1>(too long)<message|z|1>end:1"));
	check(SLICE("retry:0000001\ndata:b\n\ndata:z\n\n"), 10,
	    SLICE("(too long)<message|z|>end:"));
	/* U+FFFD is three bytes. */
	check(SLICE("data:\xff\xff\xff\n\nid:\xff\xff\xff\xff\n\ndata:z\n\n"),
	    10,
	    SLICE("<message|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|>"
		  "(too long)<message|z|>end:"));
	check(SLICE("id:1\ndata:a\n\nid:2\nid:\xff\xff\xff\xff\n\ndata:z\n\n"),
	    10, SLICE("<message|a|1>(too long)<message|z|1>end:1"));
}

TEST(a_comment_or_unknown_field_over_the_limit_does_not)
{
	check(SLICE(":0123456789\ndata:a\nother: 0123456789\n0123456789ab\n"
		    "dataa:123456789\ndat:012345678901\n\ndata:z\n\n"),
	    10, SLICE("<message|a|><message|z|>end:"));
}

TEST(the_lowest_limit)
{
	check(SLICE("\xef\xbb\xbf:\ndata:0123456789\n\n:a\n\n"), 1,
	    SLICE("(too long)end:"));
}

/* An endless line or block is bounded, and what follows is intact. */
TEST(much_more_than_the_limit)
{
	struct sse_decoder *decoder = sse_decoder_new(100);
	struct sse_buf log;

	sse_buf_init(&log, 1000);
	CHECK(decoder != NULL);
	for (int i = 0; i < 10000; i++)
		feed(decoder, SLICE("data: 0123456789"), &log);
	feed(decoder, SLICE("\n"), &log);
	for (int i = 0; i < 10000; i++)
		feed(decoder, SLICE("data: 0123456789\nevent: e\n"), &log);
	feed(decoder, SLICE("\ndata: a\n\n"), &log);
	CHECK_EQUAL_TEXT(sse_buf_slice(&log), SLICE("(too long)<message|a|>"));
	sse_buf_done(&log);
	sse_decoder_free(decoder);
}

TEST(an_event_of_cr_comes_out_at_once)
{
	struct sse_decoder *decoder = sse_decoder_new(0);
	struct sse_buf log;

	sse_buf_init(&log, 1000);
	CHECK(decoder != NULL);
	feed(decoder, SLICE("data: a\r\r"), &log);
	CHECK_EQUAL_TEXT(sse_buf_slice(&log), SLICE("<message|a|>"));
	feed(decoder, SLICE("\ndata: b\n\n"), &log);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&log), SLICE("<message|a|><message|b|>"));
	sse_buf_done(&log);
	sse_decoder_free(decoder);
}

TEST(one_line_of_data_is_not_copied)
{
	static const char text[] = "data: abc\n\ndata: def";
	struct sse_decoder *decoder = sse_decoder_new(0);
	struct sse_event event;

	CHECK(decoder != NULL);
	sse_decoder_feed(decoder, text, sizeof(text) - 1);
	CHECK_EQUAL_INT(sse_decoder_next(decoder, &event), 1);
	CHECK(event.data.data == text + 6);
	CHECK_EQUAL_TEXT(event.data, SLICE("abc"));
	CHECK_EQUAL_INT(sse_decoder_next(decoder, &event), 0);
	sse_decoder_free(decoder);
}

TEST(without_an_event_nothing_is_written)
{
	struct sse_decoder *decoder = sse_decoder_new(10);
	struct sse_event event = {.retry_ms = 77};

	CHECK(decoder != NULL);
	CHECK_EQUAL_INT(sse_decoder_next(decoder, &event), 0);
	sse_decoder_feed(decoder, NULL, 0);
	CHECK_EQUAL_INT(sse_decoder_next(decoder, &event), 0);
	sse_decoder_feed(decoder, "data:0123456789\n\n", 17);
	CHECK_EQUAL_INT(sse_decoder_next(decoder, &event), -EMSGSIZE);
	CHECK_EQUAL_INT(sse_decoder_next(decoder, &event), 0);
	CHECK_EQUAL_INT(event.retry_ms, 77);
	CHECK(event.data.data == NULL);
	sse_decoder_free(decoder);
}

TEST(a_restart_forgets_and_carries_the_id_over)
{
	struct sse_decoder *decoder = sse_decoder_new(0);
	struct sse_buf log;

	sse_buf_init(&log, 1000);
	CHECK(decoder != NULL);
	CHECK_EQUAL_INT(sse_decoder_restart(decoder, SLICE("7")), 0);
	feed(decoder,
	    SLICE("\xef\xbb\xbf"
		  "data: a\n\nevent: e\nid: 8\n"
		  "retry: 9\ndata: b\ndata"),
	    &log);
	CHECK_EQUAL_INT(
	    sse_decoder_restart(decoder, sse_decoder_last_event_id(decoder)),
	    0);
	feed(decoder, SLICE("\xef\xbb\xbf: c\n\n: d\r\n\r"), &log);
	CHECK_EQUAL_INT(
	    sse_decoder_restart(decoder, sse_decoder_last_event_id(decoder)),
	    0);
	feed(decoder, SLICE("\ndata: c\n\n"), &log);
	put_end(&log, decoder);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&log), SLICE("<message|a|7><message|c|7|9>end:7|9"));
	sse_buf_clear(&log);
	CHECK_EQUAL_INT(sse_decoder_restart(decoder, sse_slice(NULL)), 0);
	feed(decoder, SLICE("data: d\n\n"), &log);
	CHECK_EQUAL_TEXT(sse_buf_slice(&log), SLICE("<message|d|>"));
	sse_buf_done(&log);
	sse_decoder_free(decoder);
}

TEST(a_restart_that_fails_changes_nothing)
{
	struct sse_decoder *decoder = sse_decoder_new(8);
	struct sse_buf log;

	sse_buf_init(&log, 1000);
	CHECK(decoder != NULL);
	feed(decoder, SLICE("data: a\n"), &log);
	CHECK_EQUAL_INT(
	    sse_decoder_restart(decoder, SLICE("123456789")), -EMSGSIZE);
	allocations_left = 0;
	CHECK_EQUAL_INT(sse_decoder_restart(decoder, SLICE("1")), -ENOMEM);
	allocations_left = -1;
	feed(decoder, SLICE("\n"), &log);
	put_end(&log, decoder);
	CHECK_EQUAL_TEXT(sse_buf_slice(&log), SLICE("<message|a|>end:"));
	sse_buf_done(&log);
	sse_decoder_free(decoder);
}

TEST(a_retry_without_memory_leaves_the_one_before)
{
	struct sse_decoder *decoder = sse_decoder_new(0);
	char text[] = "retry: " NINES NINES NINES NINES "\n\ndata: a\n\n";
	struct sse_buf log;

	sse_buf_init(&log, 1000);
	CHECK(decoder != NULL);
	CHECK_EQUAL_INT(sse_buf_reserve(&log, 1000), 0);
	feed(decoder, SLICE("retry: 5\n"), &log);
	allocations_left = 0;
	feed(decoder, (struct sse_slice){text, sizeof(text) - 1}, &log);
	allocations_left = -1;
	put_end(&log, decoder);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&log), SLICE("(no memory)<message|a||5>end:|5"));
	sse_buf_done(&log);
	sse_decoder_free(decoder);
}

/* Feeds a first part with so much memory, then a second with all of it. */
static void
run_short_of_memory(int allocations, size_t piece_size, struct sse_buf *log)
{
	struct sse_slice text = SLICE("id: 1\nevent: e\ndata: \xff\n"
				      "data: b\nretry: 5\nid: 2\n\n");
	struct sse_decoder *decoder = sse_decoder_new(0);

	CHECK(decoder != NULL);
	sse_buf_clear(log);
	allocations_left = allocations;
	for (size_t at = 0; at < text.size; at += piece_size) {
		size_t size =
		    text.size - at < piece_size ? text.size - at : piece_size;

		feed(decoder, (struct sse_slice){text.data + at, size}, log);
	}
	allocations_left = -1;
	feed(decoder, SLICE("id: 3\ndata: c\n\n"), log);
	sse_decoder_free(decoder);
}

TEST(memory_that_is_used_up_drops_an_event_and_no_more)
{
	struct sse_buf log;
	struct sse_slice intact = SLICE("<message|c|3");
	int dropped = 0;

	sse_buf_init(&log, 1000);
	CHECK_EQUAL_INT(sse_buf_reserve(&log, 1000), 0);
	for (size_t piece = 1; piece <= 60; piece++)
		for (int n = 0; n < 8; n++) {
			struct sse_slice got;

			run_short_of_memory(n, piece, &log);
			got = sse_buf_slice(&log);
			if (memcmp(got.data, "(no memory)", 11) == 0) {
				got.data += 11;
				dropped++;
			} else {
				CHECK(memcmp(got.data,
					  "<e|\xef\xbf\xbd\nb|2|5>", 13) == 0);
				got.data += 13;
			}
			got.size = intact.size;
			CHECK_EQUAL_TEXT(got, intact);
		}
	CHECK(dropped > 60 && dropped < 60 * 8);
	sse_buf_done(&log);
	sse_decoder_free(NULL);
}
