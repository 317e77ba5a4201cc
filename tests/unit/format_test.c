#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/format.h"

static const struct stream_conf plain = {.name = "log",
    .event = "",
    .record_size_max = 1024,
    .backlog_size = 4 << 20};

static struct sse_event
event_of(struct format *format, struct sse_slice text, uint64_t left_out)
{
	struct record record = {.text = text, .left_out = left_out, .end = 9};
	struct sse_event event;

	CHECK(format_event(format, &record, &event) >= 0);
	CHECK_EQUAL_INT(sse_event_check(&event), 0);
	CHECK(event.id.data == NULL);
	CHECK(!event.has_retry);
	return event;
}

TEST(a_line_is_the_data)
{
	struct format format;
	const char *text = "a line";
	struct sse_event event;

	format_init(&format, &plain);
	event = event_of(&format, sse_slice(text), 0);
	CHECK(event.data.data == text);
	CHECK_EQUAL_INT(event.data.size, 6);
	CHECK(event.type.data == NULL);
	CHECK(event.comment.data == NULL);
	format_done(&format);
}

TEST(an_empty_line_is_an_event_with_empty_data)
{
	struct format format;

	format_init(&format, &plain);
	CHECK_EQUAL_TEXT(event_of(&format, SLICE(""), 0).data, SLICE(""));
	format_done(&format);
}

TEST(the_type_is_that_of_the_configuration)
{
	struct stream_conf conf = plain;
	struct format format;

	conf.event = "line";
	format_init(&format, &conf);
	CHECK_EQUAL_TEXT(event_of(&format, SLICE("x"), 0).type, SLICE("line"));
	format_done(&format);
}

TEST(what_was_left_out_is_told)
{
	struct format format;

	format_init(&format, &plain);
	CHECK_EQUAL_TEXT(event_of(&format, SLICE("x"), 1234).comment,
	    SLICE("1234 bytes left out"));
	CHECK_EQUAL_TEXT(event_of(&format, SLICE("x"), UINT64_MAX).comment,
	    SLICE("18446744073709551615 bytes left out"));
	CHECK(event_of(&format, SLICE("x"), 0).comment.data == NULL);
	format_done(&format);
}

TEST(invalid_utf8_is_repaired)
{
	struct format format;

	format_init(&format, &plain);
	CHECK_EQUAL_TEXT(event_of(&format, SLICE("a\xff z\xe2\x82"), 0).data,
	    SLICE("a\xef\xbf\xbd z\xef\xbf\xbd"));
	/* It is not there in the next one. */
	CHECK_EQUAL_TEXT(
	    event_of(&format, SLICE("\xc0"), 0).data, SLICE("\xef\xbf\xbd"));
	CHECK_EQUAL_TEXT(
	    event_of(&format, SLICE("\xc3\xa4"), 0).data, SLICE("\xc3\xa4"));
	format_done(&format);
}

TEST(the_longest_record_of_nothing_but_errors_has_room)
{
	struct stream_conf conf = plain;
	struct format format;
	char *text = malloc(300000);

	CHECK(text != NULL);
	memset(text, '\xff', 300000);
	conf.record_size_max = 300000;
	format_init(&format, &conf);
	CHECK_EQUAL_INT(
	    event_of(&format, (struct sse_slice){text, 300000}, 0).data.size,
	    900000);
	/* Its memory is given back with the next event. */
	event_of(&format, SLICE("x"), 0);
	CHECK(format.sanitize.repaired.data == NULL);
	free(text);
	format_done(&format);
}

/* Line ends and characters of three bytes: it is cut between two of them. */
TEST(a_frame_takes_at_most_a_quarter_of_the_backlog)
{
	struct stream_conf conf = plain;
	struct format format;
	struct sse_event event;
	char text[8192], comment[64];
	size_t size;

	conf.record_size_max = sizeof(text);
	conf.backlog_size = 65536;
	format_init(&format, &conf);
	/* Ordinary text of that size is whole. */
	memset(text, 'x', sizeof(text));
	event = event_of(&format, (struct sse_slice){text, 8192}, 0);
	CHECK_EQUAL_INT(event.data.size, 8192);
	CHECK(event.comment.data == NULL);
	memset(text, '\r', sizeof(text));
	for (size_t shift = 0; shift < 3; shift++) {
		for (size_t i = shift; i + 3 <= sizeof(text); i += 6)
			memcpy(text + i, "\xe2\x82\xac", 3);
		event =
		    event_of(&format, (struct sse_slice){text, 8192}, shift);
		size = event.data.size;
		CHECK(size > 1700 && size < 8192);
		CHECK(sse_encode_size(&event) + 2048 <= 65536 / 4);
		snprintf(comment, sizeof(comment), "%zu bytes left out",
		    8192 - size + shift);
		CHECK_EQUAL_TEXT(event.comment, sse_slice(comment));
		memset(text, '\r', sizeof(text));
	}
	format_done(&format);
}

#ifdef WITH_JSON

/* As much as that only comes of bytes that are no UTF-8, each of which grows.
 */
TEST(a_comment_that_a_frame_has_no_room_for_is_counted)
{
	static const char before[] = "{\"data\":\"x\",\"comment\":\"";
	struct stream_conf conf = plain;
	struct format format;
	struct sse_event event;
	char text[8192], comment[64];
	size_t size = sizeof(before) - 1;

	conf.format = CONF_FORMAT_JSON;
	conf.record_size_max = sizeof(text);
	conf.backlog_size = 65536;
	format_init(&format, &conf);
	memset(text, '\xff', sizeof(text));
	memcpy(text, before, size);
	memcpy(text + sizeof(text) - 2, "\"}", 2);
	event = event_of(&format, (struct sse_slice){text, sizeof(text)}, 0);
	CHECK_EQUAL_TEXT(event.data, SLICE("x"));
	snprintf(comment, sizeof(comment), "%zu bytes left out",
	    3 * (sizeof(text) - size - 2));
	CHECK_EQUAL_TEXT(event.comment, sse_slice(comment));
	format_done(&format);
}

#endif

TEST(nul_and_cr_in_a_line_can_be_sent)
{
	struct stream_conf conf = plain;
	struct format format;

	conf.ansi = CONF_ANSI_KEEP;
	format_init(&format, &conf);
	CHECK_EQUAL_TEXT(event_of(&format, SLICE("a\0b\rc\x1b"), 0).data,
	    SLICE("a\0b\rc\x1b"));
	format_done(&format);
}

TEST(escape_sequences_go_or_stay)
{
	struct stream_conf conf = plain;
	struct format format;
	struct sse_event event;

	format_init(&format, &conf);
	event = event_of(&format, SLICE("\x1b[31mred\x1b[0m\xff"), 0);
	CHECK_EQUAL_TEXT(event.data, SLICE("red\xef\xbf\xbd"));
	/* All of it: an event with empty data, not one without. */
	event = event_of(&format, SLICE("\x1b[31m"), 0);
	CHECK(event.data.data != NULL);
	CHECK_EQUAL_INT(event.data.size, 0);
	/* A text without an end hides nothing. */
	event = event_of(&format, SLICE("a\x1b]0;b"), 0);
	CHECK_EQUAL_TEXT(event.data, SLICE("a0;b"));
	format_done(&format);
	conf.ansi = CONF_ANSI_KEEP;
	format_init(&format, &conf);
	event = event_of(&format, SLICE("\x1b[31mred\x1b[0"), 0);
	CHECK_EQUAL_TEXT(event.data, SLICE("\x1b[31mred\x1b[0"));
	format_done(&format);
}

TEST(a_sequence_that_was_cut_is_left_out_whole)
{
	struct stream_conf conf = plain;
	struct format format;
	struct sse_event event;

	for (int i = 0; i < 2; i++) {
		conf.ansi = i == 0 ? CONF_ANSI_STRIP : CONF_ANSI_KEEP;
		format_init(&format, &conf);
		event = event_of(&format, SLICE("red\x1b[38;5"), 10);
		CHECK_EQUAL_TEXT(event.data, SLICE("red"));
		CHECK_EQUAL_TEXT(event.comment, SLICE("16 bytes left out"));
		format_done(&format);
	}
}
