#include "test.h"

#include <errno.h>
#include <string.h>

#include "query.h"

static char value[16];

static struct sse_slice
find(struct sse_slice query, const char *name)
{
	struct sse_slice guarded = {
	    test_guarded(query.data, query.size), query.size};
	ssize_t size = sse_query_find(guarded, name, value, sizeof(value));

	if (size < 0)
		CHECK_EQUAL_INT(size, -ENOENT);
	return size < 0 ? sse_slice(NULL)
			: (struct sse_slice){value, (size_t)size};
}

TEST(the_first_field_of_that_name)
{
	struct sse_slice query = SLICE("a=1&b=2&b=3&c");

	CHECK_EQUAL_TEXT(find(query, "a"), SLICE("1"));
	CHECK_EQUAL_TEXT(find(query, "b"), SLICE("2"));
	CHECK_EQUAL_TEXT(find(query, "c"), SLICE(""));
	CHECK_EQUAL_TEXT(find(query, "d"), sse_slice(NULL));
	CHECK_EQUAL_TEXT(find(query, ""), sse_slice(NULL));
	CHECK_EQUAL_TEXT(find(SLICE(""), "a"), sse_slice(NULL));
	CHECK_EQUAL_TEXT(find(SLICE("ab=1&xa=2&A=3"), "a"), sse_slice(NULL));
}

TEST(odd_delimiters)
{
	CHECK_EQUAL_TEXT(find(SLICE("&&a==b=&"), "a"), SLICE("=b="));
	CHECK_EQUAL_TEXT(find(SLICE("=x&a=1"), ""), SLICE("x"));
	CHECK_EQUAL_TEXT(find(SLICE("&&"), ""), sse_slice(NULL));
	CHECK_EQUAL_TEXT(find(SLICE("a=1;b=2"), "b"), sse_slice(NULL));
	CHECK_EQUAL_TEXT(find(SLICE("a=1;b=2"), "a"), SLICE("1;b=2"));
	CHECK_EQUAL_TEXT(find(SLICE("a="), "a"), SLICE(""));
}

TEST(escapes_are_decoded_once)
{
	CHECK_EQUAL_TEXT(find(SLICE("a=%41%6a+%2B%25"), "a"), SLICE("Aj +%"));
	CHECK_EQUAL_TEXT(find(SLICE("a=%2541"), "a"), SLICE("%41"));
	CHECK_EQUAL_TEXT(find(SLICE("a=x%00y"), "a"), SLICE("x\0y"));
	CHECK_EQUAL_TEXT(find(SLICE("a=%26%3D"), "a"), SLICE("&="));
	CHECK_EQUAL_TEXT(
	    find(SLICE("a=%E2%82%ac"), "a"), SLICE("\xe2\x82\xac"));
}

TEST(broken_escapes_stay_as_they_are)
{
	CHECK_EQUAL_TEXT(find(SLICE("a=%"), "a"), SLICE("%"));
	CHECK_EQUAL_TEXT(find(SLICE("a=%4"), "a"), SLICE("%4"));
	CHECK_EQUAL_TEXT(find(SLICE("a=%4&1"), "a"), SLICE("%4"));
	CHECK_EQUAL_TEXT(find(SLICE("a=%4g%g4%%41"), "a"), SLICE("%4g%g4%A"));
}

TEST(names_are_compared_after_decoding)
{
	CHECK_EQUAL_TEXT(find(SLICE("%61+b=1"), "a b"), SLICE("1"));
	CHECK_EQUAL_TEXT(find(SLICE("a%00b=1&a=2"), "a"), SLICE("2"));
}

TEST(a_longer_value_is_cut)
{
	CHECK_EQUAL_TEXT(find(SLICE("a=0123456789abcdefXYZ"), "a"),
	    SLICE("0123456789abcdef"));
	CHECK_EQUAL_TEXT(
	    find(SLICE("a=%30%31%32%33%34%35%36%37%38%39abcdef%7"), "a"),
	    SLICE("0123456789abcdef"));
	CHECK_EQUAL_INT(sse_query_find(SLICE("a=1"), "a", value, 0), 0);
}
