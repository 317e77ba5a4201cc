#include "test.h"

#include <stdlib.h>
#include <string.h>

/* Variables as "NAME=value" strings, with a NULL after the last. */
static const char *
get(void *context, const char *name)
{
	size_t size = strlen(name);

	for (const char *const *at = context; *at != NULL; at++)
		if (strncmp(*at, name, size) == 0 && (*at)[size] == '=')
			return *at + size + 1;
	return NULL;
}

static struct sse_request request;

#define CHECK_STRING(got, want) \
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want))

#define READ(...) \
	sse_request_read(&request, get, (const char *[]){__VA_ARGS__, NULL})

TEST(nothing_at_all)
{
	READ(NULL);
	CHECK(request.method == SSE_METHOD_NONE);
	CHECK(!request.from_server);
	CHECK(!request.query_is_arguments);
	CHECK_STRING(request.stream, "");
	CHECK_STRING(request.last_event_id, "");
	CHECK_STRING(request.origin, "");
	CHECK_EQUAL_INT(request.content_size, 0);
}

TEST(an_empty_variable_is_none)
{
	READ("REQUEST_METHOD=", "GATEWAY_INTERFACE=", "PATH_INFO=",
	    "QUERY_STRING=", "HTTP_LAST_EVENT_ID=", "HTTP_ORIGIN=",
	    "CONTENT_LENGTH=");
	CHECK(request.method == SSE_METHOD_NONE);
	CHECK(!request.from_server);
	CHECK(!request.query_is_arguments);
	CHECK_STRING(request.stream, "");
	CHECK_STRING(request.last_event_id, "");
	CHECK_STRING(request.origin, "");
}

TEST(methods_are_case_sensitive)
{
	static const struct {
		const char *variable;
		enum sse_method want;
	} cases[] = {
	    {"REQUEST_METHOD=GET", SSE_METHOD_GET},
	    {"REQUEST_METHOD=HEAD", SSE_METHOD_HEAD},
	    {"REQUEST_METHOD=OPTIONS", SSE_METHOD_OPTIONS},
	    {"REQUEST_METHOD=POST", SSE_METHOD_OTHER},
	    {"REQUEST_METHOD=get", SSE_METHOD_OTHER},
	    {"REQUEST_METHOD=GETS", SSE_METHOD_OTHER},
	    {"REQUEST_METHOD=GE", SSE_METHOD_OTHER},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		READ(cases[i].variable);
		CHECK(request.method == cases[i].want);
		CHECK(request.from_server);
	}
	READ("GATEWAY_INTERFACE=CGI/1.1");
	CHECK(request.from_server);
	CHECK(request.method == SSE_METHOD_NONE);
}

TEST(a_query_without_equals_sign_may_be_arguments)
{
	READ("QUERY_STRING=--help");
	CHECK(request.query_is_arguments);
	READ("QUERY_STRING=--help&a=b");
	CHECK(!request.query_is_arguments);
	READ("QUERY_STRING==");
	CHECK(!request.query_is_arguments);
}

#define CHECK_NAMED(who, text)                        \
	do {                                          \
		CHECK_EQUAL_INT(request.naming, who); \
		CHECK_STRING(request.stream, text);   \
	} while (0)

TEST(where_the_name_comes_from)
{
	READ("SSE_STREAM=one", "PATH_INFO=/two", "QUERY_STRING=stream=three");
	CHECK_NAMED(SSE_NAMING_SERVER, "one");
	READ("PATH_INFO=/two", "QUERY_STRING=stream=three");
	CHECK_NAMED(SSE_NAMING_PATH, "two");
	READ("PATH_INFO=/", "QUERY_STRING=stream=th%72ee");
	CHECK_NAMED(SSE_NAMING_QUERY, "three");
	READ("PATH_INFO=", "QUERY_STRING=stream=three");
	CHECK_NAMED(SSE_NAMING_QUERY, "three");
	READ("QUERY_STRING=stream=&x=y");
	CHECK_NAMED(SSE_NAMING_NONE, "");
	READ("QUERY_STRING=x=y");
	CHECK_NAMED(SSE_NAMING_NONE, "");
}

/* As from a table of users, where this one is in no line. */
TEST(a_server_that_names_no_stream_leaves_the_name_to_nobody)
{
	READ("SSE_STREAM=", "PATH_INFO=/two", "QUERY_STRING=stream=three");
	CHECK_NAMED(SSE_NAMING_SERVER, "");
	CHECK(!sse_name_valid(sse_slice(request.stream)));
}

TEST(the_path_is_the_name_and_nothing_behind_it)
{
	static const struct {
		const char *variable, *name;
	} paths[] = {
	    {"PATH_INFO=/log/", "log/"},
	    {"PATH_INFO=/log//", "log//"},
	    {"PATH_INFO=/log/../x", "log/../x"},
	    {"PATH_INFO=/../../etc/passwd", "../../etc/passwd"},
	    {"PATH_INFO=/./log", "./log"},
	    {"PATH_INFO=//log", "/log"},
	    {"PATH_INFO=//", "/"},
	    {"PATH_INFO=log", ""},
	    {"PATH_INFO=log/", ""},
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		READ(paths[i].variable, "QUERY_STRING=stream=log");
		CHECK_NAMED(SSE_NAMING_PATH, paths[i].name);
		CHECK(!sse_name_valid(sse_slice(request.stream)));
	}
}

TEST(a_long_name_is_cut_to_what_no_name_can_be)
{
	char path[200], query[200];

	memset(path, 'n', sizeof(path));
	memcpy(path, "PATH_INFO=/", 11);
	path[199] = '\0';
	READ(path);
	CHECK_EQUAL_INT(strlen(request.stream), SSE_NAME_SIZE_MAX + 1);
	CHECK(!sse_name_valid(sse_slice(request.stream)));
	path[11 + SSE_NAME_SIZE_MAX] = '\0';
	READ(path);
	CHECK_EQUAL_INT(strlen(request.stream), SSE_NAME_SIZE_MAX);
	CHECK(sse_name_valid(sse_slice(request.stream)));
	memset(query, 'n', sizeof(query));
	memcpy(query, "QUERY_STRING=stream=", 20);
	query[199] = '\0';
	READ(query);
	CHECK_EQUAL_INT(strlen(request.stream), SSE_NAME_SIZE_MAX + 1);
	CHECK(!sse_name_valid(sse_slice(request.stream)));
}

TEST(where_the_id_comes_from)
{
	READ("HTTP_LAST_EVENT_ID= \t a b\t ", "QUERY_STRING=lastEventId=q");
	CHECK_STRING(request.last_event_id, "a b");
	READ("HTTP_LAST_EVENT_ID= \t ",
	    "QUERY_STRING=last_event_id=r&lastEventId=q%00");
	CHECK_STRING(request.last_event_id, "q\xff");
	READ("QUERY_STRING=lastEventId=&last_event_id=+r");
	CHECK_STRING(request.last_event_id, " r");
	READ("QUERY_STRING=lastEventId=&last_event_id");
	CHECK_STRING(request.last_event_id, "");
}

TEST(the_newest_records_are_asked_for_in_the_query)
{
	char query[200];

	READ("QUERY_STRING=last=10&last=20");
	CHECK_STRING(request.last, "10");
	READ("QUERY_STRING=last=%31+");
	CHECK_STRING(request.last, "1 ");
	READ("QUERY_STRING=last=&since=x");
	CHECK_STRING(request.last, "");
	memset(query, '0', sizeof(query));
	memcpy(query, "QUERY_STRING=last=", 18);
	query[199] = '\0';
	READ(query);
	CHECK_EQUAL_INT(strlen(request.last), SSE_LAST_SIZE_MAX + 1);
}

TEST(a_long_time_of_the_query_is_cut)
{
	char query[200];

	memset(query, '0', sizeof(query));
	memcpy(query, "QUERY_STRING=since=", 19);
	query[199] = '\0';
	READ(query);
	CHECK_EQUAL_INT(strlen(request.since), SSE_SINCE_SIZE_MAX + 1);
}

TEST(a_long_id_of_the_query_is_cut)
{
	static char query[3000];

	memset(query, 'i', sizeof(query));
	memcpy(query, "QUERY_STRING=lastEventId=", 25);
	query[2999] = '\0';
	READ(query);
	CHECK_EQUAL_INT(strlen(request.last_event_id), SSE_ID_SIZE_MAX + 1);
}

static uint64_t
content_size(const char *variable)
{
	READ(variable);
	return request.content_size;
}

TEST(the_size_of_the_body)
{
	CHECK(content_size("CONTENT_LENGTH=6") == 6);
	CHECK(
	    content_size("CONTENT_LENGTH=18446744073709551615") == UINT64_MAX);
	CHECK(
	    content_size("CONTENT_LENGTH=18446744073709551616") == UINT64_MAX);
	CHECK(content_size("CONTENT_LENGTH=99999999999999999999999999") ==
	      UINT64_MAX);
	CHECK(content_size("CONTENT_LENGTH=99999999999999999999999999x") == 0);
	CHECK(content_size("CONTENT_LENGTH=-1") == 0);
	CHECK(content_size("CONTENT_LENGTH= 6") == 0);
	CHECK(content_size("CONTENT_LENGTH=6, 6") == 0);
	CHECK(content_size("CONTENT_LENGTH=\xb2") == 0);
}

TEST(the_origin_as_it_came)
{
	READ("HTTP_ORIGIN=https://a.example, null");
	CHECK_STRING(request.origin, "https://a.example, null");
}

TEST(what_is_longer_than_its_limit_is_cut_behind_it)
{
	static char id[3000], origin[3000];

	memset(id, 'i', sizeof(id) - 1);
	memcpy(id, "HTTP_LAST_EVENT_ID=", 19);
	memset(origin, 'o', sizeof(origin) - 1);
	memcpy(origin, "HTTP_ORIGIN=", 12);
	READ(id, origin);
	CHECK_EQUAL_INT(strlen(request.last_event_id), SSE_ID_SIZE_MAX + 1);
	CHECK_EQUAL_INT(strlen(request.origin), SSE_ORIGIN_SIZE_MAX + 1);
}

/* So it is not a name, and not the one that is before the NUL. */
TEST(a_nul_of_the_query_ends_no_text)
{
	READ("QUERY_STRING=stream=log%00x&since=%00&last=1%002");
	CHECK_NAMED(SSE_NAMING_QUERY, "log\xffx");
	CHECK(!sse_name_valid(sse_slice(request.stream)));
	CHECK_STRING(request.since, "\xff");
	CHECK_STRING(request.last, "1\xff"
				   "2");
}

/* A request of its own: neither the first one nor the variables are needed. */
TEST(a_copy_lives_by_itself)
{
	char path[] = "PATH_INFO=/log", origin[] = "HTTP_ORIGIN=https://a.b",
	     query[] = "QUERY_STRING=lastEventId=i%64&since=-30m&last=10";
	struct sse_request *copy = malloc(sizeof(*copy));

	CHECK(copy != NULL);
	READ("REQUEST_METHOD=GET", path, origin, query);
	*copy = request;
	memset(&request, 'x', sizeof(request));
	memset(path, 'x', sizeof(path) - 1);
	memset(origin, 'x', sizeof(origin) - 1);
	memset(query, 'x', sizeof(query) - 1);
	CHECK(copy->method == SSE_METHOD_GET);
	CHECK_EQUAL_INT(copy->naming, SSE_NAMING_PATH);
	CHECK_STRING(copy->stream, "log");
	CHECK_STRING(copy->last_event_id, "id");
	CHECK_STRING(copy->since, "-30m");
	CHECK_STRING(copy->last, "10");
	CHECK_STRING(copy->origin, "https://a.b");
	free(copy);
}

TEST(names_of_streams)
{
	CHECK(sse_name_valid(SLICE("a")));
	CHECK(sse_name_valid(SLICE("0.Z_-")));
	CHECK(!sse_name_valid(SLICE("")));
	CHECK(!sse_name_valid(sse_slice(NULL)));
	CHECK(!sse_name_valid(SLICE(".a")));
	CHECK(!sse_name_valid(SLICE("-a")));
	CHECK(!sse_name_valid(SLICE("_a")));
	CHECK(!sse_name_valid(SLICE("a/b")));
	CHECK(!sse_name_valid(SLICE("a\0")));
	CHECK(!sse_name_valid(SLICE("a ")));
	CHECK(!sse_name_valid(SLICE("\xc3\xa9")));
}

static uint64_t
accepts(const char *variable)
{
	READ(variable);
	return request.accepts;
}

TEST(the_media_types_that_are_wanted)
{
	uint64_t html = SSE_ACCEPTS_HTML, stream = SSE_ACCEPTS_EVENT_STREAM;

	CHECK(accepts("HTTP_ACCEPT=text/html") == html);
	CHECK(accepts("HTTP_ACCEPT=text/html,application/xhtml+xml,"
		      "application/xml;q=0.9,*/*;q=0.8") == html);
	CHECK(accepts("HTTP_ACCEPT=a/b ,\tTEXT/HTML ;q=0.5") == html);
	CHECK(accepts("HTTP_ACCEPT=text/event-stream") == stream);
	CHECK(accepts("HTTP_ACCEPT=text/html, text/event-stream") ==
	      (html | stream));
	CHECK(accepts("HTTP_ACCEPT=application/json, a/b") == SSE_ACCEPTS_JSON);
	CHECK(accepts("HTTP_ACCEPT=*/*") == 0);
	CHECK(accepts("HTTP_ACCEPT=text/html5,xtext/html,text/*") == 0);
	CHECK(accepts("HTTP_ACCEPT=;;,/;q=abc,") == 0);
	CHECK(accepts("HTTP_ACCEPT=text/html;q=0, */*") == 0);
	CHECK(accepts("HTTP_ACCEPT=text/html;level=1 ; Q=0.000 ,a/b") == 0);
	CHECK(accepts("HTTP_ACCEPT=text/event-stream;q=0,text/html") == html);
	CHECK(accepts("HTTP_ACCEPT=text/html;q=0.001") == html);
	CHECK(accepts("HTTP_ACCEPT=text/html;q=;q=00x") == html);
	CHECK(accepts("HTTP_ACCEPT=,,;text/html") == 0);
	CHECK(accepts("HTTP_ACCEPT=") == 0);
	CHECK(accepts("HTTP_ORIGIN=text/html") == 0);
}
