#include "test.h"

#include <errno.h>
#include <string.h>

#include "block.h"

#define SIZE_MAX_OF_TESTS 10

static void
take(void (*function)(struct sse_block *, const struct sse_line *),
    struct sse_block *block, const char *value, bool fed)
{
	struct sse_line line = {.text = sse_slice(value), .fed = fed};

	function(block, &line);
}

static struct sse_block
block_new(void)
{
	struct sse_block block;

	sse_block_init(&block, SIZE_MAX_OF_TESTS);
	return block;
}

TEST(one_line_of_what_was_fed_is_borrowed)
{
	static const char value[] = "abc";
	struct sse_block block = block_new();

	take(sse_block_take_data, &block, value, true);
	CHECK(sse_block_data(&block).data == value);
	CHECK_EQUAL_TEXT(sse_block_data(&block), SLICE("abc"));
	sse_block_keep(&block);
	CHECK(sse_block_data(&block).data != value);
	CHECK_EQUAL_TEXT(sse_block_data(&block), SLICE("abc"));
	sse_block_done(&block);
}

TEST(lines_are_joined_wherever_they_came_from)
{
	for (int i = 0; i < 4; i++) {
		struct sse_block block = block_new();

		take(sse_block_take_data, &block, "ab", (i & 1) != 0);
		take(sse_block_take_data, &block, "", (i & 2) != 0);
		take(sse_block_take_data, &block, "c", (i & 1) != 0);
		CHECK_EQUAL_TEXT(sse_block_data(&block), SLICE("ab\n\nc"));
		sse_block_done(&block);
	}
}

TEST(an_empty_line_of_data_is_data)
{
	struct sse_block block = block_new();

	CHECK(!block.has_data);
	take(sse_block_take_data, &block, "", false);
	CHECK(block.has_data);
	CHECK_EQUAL_TEXT(sse_block_data(&block), SLICE(""));
	sse_block_done(&block);
}

TEST(the_last_type_counts_and_without_one_it_is_message)
{
	struct sse_block block = block_new();

	CHECK_EQUAL_TEXT(sse_block_type(&block), SLICE("message"));
	take(sse_block_take_type, &block, "one", true);
	take(sse_block_take_type, &block, "two", true);
	CHECK_EQUAL_TEXT(sse_block_type(&block), SLICE("two"));
	take(sse_block_take_type, &block, "", true);
	CHECK_EQUAL_TEXT(sse_block_type(&block), SLICE("message"));
	sse_block_done(&block);
}

TEST(values_are_repaired)
{
	struct sse_block block = block_new();

	take(sse_block_take_data, &block, "\xff", true);
	take(sse_block_take_type, &block, "\xfe", true);
	take(sse_block_take_id, &block, "\xc3", true);
	CHECK_EQUAL_TEXT(sse_block_data(&block), SLICE("\xef\xbf\xbd"));
	CHECK_EQUAL_TEXT(sse_block_type(&block), SLICE("\xef\xbf\xbd"));
	CHECK_EQUAL_TEXT(sse_buf_slice(&block.id), SLICE("\xef\xbf\xbd"));
	sse_block_done(&block);
}

TEST(an_id_with_a_nul_is_none)
{
	struct sse_block block = block_new();
	struct sse_line line = {.text = SLICE("a\0b")};

	sse_block_take_id(&block, &line);
	CHECK(!block.has_id);
	take(sse_block_take_id, &block, "a", false);
	sse_block_take_id(&block, &line);
	CHECK(block.has_id);
	CHECK_EQUAL_TEXT(sse_buf_slice(&block.id), SLICE("a"));
	sse_block_done(&block);
}

/* The limit is that of type and data together, and of an id by itself. */
TEST(what_is_over_the_limit_loses_the_event_and_not_its_id)
{
	static const struct {
		const char *data[2];
		const char *type;
		int error;
	} cases[] = {
	    {{"1234567890", NULL}, NULL, 0},
	    {{"12345678901", NULL}, NULL, -EMSGSIZE},
	    {{"12345", "6789"}, NULL, 0},
	    {{"12345", "67890"}, NULL, -EMSGSIZE},
	    {{"12345", NULL}, "67890", 0},
	    {{"12345", NULL}, "678901", -EMSGSIZE},
	    {{"", NULL}, "12345678901", -EMSGSIZE},
	};

	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_block block = block_new();
		bool fed = i % 2 == 0;

		take(sse_block_take_id, &block, "1", fed);
		for (size_t j = 0; j < 2; j++)
			if (cases[i / 2].data[j] != NULL)
				take(sse_block_take_data, &block,
				    cases[i / 2].data[j], fed);
		if (cases[i / 2].type != NULL)
			take(sse_block_take_type, &block, cases[i / 2].type,
			    fed);
		CHECK_EQUAL_INT(block.error, cases[i / 2].error);
		CHECK(block.has_id);
		sse_block_done(&block);
	}
}

TEST(an_id_over_the_limit_is_not_kept_by_half)
{
	struct sse_block block = block_new();

	take(sse_block_take_id, &block, "1234567890", false);
	CHECK(block.has_id && block.error == 0);
	take(sse_block_take_id, &block, "12345678901", false);
	CHECK(!block.has_id);
	CHECK_EQUAL_INT(block.error, -EMSGSIZE);
	sse_block_done(&block);
}

TEST(the_first_reason_stays_until_the_block_is_over)
{
	struct sse_block block = block_new();

	take(sse_block_take_data, &block, "a", false);
	sse_block_lose(&block, -ENOMEM);
	sse_block_lose(&block, -ENOBUFS);
	take(sse_block_take_data, &block, "b", false);
	take(sse_block_take_type, &block, "c", false);
	CHECK_EQUAL_INT(block.error, -ENOMEM);
	CHECK_EQUAL_INT(block.data.size + block.type.size, 0);
	sse_block_clear(&block);
	CHECK(block.error == 0 && !block.has_data && !block.has_id);
	take(sse_block_take_data, &block, "b", false);
	CHECK_EQUAL_TEXT(sse_block_data(&block), SLICE("b"));
	sse_block_done(&block);
}
