#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char frame_buffer[1 << 16];

/* The frame, written to exactly as much memory as it needs. */
static struct sse_slice
encode(const struct sse_event *event)
{
	ssize_t size = sse_encode(event, frame_buffer, sizeof(frame_buffer));
	char *exact;

	CHECK(size > 0);
	CHECK((size_t)size <= sse_encode_size(event));
	exact = malloc((size_t)size);
	CHECK(exact != NULL);
	memset(exact, '?', (size_t)size);
	CHECK_EQUAL_INT(sse_encode(event, exact, (size_t)size - 1), -ENOBUFS);
	CHECK_EQUAL_INT(sse_encode(event, exact, 0), -ENOBUFS);
	for (ssize_t i = 0; i < size; i++)
		CHECK(exact[i] == '?');
	CHECK_EQUAL_INT(sse_encode(event, exact, (size_t)size), size);
	CHECK(memcmp(exact, frame_buffer, (size_t)size) == 0);
	free(exact);
	return (struct sse_slice){frame_buffer, (size_t)size};
}

static void
check_data(struct sse_slice data, struct sse_slice want)
{
	struct sse_event event = {
	    .data = {test_guarded(data.data, data.size), data.size}};

	CHECK_EQUAL_TEXT(encode(&event), want);
}

TEST(an_event_of_nothing_is_a_blank_line)
{
	struct sse_event event = {.has_retry = false};

	CHECK_EQUAL_TEXT(encode(&event), SLICE("\n"));
	CHECK_EQUAL_INT(sse_encode_size(&event), 1);
	CHECK_EQUAL_INT(sse_encode(&event, NULL, 0), -ENOBUFS);
}

TEST(all_fields_in_their_order)
{
	struct sse_event event = {
	    .comment = SLICE("c"),
	    .id = SLICE("7"),
	    .type = SLICE("tick"),
	    .data = SLICE("a\nb"),
	    .has_retry = true,
	    .retry_ms = 1500,
	};
	struct sse_slice want = SLICE(": c\nid: 7\nevent: tick\nretry: 1500\n"
				      "data: a\ndata: b\n\n");

	CHECK_EQUAL_TEXT(encode(&event), want);
	CHECK_EQUAL_INT(sse_encode_size(&event), want.size);
}

TEST(empty_is_not_absent)
{
	struct sse_event event = {
	    .comment = SLICE(""),
	    .id = SLICE(""),
	    .type = SLICE(""),
	    .data = SLICE(""),
	    .has_retry = true,
	};

	CHECK_EQUAL_TEXT(
	    encode(&event), SLICE(": \nid: \nevent: \nretry: 0\ndata: \n\n"));
}

TEST(each_line_of_data_has_its_field)
{
	check_data(SLICE("\n"), SLICE("data: \ndata: \n\n"));
	check_data(SLICE("a\n"), SLICE("data: a\ndata: \n\n"));
	check_data(SLICE("\na"), SLICE("data: \ndata: a\n\n"));
	check_data(SLICE("a\n\nb"), SLICE("data: a\ndata: \ndata: b\n\n"));
	check_data(SLICE(" x"), SLICE("data:  x\n\n"));
	check_data(SLICE(":\tx"), SLICE("data: :\tx\n\n"));
	check_data(SLICE("a\0b"), SLICE("data: a\0b\n\n"));
	check_data(SLICE("\xe2\x80\xa8"), SLICE("data: \xe2\x80\xa8\n\n"));
}

TEST(cr_and_crlf_arrive_as_lf)
{
	check_data(SLICE("\r"), SLICE("data: \ndata: \n\n"));
	check_data(SLICE("a\rb"), SLICE("data: a\ndata: b\n\n"));
	check_data(SLICE("a\r\n"), SLICE("data: a\ndata: \n\n"));
	check_data(SLICE("a\n\rb"), SLICE("data: a\ndata: \ndata: b\n\n"));
	check_data(
	    SLICE("a\r\r\n\nb"), SLICE("data: a\ndata: \ndata: \ndata: b\n\n"));
	check_data(SLICE("x\revent: e\r\rdata: y"),
	    SLICE("data: x\ndata: event: e\ndata: \ndata: data: y\n\n"));
}

TEST(comments_of_several_lines_have_a_colon_before_each)
{
	struct sse_event event = {.comment = SLICE("a\ndata: x\r\n\nb")};

	CHECK_EQUAL_TEXT(encode(&event), SLICE(": a\n: data: x\n: \n: b\n\n"));
}

/* The words that is_plain() looks at begin at every distance to the byte. */
TEST(a_line_end_is_found_at_each_place)
{
	char text[41], want[80];

	for (size_t size = 1; size <= 40; size++)
		for (size_t at = 0; at < size; at++) {
			size_t half = sizeof("data: ") - 1 + at;

			memset(text, 'x', size);
			text[at] = at & 1 ? '\n' : '\r';
			memcpy(want, "data: ", 6);
			memcpy(want + 6, text, at);
			memcpy(want + half, "\ndata: ", 7);
			memcpy(want + half + 7, text + at + 1, size - at - 1);
			memcpy(want + 12 + size, "\n\n", 2);
			check_data((struct sse_slice){text, size},
			    (struct sse_slice){want, size + 14});
		}
}

#define UNTOUCHED 64 /* bytes that are looked at after an error */

static int
check(struct sse_event event)
{
	int error = sse_event_check(&event);
	ssize_t size;

	memset(frame_buffer, '?', UNTOUCHED);
	size = sse_encode(&event, frame_buffer, sizeof(frame_buffer));
	if (error == 0) {
		CHECK(size > 0);
		return 0;
	}
	CHECK_EQUAL_INT(size, error);
	for (size_t i = 0; i < UNTOUCHED; i++)
		CHECK(frame_buffer[i] == '?');
	return error;
}

TEST(an_id_and_a_type_are_one_line_without_nul)
{
	static const char bad[] = {'\n', '\r', '\0'};
	char text[24];

	for (size_t i = 0; i < sizeof(bad); i++)
		for (size_t size = 1; size <= sizeof(text); size++)
			for (size_t at = 0; at < size; at++) {
				struct sse_slice slice = {text, size};

				memset(text, 'x', size);
				text[at] = bad[i];
				CHECK_EQUAL_INT(
				    check((struct sse_event){.id = slice}),
				    -EINVAL);
				CHECK_EQUAL_INT(
				    check((struct sse_event){.type = slice}),
				    -EINVAL);
			}
}

TEST(other_control_characters_are_let_through)
{
	struct sse_event event = {
	    .id = SLICE("\x01\t\x7f\x0b"), .type = SLICE("\x01\t\x7f\x0b")};

	CHECK_EQUAL_INT(check(event), 0);
}

TEST(invalid_utf8_is_refused_in_each_part)
{
	struct sse_slice bad = SLICE("a\xff");

	CHECK_EQUAL_INT(check((struct sse_event){.id = bad}), -EILSEQ);
	CHECK_EQUAL_INT(check((struct sse_event){.type = bad}), -EILSEQ);
	CHECK_EQUAL_INT(check((struct sse_event){.data = bad}), -EILSEQ);
	CHECK_EQUAL_INT(check((struct sse_event){.comment = bad}), -EILSEQ);
	CHECK_EQUAL_INT(
	    check((struct sse_event){.data = SLICE("\xe2\x82")}), -EILSEQ);
	/* No piece of a character may be joined over a line end. */
	CHECK_EQUAL_INT(
	    check((struct sse_event){.data = SLICE("\xc3\n\xa9")}), -EILSEQ);
	CHECK_EQUAL_INT(
	    check((struct sse_event){.data = SLICE("\xc3\xa9")}), 0);
}

TEST(ids_and_types_have_a_limit)
{
	static char text[SSE_ID_SIZE_MAX + 1];
	struct sse_slice most = {text, SSE_ID_SIZE_MAX};
	struct sse_slice more = {text, SSE_ID_SIZE_MAX + 1};

	memset(text, 'x', sizeof(text));
	CHECK_EQUAL_INT(SSE_ID_SIZE_MAX, SSE_TYPE_SIZE_MAX);
	CHECK_EQUAL_INT(check((struct sse_event){.id = most, .type = most}), 0);
	CHECK_EQUAL_INT(check((struct sse_event){.id = more}), -EMSGSIZE);
	CHECK_EQUAL_INT(check((struct sse_event){.type = more}), -EMSGSIZE);
}

TEST(a_retry_has_a_range)
{
	static const int64_t bad[] = {
	    -1, INT64_MIN, SSE_RETRY_MS_MAX + 1LL, INT64_MAX, (1LL << 32) + 5};
	struct sse_event event = {.has_retry = true};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		event.retry_ms = bad[i];
		CHECK_EQUAL_INT(check(event), -ERANGE);
	}
	event.retry_ms = SSE_RETRY_MS_MAX;
	CHECK_EQUAL_TEXT(encode(&event), SLICE("retry: 2147483647\n\n"));
	event.has_retry = false;
	event.retry_ms = -1;
	CHECK_EQUAL_TEXT(encode(&event), SLICE("\n"));
}

/* Each CR searching anew for a LF that is far away would take minutes. */
TEST(many_cr_cost_no_more_than_their_number)
{
	size_t size = 4 << 20;
	char *text = malloc(size), *frame = malloc(7 * size + 100);
	struct sse_event event = {.data = {text, size}};

	CHECK(text != NULL && frame != NULL);
	memset(text, '\r', size);
	text[size - 1] = '\n';
	CHECK_EQUAL_INT(
	    sse_encode(&event, frame, 7 * size + 100), 7 * size + 1);
	memset(text, '\n', size);
	text[0] = '\r';
	CHECK_EQUAL_INT(
	    sse_encode(&event, frame, 7 * size + 100), 7 * size + 1);
	free(text);
	free(frame);
}
