#include "test.h"

#include <errno.h>
#include <string.h>

#include "record/json_text.h"

static struct sse_slice
guarded(struct sse_slice text)
{
	return (struct sse_slice){
	    test_guarded(text.data, text.size), text.size};
}

TEST(a_member_is_found_as_it_was_written)
{
	static const struct {
		const char *object;
		size_t member;
		const char *value;
	} cases[] = {
	    {"{\"a\":1}", 0, "1"},
	    {"{\"a\": 1 , \"b\" :\t2 }", 0, "1"},
	    {"{\"a\": 1 , \"b\" :\t2 }", 1, "2"},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 0, "[1,{\"b\":2}]"},
	    {"{\"a\":[1,{\"b\":2}],\"c\":3}", 1, "3"},
	    {"{\"a:\\\"},\":\"b,:}\",\"c\":-1.50e+2}", 0, "\"b,:}\""},
	    {"{\"a:\\\"},\":\"b,:}\",\"c\":-1.50e+2}", 1, "-1.50e+2"},
	    {"{\"a\\\\\":true,\"b\":null}", 1, "null"},
	    {"\n{\r\n\"a\"\n:\n{ }\n}\n", 0, "{ }"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_EQUAL_TEXT(
		    json_text_member(
			guarded(sse_slice(cases[i].object)), cases[i].member),
		    sse_slice(cases[i].value));
}

TEST(blanks_go_but_for_those_in_strings)
{
	static const struct {
		const char *value;
		const char *compact;
	} cases[] = {
	    {"1", "1"},
	    {"[ 1 , 2 ]", "[1,2]"},
	    {"{ \"a b\" :\t\"c \\\" d\"\r\n}", "{\"a b\":\"c \\\" d\"}"},
	    {"[\" \\\\\" , \"  \"]", "[\" \\\\\",\"  \"]"},
	    {"[]", "[]"},
	};
	struct sse_buf out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_slice value = sse_slice(cases[i].value);

		sse_buf_init(&out, value.size);
		CHECK_EQUAL_INT(json_text_compact(guarded(value), &out), 0);
		CHECK_EQUAL_TEXT(
		    sse_buf_slice(&out), sse_slice(cases[i].compact));
		sse_buf_done(&out);
	}
	sse_buf_init(&out, 5);
	CHECK_EQUAL_INT(json_text_compact(SLICE("[1, 2]"), &out), -ENOBUFS);
	CHECK_EQUAL_INT(out.size, 0);
	sse_buf_done(&out);
}

TEST(an_integer_is_digits_and_no_more)
{
	static const char *const integers[] = {
	    "0", "-0", "7", "-12345678901234567890123"};
	static const char *const others[] = {
	    "", "-", "1.0", "1e3", "+1", "--1", "1-", " 1", "\"1\"", "null"};

	for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++)
		CHECK(json_text_is_integer(guarded(sse_slice(integers[i]))));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(!json_text_is_integer(guarded(sse_slice(others[i]))));
}

/* count times the text, and then the end. */
static enum json_text_excess
excess_of(const char *text, size_t count, const char *end)
{
	static char bytes[4 * JSON_TEXT_VALUES_MAX];
	size_t size = strlen(text), used = 0;

	CHECK(count * size + strlen(end) <= sizeof(bytes));
	for (; count > 0; count--, used += size)
		memcpy(bytes + used, text, size);
	memcpy(bytes + used, end, strlen(end));
	used += strlen(end);
	return json_text_excess(guarded((struct sse_slice){bytes, used}), NULL);
}

TEST(depth_and_values_are_counted_in_any_text)
{
	static const struct {
		const char *text;
		size_t count;
		const char *end;
		enum json_text_excess excess;
	} cases[] = {
	    {"[", JSON_TEXT_DEPTH_MAX, "", JSON_TEXT_NO_EXCESS},
	    {"[", JSON_TEXT_DEPTH_MAX + 1, "", JSON_TEXT_TOO_DEEP},
	    {"{", JSON_TEXT_DEPTH_MAX + 1, "", JSON_TEXT_TOO_DEEP},
	    {"[]", JSON_TEXT_VALUES_MAX - 1, "", JSON_TEXT_NO_EXCESS},
	    {"[]", JSON_TEXT_VALUES_MAX, "", JSON_TEXT_TOO_MANY},
	    {",", JSON_TEXT_VALUES_MAX - 1, "", JSON_TEXT_NO_EXCESS},
	    {",", JSON_TEXT_VALUES_MAX, "", JSON_TEXT_TOO_MANY},
	    /* Closing brackets alone are none, and deepen nothing. */
	    {"]", JSON_TEXT_VALUES_MAX, "[", JSON_TEXT_NO_EXCESS},
	    /* What is in a string is not counted. */
	    {"\"[,\"", JSON_TEXT_VALUES_MAX, "", JSON_TEXT_NO_EXCESS},
	    {"\"", 1, "[[[[", JSON_TEXT_NO_EXCESS},
	    {"\"\\\"", 1, "", JSON_TEXT_NO_EXCESS},
	    {"\"\\", 1, "", JSON_TEXT_NO_EXCESS},
	    {"", 0, "", JSON_TEXT_NO_EXCESS},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_EQUAL_INT(
		    excess_of(cases[i].text, cases[i].count, cases[i].end),
		    cases[i].excess);
}

static void
count(void *context)
{
	++*(int *)context;
}

TEST(a_long_text_takes_pauses)
{
	static char bytes[1 << 20];
	int pauses = 0;
	struct pause pause = {count, &pauses};

	memset(bytes, ' ', sizeof(bytes));
	(void)json_text_excess((struct sse_slice){bytes, 100}, &pause);
	CHECK_EQUAL_INT(pauses, 0);
	(void)json_text_excess(
	    (struct sse_slice){bytes, sizeof(bytes)}, &pause);
	CHECK(pauses >= 16 && pauses <= 256);
}
