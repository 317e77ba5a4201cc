#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "record/splitter.h"
#include "utf8.h"

#define LIMIT 8
#define BOM "\xef\xbb\xbf"
#define HELD_MAX (LIMIT + 1 + 3) /* a byte more, and a byte order mark */

void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool memory_is_used_up;

void *
__wrap_realloc(void *memory, size_t size)
{
	return memory_is_used_up ? NULL : __real_realloc(memory, size);
}

static void
check_record(struct splitter *splitter, struct sse_slice text,
    uint64_t left_out, uint64_t end)
{
	struct record record;

	CHECK_EQUAL_INT(splitter_next(splitter, &record), 1);
	CHECK_EQUAL_TEXT(record.text, text);
	CHECK_EQUAL_INT(record.left_out, left_out);
	CHECK_EQUAL_INT(record.end, end);
}

static void
check_none(struct splitter *splitter)
{
	struct record record = {.end = 77};

	CHECK_EQUAL_INT(splitter_next(splitter, &record), 0);
	CHECK_EQUAL_INT(record.end, 77);
}

static void
check_rest(struct splitter *splitter, struct sse_slice text, uint64_t left_out,
    uint64_t end)
{
	struct record record;

	CHECK_EQUAL_INT(splitter_rest(splitter, &record), 1);
	CHECK_EQUAL_TEXT(record.text, text);
	CHECK_EQUAL_INT(record.left_out, left_out);
	CHECK_EQUAL_INT(record.end, end);
	CHECK_EQUAL_INT(splitter_rest(splitter, &record), 0);
}

TEST(lines_end_in_lf_and_the_crs_before_it)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_reset(&splitter, 100, false);
	splitter_feed(&splitter, SLICE("a\nbc\r\n\n\r\nd\re\n"));
	check_record(&splitter, SLICE("a"), 0, 102);
	check_record(&splitter, SLICE("bc"), 0, 106);
	check_record(&splitter, SLICE(""), 0, 107);
	check_record(&splitter, SLICE(""), 0, 109);
	check_record(&splitter, SLICE("d\re"), 0, 113);
	check_none(&splitter);
	splitter_done(&splitter);
}

TEST(whole_records_are_not_copied_and_own_no_memory)
{
	const char *bytes = "one\ntwo\nthree\n";
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, sse_slice(bytes));
	for (int i = 0; i < 3; i++) {
		CHECK_EQUAL_INT(splitter_next(&splitter, &record), 1);
		CHECK(record.text.data >= bytes);
		CHECK(record.text.data < bytes + strlen(bytes));
	}
	check_none(&splitter);
	CHECK(splitter.held.data == NULL);
	splitter_done(&splitter);
}

TEST(a_cut_record_is_held_and_its_memory_given_back)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("a\nbc"));
	check_record(&splitter, SLICE("a"), 0, 2);
	check_none(&splitter);
	CHECK(splitter.held.data != NULL);
	splitter_feed(&splitter, SLICE("de\nf\n"));
	check_record(&splitter, SLICE("bcde"), 0, 7);
	check_record(&splitter, SLICE("f"), 0, 9);
	CHECK(splitter.held.data == NULL);
	check_none(&splitter);
	splitter_done(&splitter);
}

TEST(a_cr_at_the_cut_of_two_feeds)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("abc\r"));
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("\nd\r"));
	check_record(&splitter, SLICE("abc"), 0, 5);
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("e\n"));
	check_record(&splitter, SLICE("d\re"), 0, 9);
	check_none(&splitter);
	splitter_done(&splitter);
}

/* The records of bytes that are fed in two pieces, with ends. */
static void
check_cut(struct sse_slice bytes, size_t cut, const char *wanted)
{
	const struct sse_slice pieces[] = {
	    {bytes.data, cut}, {bytes.data + cut, bytes.size - cut}};
	struct splitter splitter;
	struct record record;
	char got[200] = "";

	splitter_init(&splitter, LIMIT);
	for (int i = 0; i < 3; i++) {
		if (i < 2)
			splitter_feed(&splitter, pieces[i]);
		while (i < 2 ? splitter_next(&splitter, &record) == 1
			     : splitter_rest(&splitter, &record) == 1)
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
			    "%.*s@%u-%u ", (int)record.text.size,
			    record.text.data, (unsigned)record.end,
			    (unsigned)record.left_out);
	}
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(wanted));
	splitter_done(&splitter);
}

TEST(crs_and_byte_order_marks_in_pieces)
{
	static const struct {
		const char *bytes, *wanted;
	} cases[] = {
	    {"a\r\r\nb\r\n", "a@4-0 b@7-0 "},
	    {"\r\r\r\n\r\n", "@4-0 @6-0 "},
	    {"a\r\rb\r\r\r\n", "a\r\rb@8-0 "},
	    {"12345678\r\r\r\n", "12345678@12-0 "},
	    {"123456789\r\r\r\n", "12345678@13-1 "},
	    {"a\r\r", "a\r\r@3-0 "},
	    {BOM "a\nb\n", "a@5-0 b@7-0 "},
	    {BOM "a", "a@4-0 "},
	    {BOM "\n", "@4-0 "},
	    {BOM "\r\r\nb", "@6-0 b@7-0 "},
	    {BOM, ""},
	    {"\xef\xbb", "\xef\xbb@2-0 "},
	    {"\xef\xbb\na\n", "\xef\xbb@3-0 a@5-0 "},
	    {BOM "12345678\n", "12345678@12-0 "},
	    {BOM "123456789\n", "12345678@13-1 "},
	    {BOM BOM "a\n", BOM "a@8-0 "},
	    {"\n" BOM "a\n", "@1-0 " BOM "a@6-0 "},
	    {"a" BOM "\n", "a" BOM "@5-0 "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_slice bytes = sse_slice(cases[i].bytes);

		for (size_t cut = 0; cut <= bytes.size; cut++)
			check_cut(bytes, cut, cases[i].wanted);
	}
}

TEST(only_the_beginning_of_the_source_has_a_byte_order_mark)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_reset(&splitter, 7, false);
	splitter_feed(&splitter, SLICE(BOM "a\n"));
	check_record(&splitter, SLICE(BOM "a"), 0, 12);
	check_none(&splitter);
	splitter_reset(&splitter, 0, false);
	splitter_feed(&splitter, SLICE(BOM "a\n"));
	check_record(&splitter, SLICE("a"), 0, 5);
	check_none(&splitter);
	splitter_done(&splitter);
}

TEST(a_record_of_just_the_limit_is_whole_also_with_crlf)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("12345678\r\n12345678"));
	check_record(&splitter, SLICE("12345678"), 0, 10);
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("\r"));
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("\n"));
	check_record(&splitter, SLICE("12345678"), 0, 20);
	check_none(&splitter);
	splitter_done(&splitter);
}

TEST(what_is_over_the_limit_is_counted_and_not_held)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("123456789\r\n"));
	check_record(&splitter, SLICE("12345678"), 1, 11);
	check_none(&splitter);
	for (int i = 0; i < 10000; i++) {
		splitter_feed(&splitter, SLICE("0123456789"));
		check_none(&splitter);
	}
	CHECK(splitter.held.size == HELD_MAX);
	CHECK(splitter.held.capacity <= 256);
	splitter_feed(&splitter, SLICE("\r"));
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("\nx\n"));
	check_record(&splitter, SLICE("01234567"), 100000 - 8, 100013);
	check_record(&splitter, SLICE("x"), 0, 100015);
	check_none(&splitter);
	splitter_done(&splitter);
}

TEST(the_cut_is_between_two_characters)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("123456\xe2\x82\xacz\n"));
	check_record(&splitter, SLICE("123456"), 4, 11);
	check_none(&splitter);
	/* And where the limit and the end of what was fed fall together. */
	splitter_feed(&splitter, SLICE("123456\xe2\x82"));
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("\xacz\n"));
	check_record(&splitter, SLICE("123456"), 4, 22);
	check_none(&splitter);
	/* One that ends at the limit stays. */
	splitter_feed(&splitter, SLICE("12345\xe2\x82\xac"));
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("z\n"));
	check_record(&splitter, SLICE("12345\xe2\x82\xac"), 1, 32);
	check_none(&splitter);
	splitter_done(&splitter);
}

TEST(discards_the_rest_of_a_record_that_began_before)
{
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, LIMIT);
	splitter_reset(&splitter, 50, true);
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("the rest, which"));
	check_none(&splitter);
	CHECK_EQUAL_INT(splitter_rest(&splitter, &record), 0);
	CHECK(splitter.held.data == NULL);
	splitter_feed(&splitter, SLICE(" is long\r\nnext\n"));
	check_record(&splitter, SLICE("next"), 0, 80);
	check_none(&splitter);
	splitter_done(&splitter);
}

TEST(the_unfinished_record_is_given_as_it_is)
{
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("a\nbc\r"));
	check_record(&splitter, SLICE("a"), 0, 2);
	CHECK_EQUAL_INT(splitter_next(&splitter, &record), 0);
	check_rest(&splitter, SLICE("bc\r"), 0, 5);
	check_none(&splitter);
	CHECK(splitter.held.data == NULL);
	splitter_feed(&splitter, SLICE("0123456789"));
	check_none(&splitter);
	check_rest(&splitter, SLICE("01234567"), 2, 15);
	/* What comes then is a new record. */
	splitter_feed(&splitter, SLICE("\nnew\n"));
	check_record(&splitter, SLICE(""), 0, 16);
	check_record(&splitter, SLICE("new"), 0, 20);
	splitter_done(&splitter);
}

TEST(a_reset_forgets_what_was_unfinished)
{
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("0123456789 and more"));
	check_none(&splitter);
	splitter_reset(&splitter, 7, false);
	CHECK(splitter.held.data == NULL);
	CHECK_EQUAL_INT(splitter_rest(&splitter, &record), 0);
	splitter_feed(&splitter, SLICE("ab\n"));
	check_record(&splitter, SLICE("ab"), 0, 10);
	splitter_done(&splitter);
}

TEST(nothing_fed_is_no_record)
{
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, LIMIT);
	check_none(&splitter);
	splitter_feed(&splitter, SLICE(""));
	check_none(&splitter);
	CHECK_EQUAL_INT(splitter_rest(&splitter, &record), 0);
	splitter_done(&splitter);
}

TEST(goes_on_when_there_is_memory_again)
{
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("a\nbc"));
	check_record(&splitter, SLICE("a"), 0, 2);
	memory_is_used_up = true;
	CHECK_EQUAL_INT(splitter_next(&splitter, &record), -ENOMEM);
	CHECK_EQUAL_INT(splitter_next(&splitter, &record), -ENOMEM);
	memory_is_used_up = false;
	check_none(&splitter);
	splitter_feed(&splitter, SLICE("d\n"));
	check_record(&splitter, SLICE("bcd"), 0, 6);
	check_none(&splitter);
	splitter_done(&splitter);
}

static void
check_nuls(struct splitter *splitter, uint64_t nuls, struct sse_slice text,
    uint64_t left_out, uint64_t end)
{
	struct record record;

	CHECK_EQUAL_INT(splitter_next(splitter, &record), 1);
	CHECK_EQUAL_TEXT(record.text, text);
	CHECK_EQUAL_INT(record.nuls, nuls);
	CHECK_EQUAL_INT(record.left_out, left_out);
	CHECK_EQUAL_INT(record.end, end);
}

TEST(nuls_at_the_beginning_of_a_record_are_left_out)
{
	const struct {
		struct sse_slice bytes, text;
		uint64_t nuls, left_out;
	} cases[] = {
	    {SLICE("\0\0a\n"), SLICE("a"), 2, 0},
	    {SLICE("\0\0\n"), SLICE(""), 2, 0},
	    {SLICE("\0\r\n"), SLICE(""), 1, 0},
	    {SLICE("a\0b\n"), SLICE("a\0b"), 0, 0},
	    {SLICE("\0a\0\n"), SLICE("a\0"), 1, 0},
	    {SLICE("\0\0\0\0\0\0\0\0\0\0\0\0"
		   "12345678\n"),
		SLICE("12345678"), 12, 0},
	    {SLICE("\0"
		   "1234567890\r\n"),
		SLICE("12345678"), 1, 2},
	};
	struct splitter splitter;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		splitter_init(&splitter, LIMIT);
		splitter_feed(&splitter, cases[i].bytes);
		check_nuls(&splitter, cases[i].nuls, cases[i].text,
		    cases[i].left_out, cases[i].bytes.size);
		check_none(&splitter);
		splitter_feed(&splitter, SLICE("b\n"));
		check_nuls(
		    &splitter, 0, SLICE("b"), 0, cases[i].bytes.size + 2);
		splitter_done(&splitter);
	}
}

TEST(nuls_alone_are_no_record)
{
	struct splitter splitter;
	struct record record;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("\0\0\0"));
	check_none(&splitter);
	CHECK(splitter.held.data == NULL);
	CHECK_EQUAL_INT(splitter_rest(&splitter, &record), 0);
	splitter_done(&splitter);
}

TEST(nuls_that_are_skipped_are_as_those_that_are_fed)
{
	struct splitter splitter;

	splitter_init(&splitter, LIMIT);
	splitter_feed(&splitter, SLICE("a\n\0"));
	check_record(&splitter, SLICE("a"), 0, 2);
	check_none(&splitter);
	splitter_skip(&splitter, UINT64_C(1) << 31);
	splitter_feed(&splitter, SLICE("b\nc\r"));
	check_nuls(&splitter, (UINT64_C(1) << 31) + 1, SLICE("b"), 0,
	    (UINT64_C(1) << 31) + 5);
	check_none(&splitter);
	/* Inside a record they and what follows are left out. */
	splitter_skip(&splitter, 1000);
	splitter_feed(&splitter, SLICE("de\r\n"));
	check_nuls(
	    &splitter, 0, SLICE("c\r"), 1002, (UINT64_C(1) << 31) + 1011);
	check_none(&splitter);
	/* In the rest of a record that is passed over they are nothing. */
	splitter_reset(&splitter, 10, true);
	splitter_skip(&splitter, 1000);
	splitter_feed(&splitter, SLICE("rest\nf\n"));
	check_nuls(&splitter, 0, SLICE("f"), 0, 1017);
	check_none(&splitter);
	splitter_done(&splitter);
}

/* The plainest splitter there is: the record at begin; its end, 0 for none. */
static size_t
reference(struct sse_slice all, size_t begin, struct record *ret_record)
{
	size_t lf = begin;
	struct sse_slice text;

	while (lf < all.size && all.data[lf] != '\n')
		lf++;
	if (lf == all.size)
		return 0;
	text = (struct sse_slice){all.data + begin, lf - begin};
	*ret_record = (struct record){.nuls = 0};
	for (; text.size > 0 && text.data[0] == '\0'; ret_record->nuls++)
		text = (struct sse_slice){text.data + 1, text.size - 1};
	while (text.size > 0 && text.data[text.size - 1] == '\r')
		text.size--;
	if (begin == 0 && text.size >= 3 && memcmp(text.data, BOM, 3) == 0)
		text = (struct sse_slice){text.data + 3, text.size - 3};
	ret_record->left_out = text.size;
	if (text.size > LIMIT)
		text.size = sse_utf8_cut(text, LIMIT);
	ret_record->left_out -= text.size;
	ret_record->text = text;
	ret_record->end = lf + 1;
	return lf + 1;
}

/* Whether there is more than NULs, and a byte order mark at the beginning. */
static bool
has_text(struct sse_slice rest, bool at_beginning)
{
	for (; rest.size > 0 && rest.data[0] == '\0'; rest.size--)
		rest.data++;
	return rest.size > 0 &&
	       !(at_beginning && sse_slice_equal(rest, SLICE(BOM)));
}

/* Feeds it in random pieces, each in memory of just its size. */
static void
check_random_splits(struct sse_slice all, struct random *random)
{
	struct splitter splitter;
	struct record got, want;
	size_t begin = 0;
	size_t fed = 0;

	splitter_init(&splitter, LIMIT);
	while (fed < all.size) {
		size_t size = random_below(random, 12);
		char *piece;

		if (size > all.size - fed)
			size = all.size - fed;
		piece = malloc(size + 1);
		CHECK(piece != NULL);
		memcpy(piece, all.data + fed, size);
		fed += size;
		splitter_feed(&splitter, (struct sse_slice){piece, size});
		while (splitter_next(&splitter, &got) == 1) {
			begin = reference(all, begin, &want);
			CHECK(begin != 0);
			CHECK_EQUAL_TEXT(got.text, want.text);
			CHECK_EQUAL_INT(got.left_out, want.left_out);
			CHECK_EQUAL_INT(got.nuls, want.nuls);
			CHECK_EQUAL_INT(got.end, want.end);
			CHECK(splitter.held.size <= HELD_MAX);
		}
		free(piece);
	}
	CHECK_EQUAL_INT(reference(all, begin, &want), 0);
	CHECK_EQUAL_INT(splitter_rest(&splitter, &got),
	    has_text((struct sse_slice){all.data + begin, all.size - begin},
		begin == 0));
	splitter_done(&splitter);
}

/* Where the next record is more than its bytes, nobody but next() takes it. */
TEST(lines_are_there_as_long_as_nothing_comes_before_them)
{
	struct splitter splitter;
	struct record got;

	splitter_init(&splitter, 100);
	splitter_reset(&splitter, 0, true);
	splitter_feed(&splitter, SLICE("rest\na\nb\nc"));
	CHECK_EQUAL_INT(splitter_lines(&splitter).size, 0);
	CHECK(splitter_discard(&splitter));
	CHECK_EQUAL_TEXT(splitter_lines(&splitter), SLICE("a\nb\nc"));
	splitter_pass(&splitter, 2);
	CHECK_EQUAL_INT(splitter_next(&splitter, &got), 1);
	CHECK_EQUAL_TEXT(got.text, SLICE("b"));
	CHECK_EQUAL_INT(got.end, 9);
	/* It is unfinished, and then held for who looks at it. */
	CHECK_EQUAL_INT(splitter_next(&splitter, &got), 0);
	splitter_feed(&splitter, SLICE("d\ne\n"));
	CHECK_EQUAL_INT(splitter_lines(&splitter).size, 0);
	CHECK_EQUAL_INT(splitter_next(&splitter, &got), 1);
	CHECK_EQUAL_INT(splitter_lines(&splitter).size, 0);
	CHECK_EQUAL_INT(splitter_next(&splitter, &got), 1);
	CHECK_EQUAL_INT(splitter_next(&splitter, &got), 0);
	splitter_skip(&splitter, 4);
	splitter_feed(&splitter, SLICE("f\n"));
	CHECK_EQUAL_INT(splitter_lines(&splitter).size, 0);
	CHECK_EQUAL_INT(splitter_next(&splitter, &got), 1);
	CHECK_EQUAL_INT(got.nuls, 4);
	splitter_done(&splitter);
}

TEST(random_bytes_at_random_splits_are_as_at_one_go)
{
	static const char bytes[] = "ab\n\r\xe2\x82\xac\xf0\x9f\x98\x80\0";
	struct random random = {20261120};
	char text[200];

	for (int run = 0; run < 20000; run++) {
		size_t size = random_below(&random, sizeof(text));
		size_t kinds = 1 + random_below(&random, sizeof(bytes) - 1);

		for (size_t i = 0; i < size; i++)
			text[i] = bytes[random_below(&random, kinds)];
		if (random_below(&random, 2) == 0 && size >= 3)
			memcpy(text, BOM, 3);
		check_random_splits((struct sse_slice){text, size}, &random);
	}
}
