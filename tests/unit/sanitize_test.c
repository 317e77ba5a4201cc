#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "record/sanitize.h"

#define TEXT_SIZE_MAX 100000

/* The text when it is clean, and what is left out with so much before. */
static void
check_clean(bool keep_sequences, struct sse_slice text, uint64_t left_out,
    struct sse_slice want, uint64_t want_left_out)
{
	struct sanitize sanitize;
	const char *guarded = test_guarded(text.data, text.size);

	text.data = guarded;
	sanitize_init(&sanitize, TEXT_SIZE_MAX, keep_sequences);
	CHECK_EQUAL_INT(sanitize_text(&sanitize, &text, &left_out), 0);
	CHECK_EQUAL_TEXT(text, want);
	CHECK_EQUAL_INT(left_out, want_left_out);
	sanitize_done(&sanitize);
}

TEST(what_is_clean_stays_where_it_lies)
{
	static const char *const texts[] = {"", "a",
	    "plain text of more than sixteen bytes", "\xc3\xa4\xe2\x82\xac"};
	struct sanitize sanitize;

	sanitize_init(&sanitize, TEXT_SIZE_MAX, false);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct sse_slice text = sse_slice(texts[i]);
		uint64_t left_out = 7;

		CHECK_EQUAL_INT(sanitize_text(&sanitize, &text, &left_out), 0);
		CHECK(text.data == texts[i]);
		CHECK_EQUAL_INT(text.size, strlen(texts[i]));
		CHECK_EQUAL_INT(left_out, 7);
	}
	CHECK(sanitize.repaired.data == NULL && sanitize.stripped.data == NULL);
	sanitize_done(&sanitize);
}

TEST(utf8_is_repaired_and_sequences_go_or_stay)
{
	check_clean(false, SLICE("a\xff"), 0, SLICE("a\xef\xbf\xbd"), 0);
	check_clean(false, SLICE("\x1b[1ma\x1b[m"), 0, SLICE("a"), 0);
	check_clean(false, SLICE("a\bb\x7f\0\t"), 0, SLICE("ab\0\t"), 0);
	check_clean(true, SLICE("a\bb\x7f"), 0, SLICE("a\bb\x7f"), 0);
	check_clean(false,
	    SLICE("\xe2\x80\xae"
		  "a"),
	    0, SLICE("a"), 0);
	check_clean(
	    true, SLICE("\x1b[1ma\x1b[m"), 0, SLICE("\x1b[1ma\x1b[m"), 0);
	/* Both, in one text. */
	check_clean(false, SLICE("\x1b[1m\xff\xc3\xa4"), 0,
	    SLICE("\xef\xbf\xbd\xc3\xa4"), 0);
}

TEST(a_sequence_that_a_cut_has_left_goes_in_any_case)
{
	check_clean(false, SLICE("a\x1b[3"), 5, SLICE("a"), 8);
	check_clean(true, SLICE("a\x1b[3"), 5, SLICE("a"), 8);
	/* Nothing was cut: it is the log's own. */
	check_clean(true, SLICE("a\x1b[3"), 0, SLICE("a\x1b[3"), 0);
}

TEST(one_text_is_not_in_the_next_and_a_long_one_is_given_back)
{
	struct sanitize sanitize;
	struct sse_slice text = SLICE("\xff");
	uint64_t left_out = 0;
	char *bytes = malloc(TEXT_SIZE_MAX);

	CHECK(bytes != NULL);
	memset(bytes, '\xff', TEXT_SIZE_MAX);
	sanitize_init(&sanitize, TEXT_SIZE_MAX, false);
	CHECK_EQUAL_INT(sanitize_text(&sanitize, &text, &left_out), 0);
	CHECK_EQUAL_TEXT(text, SLICE("\xef\xbf\xbd"));
	text = SLICE("\xfe");
	CHECK_EQUAL_INT(sanitize_text(&sanitize, &text, &left_out), 0);
	CHECK_EQUAL_TEXT(text, SLICE("\xef\xbf\xbd"));
	text = (struct sse_slice){bytes, TEXT_SIZE_MAX};
	CHECK_EQUAL_INT(sanitize_text(&sanitize, &text, &left_out), 0);
	CHECK_EQUAL_INT(text.size, 3 * TEXT_SIZE_MAX);
	text = SLICE("x");
	CHECK_EQUAL_INT(sanitize_text(&sanitize, &text, &left_out), 0);
	CHECK(sanitize.repaired.data == NULL);
	free(bytes);
	sanitize_done(&sanitize);
}
