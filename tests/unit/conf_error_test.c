#include "test.h"

#include <errno.h>
#include <string.h>

#include "conf/conf_error.h"

TEST(an_error_says_where)
{
	static const struct {
		struct conf_place place;
		const char *text;
	} cases[] = {
	    {{0}, "why 7"},
	    {{.key = "retry"}, "--retry: why 7"},
	    {{.argument = "a=/b"}, "\"a=/b\": why 7"},
	    {{.path = "/c"}, "/c: why 7"},
	    {{.path = "/c", .line = 3}, "/c:3: why 7"},
	    {{.path = "/c", .line = 3, .key = "retry"}, "/c:3: retry: why 7"},
	    {{.path = "/c", .line = 4294967295U}, "/c:4294967295: why 7"},
	    {{.path = "", .line = 1}, ":1: why 7"},
	    /* One line, whatever the administrator's files are called. */
	    {{.path = "/c\n\x1b[2J", .line = 3}, "/c\\x0a\\x1b[2J:3: why 7"},
	    {{.key = "re\ntry"}, "--re\\x0atry: why 7"},
	    {{.argument = "\xff"}, "\"\\xff\": why 7"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct conf_error error;

		CHECK_EQUAL_INT(
		    conf_refuse(&error, &cases[i].place, "%s %d", "why", 7),
		    -EINVAL);
		CHECK_EQUAL_TEXT(
		    sse_slice(error.text), sse_slice(cases[i].text));
	}
}

/* However long its parts are: what is cut is the end. */
TEST(an_error_fits)
{
	char longest[2 * CONF_ERROR_SIZE_MAX];

	for (size_t size = 0; size < sizeof(longest); size++) {
		const struct conf_place place = {
		    .path = longest, .line = 4294967295U, .key = longest};
		struct conf_error error;

		memset(longest, '\n', size);
		longest[size] = '\0';
		CHECK_EQUAL_INT(
		    conf_refuse(&error, &place, "%s", longest), -EINVAL);
		CHECK(strlen(error.text) < sizeof(error.text));
		CHECK(strstr(error.text, ":4294967295: ") != NULL);
	}
}

TEST(a_quoted_text_is_printable_and_short)
{
	static const struct {
		struct sse_slice text;
		const char *quoted;
	} cases[] = {
	    {{"", 0}, "\"\""},
	    {{"a b", 3}, "\"a b\""},
	    {{"\"", 1}, "\"\"\""},
	    {{"a\0b\n", 4}, "\"a\\x00b\\x0a\""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_EQUAL_TEXT(sse_slice(conf_quote(cases[i].text).text),
		    sse_slice(cases[i].quoted));
	for (size_t size = 0; size < 200; size++) {
		char text[200];
		struct conf_quoted quoted;
		size_t used;

		memset(text, size % 2 ? 'a' : '\xe4', size);
		quoted = conf_quote((struct sse_slice){text, size});
		used = strlen(quoted.text);
		CHECK(used < sizeof(quoted.text));
		CHECK(quoted.text[0] == '"' && quoted.text[used - 1] == '"');
		if (size > sizeof(quoted.text))
			CHECK(strstr(quoted.text, "...\"") != NULL);
	}
}
