/*
 * joined_test.c - the text of a record out of its lines.
 */
#include "config.h"

#include "test.h"

#include "stream/joined.h"

#define SIZE_MAX_HERE 10

static struct source_item
line(const char *text)
{
	return (struct source_item){
	    .kind = SOURCE_RECORD, .record = {.text = sse_slice(text)}};
}

/* A text, in UTF-8, that does not fit is cut at a character. */
TEST(lines_are_a_record_of_at_most_so_many_bytes)
{
	static const struct {
		const char *lines[3];
		const char *want;
		uint64_t left_out;
	} table[] = {
	    {{"a"}, "a", 0},
	    {{"a", "", "b"}, "a\n\nb", 0},
	    {{"123456789", ""}, "123456789\n", 0},
	    {{"1234567890", "12"}, "1234567890", 3},
	    {{"123456789\xc3\xa4"}, "123456789", 2},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct joined joined;
		struct source_item item;

		joined_init(&joined, SIZE_MAX_HERE);
		for (size_t j = 0; j < 3 && table[i].lines[j] != NULL; j++) {
			item = line(table[i].lines[j]);
			CHECK_EQUAL_INT(joined_add(&joined, &item, 0), 0);
		}
		joined_take(&joined, i == 0, &item);
		CHECK_EQUAL_TEXT(item.record.text, sse_slice(table[i].want));
		CHECK_EQUAL_INT(item.record.left_out, table[i].left_out);
		CHECK(item.record.unfinished == (i == 0));
		joined_clear(&joined);
		CHECK_EQUAL_INT(joined.lines, 0);
		CHECK_EQUAL_INT(joined.left_out, 0);
		joined_done(&joined);
	}
}

TEST(what_does_not_fit_whole_need_not_be_joined)
{
	struct source_item first = line("12345"), fits = line("1234");
	struct source_item is_over = line("12345"), cut = line("1");
	struct joined joined;

	cut.record.left_out = 1;
	joined_init(&joined, SIZE_MAX_HERE);
	CHECK_EQUAL_INT(joined_add(&joined, &first, 0), 0);
	CHECK(!joined_is_full_for(&joined, &fits));
	CHECK(joined_is_full_for(&joined, &is_over));
	CHECK(joined_is_full_for(&joined, &cut));
	joined_done(&joined);
}

TEST(it_waits_for_a_line_and_in_all_for_so_many_times_that)
{
	struct source_item item = line("a");
	struct joined joined;

	joined_init(&joined, SIZE_MAX_HERE);
	CHECK_EQUAL_INT(joined_add(&joined, &item, 1000), 0);
	CHECK_EQUAL_INT(joined_left_ms(&joined, 100, 3, 1000), 100);
	CHECK_EQUAL_INT(joined_add(&joined, &item, 1250), 0);
	CHECK_EQUAL_INT(joined_left_ms(&joined, 100, 3, 1260), 40);
	CHECK_EQUAL_INT(joined_left_ms(&joined, 100, 3, 1301), -1);
	joined_done(&joined);
}
