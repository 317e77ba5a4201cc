#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "utf8.h"

#define R "\xef\xbf\xbd"

/* ----- The decoder of the Encoding standard, 8.1.1, step by step. ----- */

struct reference {
	uint32_t point;
	int seen, needed;
	unsigned char lower, upper;
};

static void
put_point(struct sse_buf *out, uint32_t point)
{
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	int size = point < 0x80      ? 1
		   : point < 0x800   ? 2
		   : point < 0x10000 ? 3
				     : 4;
	char bytes[4];

	for (int i = size - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	bytes[0] = (char)(leads[size] | point);
	CHECK_EQUAL_INT(sse_buf_add(out, bytes, (size_t)size), 0);
}

static void
reference_lead(struct reference *r, unsigned char c, struct sse_buf *out)
{
	if (c <= 0x7f) {
		put_point(out, c);
	} else if (c >= 0xc2 && c <= 0xdf) {
		r->needed = 1;
		r->point = c & 0x1f;
	} else if (c >= 0xe0 && c <= 0xef) {
		if (c == 0xe0)
			r->lower = 0xa0;
		if (c == 0xed)
			r->upper = 0x9f;
		r->needed = 2;
		r->point = c & 0xf;
	} else if (c >= 0xf0 && c <= 0xf4) {
		if (c == 0xf0)
			r->lower = 0x90;
		if (c == 0xf4)
			r->upper = 0x8f;
		r->needed = 3;
		r->point = c & 0x7;
	} else {
		put_point(out, 0xfffd);
	}
}

/* Whether the byte was used up. */
static bool
reference_byte(struct reference *r, unsigned char c, struct sse_buf *out)
{
	static const struct reference fresh = {0, 0, 0, 0x80, 0xbf};

	if (r->needed == 0) {
		reference_lead(r, c, out);
		return true;
	}
	if (c < r->lower || c > r->upper) {
		*r = fresh;
		put_point(out, 0xfffd);
		return false;
	}
	r->lower = 0x80;
	r->upper = 0xbf;
	r->point = r->point << 6 | (c & 0x3f);
	if (++r->seen == r->needed) {
		put_point(out, r->point);
		*r = fresh;
	}
	return true;
}

static void
reference_repair(struct sse_slice text, struct sse_buf *out)
{
	struct reference r = {0, 0, 0, 0x80, 0xbf};

	for (size_t i = 0; i < text.size; i++)
		while (!reference_byte(&r, (unsigned char)text.data[i], out))
			;
	if (r.needed != 0)
		put_point(out, 0xfffd);
}

/* ----- Tests ----- */

static void
check_against_reference(struct sse_slice text)
{
	struct sse_buf got, want;
	struct sse_slice guarded = {
	    test_guarded(text.data, text.size), text.size};

	sse_buf_init(&got, 1 << 20);
	sse_buf_init(&want, 1 << 20);
	CHECK_EQUAL_INT(sse_utf8_repair(guarded, &got), 0);
	reference_repair(text, &want);
	CHECK_EQUAL_TEXT(sse_buf_slice(&got), sse_buf_slice(&want));
	CHECK((sse_utf8_valid(guarded) == text.size) ==
	      sse_slice_equal(text, sse_buf_slice(&want)));
	CHECK_EQUAL_INT(sse_utf8_valid(sse_buf_slice(&got)), got.size);
	sse_buf_done(&got);
	sse_buf_done(&want);
}

TEST(each_pair_of_bytes_as_the_standard_says)
{
	char text[4] = "..~";
	struct sse_buf got, want;

	sse_buf_init(&got, 100);
	sse_buf_init(&want, 100);
	for (int i = 0; i < 65536; i++) {
		struct sse_slice slice = {text, 3};

		text[0] = (char)(i >> 8);
		text[1] = (char)i;
		sse_buf_clear(&got);
		sse_buf_clear(&want);
		CHECK_EQUAL_INT(sse_utf8_repair(slice, &got), 0);
		reference_repair(slice, &want);
		CHECK_EQUAL_TEXT(sse_buf_slice(&got), sse_buf_slice(&want));
	}
	sse_buf_done(&got);
	sse_buf_done(&want);
}

/* Bytes at the borders of the table, so that near misses are frequent. */
TEST(random_bytes_as_the_standard_says)
{
	static const unsigned char pick[] = {'a', '\n', 0x00, 0x7f, 0x80, 0x8f,
	    0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
	    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};
	struct random random = {20261120};
	char text[40];

	printf("# seed %d\n", 20261120);
	for (int run = 0; run < 4000; run++) {
		size_t size = random_below(&random, sizeof(text) + 1);

		for (size_t i = 0; i < size; i++)
			text[i] =
			    (char)pick[random_below(&random, sizeof(pick))];
		check_against_reference((struct sse_slice){text, size});
	}
}

static size_t
valid(struct sse_slice text)
{
	return sse_utf8_valid(
	    (struct sse_slice){test_guarded(text.data, text.size), text.size});
}

TEST(valid_up_to_the_first_wrong_byte)
{
	CHECK_EQUAL_INT(valid(SLICE("")), 0);
	CHECK_EQUAL_INT(sse_utf8_valid(sse_slice(NULL)), 0);
	CHECK_EQUAL_INT(valid(SLICE("a\0b")), 3);
	CHECK_EQUAL_INT(
	    valid(SLICE("\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\x80")), 9);
	CHECK_EQUAL_INT(valid(SLICE("0123456789abcdef\xff")), 16);
	CHECK_EQUAL_INT(valid(SLICE("0123456\xc3")), 7);
	CHECK_EQUAL_INT(valid(SLICE("\xed\xa0\x80")), 0);
	CHECK_EQUAL_INT(valid(SLICE("\xc0\x80")), 0);
	CHECK_EQUAL_INT(valid(SLICE("\xf4\x90\x80\x80")), 0);
}

TEST(each_place_of_a_wrong_byte_in_ascii)
{
	char text[40];

	for (size_t size = 1; size <= sizeof(text); size++)
		for (size_t at = 0; at < size; at++) {
			memset(text, 'x', size);
			text[at] = (char)0x80;
			CHECK_EQUAL_INT(
			    valid((struct sse_slice){text, size}), at);
		}
}

TEST(cut_never_inside_a_character)
{
	struct sse_slice text = SLICE("a\xc3\xa9\xf0\x9f\x9a\x80z");
	static const size_t want[] = {0, 1, 1, 3, 3, 3, 3, 7, 8, 8, 8};

	for (size_t max = 0; max < sizeof(want) / sizeof(want[0]); max++)
		CHECK_EQUAL_INT(sse_utf8_cut(text, max), want[max]);
	CHECK_EQUAL_INT(sse_utf8_cut(SLICE("\x80\x80\x80"), 2), 0);
	CHECK_EQUAL_INT(sse_utf8_cut(SLICE("\xff\xff\xff"), 2), 2);
	CHECK_EQUAL_INT(sse_utf8_cut(SLICE(""), 2), 0);
}

TEST(one_replacement_for_each_maximal_prefix)
{
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	CHECK_EQUAL_INT(sse_buf_add(&out, "<", 1), 0);
	CHECK_EQUAL_INT(
	    sse_utf8_repair(SLICE("\xe2\x82"
				  "A\xf0\x9f\x98"
				  "B\xc3\n\xc0\x80\xed\xa0\x80\xf0\x9f"),
		&out),
	    0);
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&out), SLICE("<" R "A" R "B" R "\n" R R R R R R));
	sse_buf_done(&out);
}

TEST(a_repair_without_room_leaves_the_buffer_as_it_was)
{
	struct sse_buf out;

	for (size_t max = 2; max < 7; max++) {
		sse_buf_init(&out, max);
		CHECK_EQUAL_INT(sse_buf_add(&out, "ab", 2), 0);
		CHECK_EQUAL_INT(sse_utf8_repair(SLICE("c\xff"
						      "d"),
				    &out),
		    -ENOBUFS);
		CHECK_EQUAL_TEXT(sse_buf_slice(&out), SLICE("ab"));
		sse_buf_done(&out);
	}
	sse_buf_init(&out, 7);
	CHECK_EQUAL_INT(sse_utf8_repair(SLICE("abc\xff"
					      "d"),
			    &out),
	    0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out), SLICE("abc" R "d"));
	sse_buf_done(&out);
}

/* If each step looked at all that is left, the test would not end in time. */
TEST(a_long_text_is_repaired_in_time)
{
	const size_t size = (size_t)4 << 20;
	char *text = malloc(size);
	struct sse_buf out;

	CHECK(text != NULL);
	memset(text, 0xff, size);
	sse_buf_init(&out, 3 * size);
	CHECK_EQUAL_INT(
	    sse_utf8_repair((struct sse_slice){text, size}, &out), 0);
	CHECK_EQUAL_INT(out.size, 3 * size);
	CHECK_EQUAL_INT(sse_utf8_valid(sse_buf_slice(&out)), 3 * size);
	sse_buf_done(&out);
	free(text);
}
