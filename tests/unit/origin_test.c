#include "test.h"

#include <string.h>

#include "origin.h"

TEST(lists_of_origins)
{
	static const char *const valid[] = {"", "*", "https://app.example",
	    "http://localhost:8080", "https://a.example https://b.example:8443",
	    "https://a.example  http://127.0.0.1", "http://[::1]:8080",
	    "moz-extension://0a1b"};

	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
		if (!sse_origin_list_valid(valid[i]))
			test_fail(__FILE__, __LINE__, "%s", valid[i]);
}

TEST(what_is_no_list_of_origins)
{
	static const char *const bad[] = {"null", "* https://a.example",
	    "https://a.example *", "https://a.example/", "https://A.example",
	    "HTTPS://a.example", "https://a.example,https://b.example",
	    "a.example", "https://",
	    "https://a.example:", "https://a.example:123456",
	    "https://a.example:8x", "https://user@a.example",
	    "https://a.example/path", "https:a", "://a.example", "https://[::1",
	    "https://[]", "https://*.example"};
	char large[400] = "https://";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (sse_origin_list_valid(bad[i]))
			test_fail(__FILE__, __LINE__, "%s", bad[i]);
	memset(large + 8, 'a', SSE_ORIGIN_SIZE_MAX - 8);
	CHECK(sse_origin_list_valid(large));
	large[SSE_ORIGIN_SIZE_MAX] = 'a';
	CHECK(!sse_origin_list_valid(large));
}

TEST(an_origin_is_allowed_byte_for_byte)
{
	const char *list = "https://app.example https://b.example:8443";
	static const char *const foreign[] = {"https://app.example.evil",
	    "http://app.example", "https://app.example:443",
	    "https://APP.example",
	    "https://app.example, https://b.example:8443",
	    "https://app.example https://b.example:8443", "null", "",
	    "https://app.exampl", "https://app.example@evil", "*",
	    "https://app.example "};

	CHECK(sse_origin_list_has(list, SLICE("https://app.example")));
	CHECK(sse_origin_list_has(list, SLICE("https://b.example:8443")));
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (sse_origin_list_has(list, sse_slice(foreign[i])))
			test_fail(__FILE__, __LINE__, "%s", foreign[i]);
	CHECK(!sse_origin_list_has("", SLICE("https://app.example")));
	CHECK(!sse_origin_list_has(list, sse_slice(NULL)));
	CHECK(sse_origin_list_any("*"));
	CHECK(!sse_origin_list_any(""));
}
