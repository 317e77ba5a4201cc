#include "test.h"

#include <errno.h>
#include <string.h>

static char head[SSE_HEAD_SIZE_MAX];

static struct sse_slice
make(const struct sse_response *response)
{
	ssize_t size = sse_response_head(response, head, sizeof(head));

	CHECK(size > 0);
	return (struct sse_slice){head, (size_t)size};
}

TEST(the_head_of_an_event_stream)
{
	struct sse_response response = {.status = 200, .event_stream = true};

	CHECK_EQUAL_TEXT(make(&response),
	    SLICE("Content-Type: text/event-stream; charset=utf-8\r\n"
		  "Cache-Control: no-cache, no-store, no-transform\r\n"
		  "X-Accel-Buffering: no\r\n"
		  "Incremental: ?1\r\n"
		  "X-Content-Type-Options: nosniff\r\n"
		  "\r\n"));
}

TEST(the_head_of_an_event_stream_for_another_origin)
{
	struct sse_response response = {
	    .status = 200,
	    .event_stream = true,
	    .retry_after_s = 30,
	    .origin = SLICE("https://a.example"),
	    .credentials = true,
	    .vary_origin = true,
	};

	CHECK_EQUAL_TEXT(make(&response),
	    SLICE("Content-Type: text/event-stream; charset=utf-8\r\n"
		  "Cache-Control: no-cache, no-store, no-transform\r\n"
		  "X-Accel-Buffering: no\r\n"
		  "Incremental: ?1\r\n"
		  "X-Content-Type-Options: nosniff\r\n"
		  "Retry-After: 30\r\n"
		  "Access-Control-Allow-Origin: https://a.example\r\n"
		  "Access-Control-Allow-Credentials: true\r\n"
		  "Vary: Origin\r\n"
		  "\r\n"));
}

TEST(the_head_of_a_page)
{
	struct sse_response response = {.status = 200,
	    .type = "text/html",
	    .vary_origin = true,
	    .vary = "Accept",
	    .policy = "default-src 'none'"};

	CHECK_EQUAL_TEXT(make(&response),
	    SLICE("Content-Type: text/html\r\n"
		  "Cache-Control: no-store\r\n"
		  "X-Content-Type-Options: nosniff\r\n"
		  "Content-Security-Policy: default-src 'none'\r\n"
		  "Vary: Origin\r\n"
		  "Vary: Accept\r\n"
		  "\r\n"));
}

TEST(vary_without_an_origin_and_no_credentials_without_one)
{
	struct sse_response response = {
	    .status = 404, .credentials = true, .vary_origin = true};

	CHECK_EQUAL_TEXT(
	    make(&response), SLICE("Status: 404 Not Found\r\n"
				   "Content-Type: text/plain; charset=utf-8\r\n"
				   "Cache-Control: no-store\r\n"
				   "X-Content-Type-Options: nosniff\r\n"
				   "Vary: Origin\r\n"
				   "\r\n"));
}

TEST(a_method_that_is_not_allowed)
{
	struct sse_response response = {
	    .status = 405, .allow = "GET, HEAD, OPTIONS"};

	CHECK_EQUAL_TEXT(
	    make(&response), SLICE("Status: 405 Method Not Allowed\r\n"
				   "Content-Type: text/plain; charset=utf-8\r\n"
				   "Cache-Control: no-store\r\n"
				   "X-Content-Type-Options: nosniff\r\n"
				   "Allow: GET, HEAD, OPTIONS\r\n"
				   "\r\n"));
}

TEST(a_preflight)
{
	struct sse_response response = {
	    .status = 204,
	    .allow = "GET",
	    .origin = SLICE("https://a.example"),
	};

	CHECK_EQUAL_TEXT(make(&response),
	    SLICE("Status: 204 No Content\r\n"
		  "Cache-Control: no-store\r\n"
		  "X-Content-Type-Options: nosniff\r\n"
		  "Allow: GET\r\n"
		  "Access-Control-Allow-Origin: https://a.example\r\n"
		  "Access-Control-Allow-Headers: Last-Event-ID\r\n"
		  "Access-Control-Max-Age: 600\r\n"
		  "\r\n"));
	response.allow_headers = " Authorization  X-Token";
	CHECK(strstr(make(&response).data,
		  "Access-Control-Allow-Headers: Last-Event-ID, Authorization,"
		  " X-Token\r\n") != NULL);
	response.allow_headers = "X-Token\r\nX-Evil: 1";
	CHECK_EQUAL_INT(
	    sse_response_head(&response, (char[1000]){0}, 1000), -EINVAL);
}

TEST(a_preflight_of_an_origin_that_is_not_listed)
{
	struct sse_response response = {
	    .status = 204, .allow = "GET", .vary_origin = true};

	CHECK_EQUAL_TEXT(
	    make(&response), SLICE("Status: 204 No Content\r\n"
				   "Cache-Control: no-store\r\n"
				   "X-Content-Type-Options: nosniff\r\n"
				   "Allow: GET\r\n"
				   "Vary: Origin\r\n"
				   "\r\n"));
}

TEST(a_204_that_is_no_preflight)
{
	struct sse_response response = {
	    .status = 204, .origin = SLICE("*"), .retry_after_s = UINT32_MAX};

	CHECK_EQUAL_TEXT(
	    make(&response), SLICE("Status: 204 No Content\r\n"
				   "Cache-Control: no-store\r\n"
				   "X-Content-Type-Options: nosniff\r\n"
				   "Retry-After: 4294967295\r\n"
				   "Access-Control-Allow-Origin: *\r\n"
				   "\r\n"));
}

TEST(each_status_has_its_reason)
{
	static const struct {
		int status;
		const char *line;
	} cases[] = {
	    {400, "Status: 400 Bad Request\r\n"},
	    {500, "Status: 500 Internal Server Error\r\n"},
	    {503, "Status: 503 Service Unavailable\r\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_response response = {.status = cases[i].status};
		struct sse_slice got = make(&response);

		got.size = strlen(cases[i].line);
		CHECK_EQUAL_TEXT(got, sse_slice(cases[i].line));
	}
}

TEST(unknown_statuses_are_refused)
{
	static const int bad[] = {0, -1, 199, 201, 301, 304, 502, 1000};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct sse_response response = {.status = bad[i]};

		CHECK_EQUAL_INT(
		    sse_response_head(&response, head, sizeof(head)), -EINVAL);
	}
}

TEST(no_value_can_become_a_header)
{
	struct sse_response response = {.status = 405};

	response.allow = "GET\r\nX: y";
	CHECK_EQUAL_INT(
	    sse_response_head(&response, head, sizeof(head)), -EINVAL);
	response.allow = "GET\n";
	CHECK_EQUAL_INT(
	    sse_response_head(&response, head, sizeof(head)), -EINVAL);
	response.allow = NULL;
	response.origin = SLICE("a\rb");
	CHECK_EQUAL_INT(
	    sse_response_head(&response, head, sizeof(head)), -EINVAL);
	response.origin = SLICE("a\0b");
	memset(head, '?', sizeof(head));
	CHECK_EQUAL_INT(
	    sse_response_head(&response, head, sizeof(head)), -EINVAL);
	for (size_t i = 0; i < sizeof(head); i++)
		CHECK(head[i] == '?');
}

TEST(a_buffer_that_is_too_small)
{
	struct sse_response response = {.status = 200, .event_stream = true};
	size_t whole = make(&response).size;
	char *end = head + sizeof(head);

	memset(head, '?', sizeof(head));
	for (size_t size = 0; size < whole; size++)
		CHECK_EQUAL_INT(
		    sse_response_head(&response, end - size, size), -ENOBUFS);
	for (size_t i = 0; i < sizeof(head); i++)
		CHECK(head[i] == '?');
	CHECK_EQUAL_INT(
	    sse_response_head(&response, end - whole, whole), whole);
}

TEST(the_largest_head_fits)
{
	char origin[256], headers[SSE_ALLOW_HEADERS_SIZE_MAX + 1];
	struct sse_response response = {
	    .status = 500,
	    .event_stream = true,
	    .allow = "GET, HEAD, OPTIONS",
	    .retry_after_s = UINT32_MAX,
	    .origin = {origin, sizeof(origin)},
	    .credentials = true,
	    .vary_origin = true,
	};

	memset(origin, 'o', sizeof(origin));
	CHECK(make(&response).size <= SSE_HEAD_SIZE_MAX);
	memset(headers, 'h', SSE_ALLOW_HEADERS_SIZE_MAX);
	headers[SSE_ALLOW_HEADERS_SIZE_MAX] = '\0';
	for (size_t i = 3; i < SSE_ALLOW_HEADERS_SIZE_MAX; i += 4)
		headers[i] = ' ';
	response.status = 204;
	response.event_stream = false;
	response.allow_headers = headers;
	CHECK(make(&response).size <= SSE_HEAD_SIZE_MAX);
}

TEST(the_answer_goes_by_the_method)
{
	static const struct {
		enum sse_method method;
		bool from_server;
		int status;
	} cases[] = {
	    {SSE_METHOD_GET, true, 200},
	    {SSE_METHOD_HEAD, true, 200},
	    {SSE_METHOD_OPTIONS, true, 204},
	    {SSE_METHOD_OTHER, true, 405},
	    {SSE_METHOD_NONE, true, 405},
	    {SSE_METHOD_NONE, false, 200},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_request request = {.method = cases[i].method,
		    .from_server = cases[i].from_server};
		struct sse_response response = sse_response_to(&request, NULL);

		CHECK_EQUAL_INT(response.status, cases[i].status);
		CHECK(response.event_stream == (response.status == 200));
		CHECK((response.allow != NULL) == (response.status != 200));
		CHECK(response.origin.data == NULL && !response.vary_origin);
		CHECK(make(&response).size > 0);
	}
}

TEST(the_answer_goes_by_the_origin)
{
	struct sse_request request = {
	    .method = SSE_METHOD_GET, .origin = "https://a.example"};
	struct sse_response response;

	response =
	    sse_response_to(&request, "https://b.example https://a.example");
	CHECK_EQUAL_TEXT(response.origin, SLICE("https://a.example"));
	CHECK(response.vary_origin);
	response = sse_response_to(&request, "https://a.example.org");
	CHECK_EQUAL_TEXT(response.origin, sse_slice(NULL));
	CHECK(response.vary_origin);
	response = sse_response_to(&request, "*");
	CHECK_EQUAL_TEXT(response.origin, SLICE("*"));
	CHECK(!response.vary_origin);
	response = sse_response_to(&request, "");
	CHECK_EQUAL_TEXT(response.origin, sse_slice(NULL));
	CHECK(!response.vary_origin);
	request.origin[0] = '\0';
	response = sse_response_to(&request, "https://a.example");
	CHECK_EQUAL_TEXT(response.origin, sse_slice(NULL));
	CHECK(response.vary_origin && !response.credentials);
}
