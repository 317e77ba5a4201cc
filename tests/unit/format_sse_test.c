/*
 * Events of an event stream, decoded to be encoded anew: lines go in, a frame
 * comes out.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "record/format_sse.h"

/* What is sent of these lines; "" for nothing, "!WHY" for a refusal. */
static const char *
sent_of(struct sse_slice lines, bool ids)
{
	static char frame[8192];
	struct format_sse format;
	struct sse_event event;
	const char *why;
	ssize_t size;
	int got;

	format_sse_init(&format, 4096);
	got = format_sse_read(&format, lines, ids, &event, &why);
	frame[0] = '\0';
	if (got == -EBADMSG) {
		strcpy(frame, "!");
		strcat(frame, why);
	} else {
		CHECK_EQUAL_INT(got, 0);
		size = sse_encode(&event, frame, sizeof(frame) - 1);
		CHECK(size > 0);
		frame[size] = '\0';
	}
	format_sse_done(&format);
	return frame;
}

static const char *
sent(const char *lines, bool ids)
{
	return sent_of(sse_slice(lines), ids);
}

#define CHECK_SENT(lines, ids, want) \
	CHECK_EQUAL_TEXT(sse_slice(sent(lines, ids)), sse_slice(want))

/* With NULs in them. */
#define CHECK_SENT_OF(lines, want) \
	CHECK_EQUAL_TEXT(          \
	    sse_slice(sent_of(SLICE(lines), true)), sse_slice(want))

TEST(an_event_is_written_anew)
{
	CHECK_SENT("event:a\ndata:x\ndata: y\nretry:5000", false,
	    "event: a\nretry: 5000\ndata: x\ndata: y\n\n");
	CHECK_SENT("data", false, "data: \n\n");
	CHECK_SENT("data:  x ", false, "data:  x \n\n");
	CHECK_SENT("event: message\ndata: x", false, "data: x\n\n");
	CHECK_SENT("data: x\r\ndata: y", false, "data: x\ndata: y\n\n");
}

TEST(what_is_no_field_is_left_out)
{
	CHECK_SENT(": ping", false, "\n");
	CHECK_SENT("date: x\n:y\nid\n data: z", false, "\n");
	CHECK_SENT("event: a", false, "\n");
	CHECK_SENT("retry: 12x\ndata: a", false, "data: a\n\n");
	CHECK_SENT("", false, "\n");
}

/* As one of escape sequences alone is, when these are gone. */
TEST(a_blank_line_ends_no_event)
{
	CHECK_SENT("data: x\n\ndata: y", false, "data: x\ndata: y\n\n");
	CHECK_SENT("data: x\r\n\r\ndata: y", false, "data: x\ndata: y\n\n");
	CHECK_SENT("event: a\n\n\ndata: x", false, "event: a\ndata: x\n\n");
	CHECK_SENT("\ndata: x\n", false, "data: x\n\n");
	CHECK_SENT("\n\n", false, "\n");
}

TEST(ids_are_the_event_s_own_if_asked_for)
{
	CHECK_SENT("id: 7\ndata: x", true, "id: 7\ndata: x\n\n");
	CHECK_SENT("id: 7\ndata: x", false, "data: x\n\n");
	/* It moves the id of a client without an event. */
	CHECK_SENT("id: 7", true, "id: 7\n\n");
	CHECK_SENT("id\ndata: x", true, "id: \ndata: x\n\n");
	CHECK_SENT("data: x", true, "data: x\n\n");
}

TEST(an_id_that_is_too_long_is_left_out)
{
	char lines[2000] = "id: ";

	memset(lines + 4, 'x', SSE_ID_SIZE_MAX + 1);
	strcpy(lines + 5 + SSE_ID_SIZE_MAX, "\ndata: y");
	CHECK_SENT(lines, true, "data: y\n\n");
}

TEST(what_cannot_be_sent_is_refused)
{
	char lines[2000] = "event: ";

	CHECK_SENT_OF("event: a\0b\ndata: x", "!its type has a NUL");
	CHECK_SENT_OF("event: \0\ndata: x", "!its type has a NUL");
	CHECK_SENT_OF("id: a\0b\ndata: x", "data: x\n\n");
	CHECK_SENT("data: a\rdata: b", true, "!CR alone ends a line");
	CHECK_SENT("data: a\r\rdata: b\r", true, "!CR alone ends a line");
	memset(lines + 7, 'x', SSE_TYPE_SIZE_MAX + 1);
	strcpy(lines + 8 + SSE_TYPE_SIZE_MAX, "\ndata: y");
	CHECK_SENT(lines, true, "!its type is too long");
}

/* An id or a type is not the next event's; a retry is, if it had no event. */
TEST(events_do_not_leak_into_each_other)
{
	struct format_sse format;
	struct sse_event event;
	const char *why;

	format_sse_init(&format, 4096);
	CHECK_EQUAL_INT(
	    format_sse_read(
		&format, SLICE("id: 1\nevent: a\ndata: x"), true, &event, &why),
	    0);
	CHECK_EQUAL_INT(
	    format_sse_read(&format, SLICE("event: b"), true, &event, &why), 0);
	CHECK(event.data.data == NULL && event.id.data == NULL);
	CHECK_EQUAL_INT(
	    format_sse_read(&format, SLICE("retry: 9"), true, &event, &why), 0);
	CHECK(event.data.data == NULL && !event.has_retry);
	CHECK_EQUAL_INT(
	    format_sse_read(&format, SLICE("data: y"), true, &event, &why), 0);
	CHECK_EQUAL_TEXT(event.data, SLICE("y"));
	CHECK(event.id.data == NULL && event.type.data == NULL);
	CHECK(event.has_retry && event.retry_ms == 9);
	format_sse_done(&format);
}
