#include "test.h"

#include <stdio.h>
#include <string.h>

#include "stream/admit.h"
#include "stream/index.h"
#include "stream/viewer.h"

static const char *const names[] = {
    "REQUEST_METHOD", "SSE_STREAM", "PATH_INFO", "QUERY_STRING"};

/* What the server sets, in the order of the names; NULL: it does not. */
struct variables {
	const char *values[4];
};

static const char *
get(void *context, const char *name)
{
	const struct variables *variables = context;

	if (strcmp(name, "GATEWAY_INTERFACE") == 0)
		return "CGI/1.1";
	for (size_t i = 0; i < 4; i++)
		if (strcmp(name, names[i]) == 0)
			return variables->values[i];
	return NULL;
}

static struct conf *
conf_of(unsigned streams)
{
	static const char *const sources[] = {"one=/1", "two=/2"};
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK(conf != NULL);
	for (unsigned i = 0; i < streams; i++)
		CHECK_EQUAL_INT(conf_add_source(conf, sources[i], &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	return conf;
}

struct row {
	struct variables variables;
	unsigned streams;
	int status;
	const char *stream; /* that is streamed; NULL: none */
};

#define GET "GET"
#define NO NULL

#define NOW_MS INT64_C(1795168800000) /* 2026-11-20T10:00:00Z */

static const struct row rows[] = {
    /* the name, by each of its ways */
    {{{GET, NO, NO, NO}}, 1, 200, "one"},
    {{{GET, NO, NO, NO}}, 2, 404, NO},
    {{{GET, NO, NO, NO}}, 0, 404, NO},
    {{{GET, NO, "/", ""}}, 1, 200, "one"},
    {{{GET, NO, "/two", NO}}, 2, 200, "two"},
    {{{GET, NO, "/two/more", NO}}, 2, 404, NO},
    {{{GET, NO, "/two/", NO}}, 2, 404, NO},
    {{{GET, NO, "//two", NO}}, 2, 404, NO},
    {{{GET, NO, NO, "stream=two"}}, 2, 404, NO},
    {{{GET, NO, "/", "stream=two"}}, 2, 404, NO},
    {{{GET, NO, NO, "stream=one"}}, 1, 404, NO},
    {{{GET, "", "/two", "stream=two"}}, 2, 404, NO},
    {{{GET, "", NO, NO}}, 1, 404, NO},
    {{{GET, NO, "/one", "stream=two"}}, 2, 200, "one"},
    {{{GET, "one", "/two", "stream=two"}}, 2, 200, "one"},
    /* a name that is none, also where there is only one */
    {{{GET, NO, "/two", NO}}, 1, 404, NO},
    {{{GET, NO, NO, "stream=two"}}, 1, 404, NO},
    {{{GET, "two", "/one", NO}}, 1, 404, NO},
    {{{GET, NO, "/ONE", NO}}, 1, 404, NO},
    {{{GET, NO, "/..", NO}}, 1, 404, NO},
    {{{GET, NO, "/one", NO}}, 0, 404, NO},
    {{{GET, NO, NO, "stream=/1"}}, 1, 404, NO},
    /* the method */
    {{{"HEAD", NO, NO, NO}}, 1, 200, NO},
    {{{"HEAD", NO, "/no", NO}}, 1, 404, NO},
    {{{"OPTIONS", NO, NO, NO}}, 1, 204, NO},
    {{{"OPTIONS", NO, "/no", NO}}, 1, 404, NO},
    {{{"POST", NO, NO, NO}}, 1, 405, NO},
    {{{"POST", NO, "/no", NO}}, 1, 404, NO},
    {{{"get", NO, NO, NO}}, 1, 405, NO},
    {{{"POST", NO, NO, NO}}, 0, 404, NO},
    {{{NO, NO, NO, NO}}, 1, 400, NO},
    {{{"", NO, NO, NO}}, 1, 400, NO},
    /* a query that may have been made into arguments */
    {{{GET, NO, NO, "one"}}, 1, 400, NO},
    {{{GET, NO, "/one", "--from+start"}}, 1, 400, NO},
    {{{"HEAD", NO, NO, "one"}}, 1, 400, NO},
    {{{"POST", NO, NO, "one"}}, 0, 400, NO},
    {{{GET, NO, NO, "a=b"}}, 1, 200, "one"},
    {{{GET, NO, NO, "="}}, 1, 200, "one"},
};

static void
check_text(const struct admission *admission, const char *method)
{
	const char *text = admission->text;
	bool wanted = admission->response.status >= 400 &&
		      (method == NULL || strcmp(method, "HEAD") != 0);

	CHECK((text[0] != '\0') == wanted);
	if (wanted)
		CHECK(strchr(text, '\n') == text + strlen(text) - 1);
}

static void
check_row(const struct row *row)
{
	struct variables variables = row->variables;
	struct conf *conf = conf_of(row->streams);
	struct sse_request request;
	struct admission admission;

	sse_request_read(&request, get, &variables);
	admission = admit(&request, conf, NOW_MS);
	CHECK_EQUAL_INT(admission.response.status, row->status);
	CHECK((admission.stream != NULL) == (row->stream != NULL));
	if (row->stream != NULL)
		CHECK_EQUAL_TEXT(
		    sse_slice(admission.stream->name), sse_slice(row->stream));
	CHECK((admission.response.allow != NULL) ==
	      (row->status == 405 || row->status == 204));
	CHECK(admission.response.event_stream == (row->status == 200));
	check_text(&admission, variables.values[0]);
	conf_free(conf);
}

TEST(each_row_of_the_table)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		printf("# row %zu\n", i);
		check_row(&rows[i]);
	}
}

/* What the wish becomes of such a query, for a stream with that format. */
static struct stream_start
wish_of(const char *query, const char *time_format)
{
	struct variables variables = {{GET, NO, NO, query}};
	struct conf *conf = conf_new();
	struct conf_error error;
	struct sse_request request;
	struct admission admission;

	CHECK_EQUAL_INT(
	    conf_add_option(conf, "time-format", time_format, &error), 0);
	CHECK_EQUAL_INT(conf_add_source(conf, "s=/s", &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	sse_request_read(&request, get, &variables);
	admission = admit(&request, conf, NOW_MS);
	CHECK_EQUAL_INT(admission.response.status, 200);
	CHECK(admission.stream != NULL);
	conf_free(conf);
	return admission.start;
}

TEST(a_time_to_begin_at_is_read_or_told_as_a_fault)
{
	struct stream_start start = wish_of("since=-30m", "%T");

	CHECK(start.fault == NULL);
	CHECK_EQUAL_INT(start.since_ms, NOW_MS - 1800000);
	start = wish_of("since=2026-11-20T10:00:00+00:00", "%T");
	CHECK(start.fault == NULL);
	CHECK_EQUAL_INT(start.since_ms, NOW_MS);
	start = wish_of("since=EVIL", "%T");
	CHECK(strstr(start.fault, "since is not a time like ") == start.fault);
	CHECK_EQUAL_INT(start.since_ms, STREAM_SINCE_NONE);
	start = wish_of("since=-30m", "");
	CHECK(strstr(start.fault, "no time-format") != NULL);
	CHECK_EQUAL_INT(start.since_ms, STREAM_SINCE_NONE);
	start = wish_of("since=", "");
	CHECK(start.fault == NULL);
	CHECK_EQUAL_INT(start.since_ms, STREAM_SINCE_NONE);
}

TEST(allow_names_all_that_is_allowed)
{
	struct variables variables = {{"DELETE", NO, NO, NO}};
	struct conf *conf = conf_of(1);
	struct sse_request request;

	sse_request_read(&request, get, &variables);
	CHECK_EQUAL_TEXT(
	    sse_slice(admit(&request, conf, NOW_MS).response.allow),
	    SLICE("GET, HEAD, OPTIONS"));
	conf_free(conf);
}

TEST(a_text_never_repeats_the_request)
{
	static const char *const methods[] = {"EVIL", GET, "OPTIONS"};
	struct conf *conf = conf_of(1);

	for (size_t i = 0; i < 3; i++) {
		struct variables variables = {
		    {methods[i], NO, "/EVIL", "stream=EVIL"}};
		struct sse_request request;
		struct admission admission;

		sse_request_read(&request, get, &variables);
		admission = admit(&request, conf, NOW_MS);
		CHECK(strstr(admission.text, "EVIL") == NULL);
	}
	conf_free(conf);
}

TEST(without_a_web_server_a_query_is_no_argument)
{
	struct conf *conf = conf_of(1);
	struct sse_request request = {
	    .method = SSE_METHOD_GET, .query_is_arguments = true};

	CHECK_EQUAL_INT(admit(&request, conf, NOW_MS).response.status, 200);
	request.from_server = true;
	CHECK_EQUAL_INT(admit(&request, conf, NOW_MS).response.status, 400);
	conf_free(conf);
}

TEST(an_error_points_to_the_log)
{
	struct sse_request request = {.method = SSE_METHOD_GET};
	struct admission admission = admit_error(&request, NULL);

	CHECK_EQUAL_INT(admission.response.status, 500);
	CHECK(strstr(admission.text, "log") != NULL);
	check_text(&admission, GET);
	CHECK(!admission.response.event_stream);
	CHECK(admission.stream == NULL);
	request.method = SSE_METHOD_HEAD;
	CHECK_EQUAL_INT(strlen(admit_error(&request, NULL).text), 0);
	CHECK_EQUAL_INT(admit_error(&request, NULL).response.status, 500);
}

static const char *
get_origin(void *context, const char *name)
{
	if (strcmp(name, "REQUEST_METHOD") == 0)
		return "GET";
	return strcmp(name, "HTTP_ORIGIN") == 0 ? context : NULL;
}

/* The response to a page of that origin, under that configuration. */
static struct sse_response
response_to(const char *origin, const char *allowed, const char *credentials)
{
	static struct sse_request request;
	static char from[100];
	struct conf *conf = conf_new();
	struct conf_error error;
	struct sse_response response;

	snprintf(from, sizeof(from), "%s", origin);
	CHECK_EQUAL_INT(conf_add_option(conf, "origin", allowed, &error), 0);
	CHECK_EQUAL_INT(
	    conf_add_option(conf, "credentials", credentials, &error), 0);
	CHECK_EQUAL_INT(conf_add_source(conf, "s=/s", &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	sse_request_read(&request, get_origin, from);
	response = admit(&request, conf, NOW_MS).response;
	conf_free(conf);
	return response;
}

static const char *
get_query(void *context, const char *name)
{
	if (strcmp(name, "QUERY_STRING") == 0)
		return context;
	return strcmp(name, "REQUEST_METHOD") == 0 ? "GET" : NULL;
}

TEST(so_many_of_the_newest_records)
{
	static const struct {
		const char *query;
		bool has_last;
		uint64_t last;
		bool has_fault;
	} stats[] = {
	    {"a=b", false, 0, false},
	    {"last=", false, 0, false},
	    {"last=0", true, 0, false},
	    {"last=1", true, 1, false},
	    {"last=000100", true, 100, false},
	    {"last=18446744073709551614", true, STREAM_LAST_MAX, false},
	    {"last=18446744073709551615", true, STREAM_LAST_MAX, false},
	    {"last=99999999999999999999999999", true, STREAM_LAST_MAX, false},
	    {"last=-10", false, 0, true},
	    {"last=+10", false, 0, true},
	    {"last=%2b10", false, 0, true},
	    {"last=10%20", false, 0, true},
	    {"last=10%00", false, 0, true},
	    {"last=1e3", false, 0, true},
	    {"last=0x10", false, 0, true},
	    {"last=10K", false, 0, true},
	    {"last=all", false, 0, true},
	    {"last=\xd9\xa1", false, 0, true},
	    {"last=00000000000000000000000000000000"
	     "000000000000000000000000000000001",
		false, 0, true},
	};
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK_EQUAL_INT(conf_add_source(conf, "s=/s", &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++) {
		static struct sse_request request;
		struct admission admission;
		char query[100];

		snprintf(query, sizeof(query), "%s", stats[i].query);
		sse_request_read(&request, get_query, query);
		admission = admit(&request, conf, NOW_MS);
		CHECK_EQUAL_INT(admission.response.status, 200);
		CHECK(admission.start.has_last == stats[i].has_last);
		CHECK(admission.start.last == stats[i].last);
		CHECK((admission.start.fault != NULL) == stats[i].has_fault);
	}
	conf_free(conf);
}

TEST(a_listed_origin_is_allowed_and_no_other)
{
	const char *list = "https://a.example https://b.example";
	struct sse_response response =
	    response_to("https://b.example", list, "yes");

	CHECK_EQUAL_TEXT(response.origin, SLICE("https://b.example"));
	CHECK(response.credentials && response.vary_origin);
	response = response_to("https://b.example.evil", list, "yes");
	CHECK(response.origin.data == NULL && !response.credentials);
	CHECK(response.vary_origin);
	response = response_to("null", list, "no");
	CHECK(response.origin.data == NULL);
}

TEST(any_origin_is_allowed_without_credentials)
{
	struct sse_response response =
	    response_to("https://b.example", "*", "no");

	CHECK_EQUAL_TEXT(response.origin, SLICE("*"));
	CHECK(!response.credentials && !response.vary_origin);
}

TEST(without_an_origin_key_nothing_is_said_of_origins)
{
	struct sse_response response =
	    response_to("https://b.example", "", "no");

	CHECK(response.origin.data == NULL && !response.vary_origin);
}

TEST(one_too_many_is_asked_to_come_back_later)
{
	static const struct {
		uint64_t random;
		const char *retry;
		int seconds;
	} cases[] = {
	    {0, "retry: 20000\n", 20},
	    {1, "retry: 20001\n", 21},
	    {20000, "retry: 40000\n", 40},
	    {20001, "retry: 20000\n", 20},
	    {UINT64_MAX, "retry: ", 0},
	};
	struct conf *conf = conf_of(1);
	struct sse_request request = {.method = SSE_METHOD_GET};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct admission busy =
		    admit_busy(&request, conf_stream(conf, 0), cases[i].random);

		CHECK_EQUAL_INT(busy.response.status, 200);
		CHECK(busy.response.event_stream);
		CHECK(strstr(busy.text, cases[i].retry) == busy.text);
		if (cases[i].seconds > 0)
			CHECK_EQUAL_INT(
			    busy.response.retry_after_s, cases[i].seconds);
	}
	conf_free(conf);
}

struct select_row {
	const char *select;
	struct variables variables;
	bool may;
};

static const struct select_row select_rows[] = {
    {"path", {{GET, NO, "/s", NO}}, true},
    {"path", {{GET, NO, NO, "stream=s"}}, false},
    {"path", {{GET, NO, "/", "stream=s"}}, false},
    {"path", {{GET, "s", NO, NO}}, true},
    {"path", {{GET, NO, NO, NO}}, true},
    {"query", {{GET, NO, "/s", NO}}, false},
    {"query", {{GET, NO, "/s", "stream=s"}}, false},
    {"query", {{GET, NO, NO, "stream=s"}}, true},
    {"query", {{GET, "s", NO, NO}}, true},
    {"query", {{GET, NO, NO, NO}}, true},
    {"server", {{GET, NO, "/s", NO}}, false},
    {"server", {{GET, NO, NO, "stream=s"}}, false},
    {"server", {{GET, "s", NO, NO}}, true},
    {"server", {{GET, NO, NO, NO}}, false},
    {"path query", {{GET, NO, "/s", NO}}, true},
    {"query  path", {{GET, NO, NO, "stream=s"}}, true},
    {"server query", {{GET, NO, NO, "stream=s"}}, true},
    {"server query", {{GET, NO, "/s", NO}}, false},
};

TEST(only_what_select_has_may_name_a_stream)
{
	for (size_t i = 0; i < sizeof(select_rows) / sizeof(select_rows[0]);
	     i++) {
		const struct select_row *row = &select_rows[i];
		struct variables variables = row->variables;
		struct conf *conf = conf_new();
		struct conf_error error;
		struct sse_request request;
		struct admission admission;

		printf("# row %zu\n", i);
		CHECK_EQUAL_INT(
		    conf_add_option(conf, "select", row->select, &error), 0);
		CHECK_EQUAL_INT(conf_add_source(conf, "s=/s", &error), 0);
		CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
		sse_request_read(&request, get, &variables);
		admission = admit(&request, conf, NOW_MS);
		CHECK_EQUAL_INT(
		    admission.response.status, row->may ? 200 : 404);
		CHECK((admission.stream != NULL) == row->may);
		CHECK((admission.barred != NULL) == !row->may);
		CHECK(strstr(admit_barred_text(&request), "select: ") != NULL);
		conf_free(conf);
	}
}

/* An EventSource that may not read an answer is closed for good. */
static void
check_may_read(struct sse_response response)
{
	CHECK_EQUAL_TEXT(response.origin, SLICE("https://b.example"));
	CHECK(response.credentials && response.vary_origin);
}

TEST(every_answer_to_a_listed_origin_tells_that_it_may_read)
{
	char origin[] = "https://b.example";
	struct conf *conf = conf_new();
	struct conf_error error;
	struct sse_request request;
	struct admission admission;
	const struct stream_conf *stream;

	CHECK_EQUAL_INT(conf_add_source(conf, "t=/t", &error), 0);
	CHECK_EQUAL_INT(conf_add_text(conf, "/c",
			    SLICE("[s]\nsource=/s\norigin=https://b.example\n"
				  "credentials=yes\n[u]\nsource=/u\n"),
			    &error),
	    0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	stream = conf_find(conf, SLICE("s"));
	sse_request_read(&request, get_origin, origin);
	check_may_read(admit_busy(&request, stream, 1).response);
	check_may_read(admit_error(&request, stream).response);
	/* No stream is named, or none that is; and no method. */
	admission = admit(&request, conf, NOW_MS);
	CHECK_EQUAL_INT(admission.response.status, 404);
	check_may_read(admission.response);
	request.method = SSE_METHOD_NONE;
	request.from_server = true;
	admission = admit(&request, conf, NOW_MS);
	CHECK_EQUAL_INT(admission.response.status, 400);
	check_may_read(admission.response);
	(void)strcpy(request.stream, "s");
	request.naming = SSE_NAMING_PATH;
	request.method = SSE_METHOD_OTHER;
	admission = admit(&request, conf, NOW_MS);
	CHECK_EQUAL_INT(admission.response.status, 405);
	check_may_read(admission.response);
	request.method = SSE_METHOD_GET;
	admission = admit(&request, conf, NOW_MS);
	check_may_read(admit_done(&admission).response);
	/* A stream that nobody elsewhere may read. */
	CHECK(admit_busy(&request, conf_find(conf, SLICE("u")), 1)
		  .response.origin.data == NULL);
	conf_free(conf);
}

/* As a browser's address bar asks for the one stream. */
static struct admission
admission_of_page(const char *method, const char *accept, const char *shown)
{
	struct conf *conf = conf_new();
	struct conf_error error;
	struct admission admission;
	struct sse_request request = {.from_server = true};

	CHECK_EQUAL_INT(conf_add_source(conf, "one=/1", &error), 0);
	CHECK_EQUAL_INT(conf_add_option(conf, "viewer", shown, &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	if (strcmp(method, "GET") == 0)
		request.method = SSE_METHOD_GET;
	else if (strcmp(method, "HEAD") == 0)
		request.method = SSE_METHOD_HEAD;
	else
		request.method = SSE_METHOD_OPTIONS;
	if (strstr(accept, "html") != NULL)
		request.accepts |= SSE_ACCEPTS_HTML;
	if (strstr(accept, "event") != NULL)
		request.accepts |= SSE_ACCEPTS_EVENT_STREAM;
	admission = admit(&request, conf, NOW_MS);
	admission.response.origin = sse_slice(NULL);
	conf_free(conf);
	return admission;
}

TEST(a_browser_gets_the_page)
{
	struct admission page = admission_of_page("GET", "html", "yes");
	struct admission head = admission_of_page("HEAD", "html", "yes");

	CHECK(page.stream == NULL && page.response.status == 200);
	CHECK_EQUAL_TEXT(sse_slice(page.response.type), sse_slice(VIEWER_TYPE));
	CHECK_EQUAL_TEXT(
	    sse_slice(page.response.policy), sse_slice(viewer.policy));
	CHECK_EQUAL_TEXT(sse_slice(page.response.vary), sse_slice("Accept"));
	CHECK_EQUAL_TEXT(admit_body(&page), viewer.page);
	CHECK(viewer.page.size > 1000 && viewer.page.size <= 65536);
	CHECK(head.stream == NULL && head.response.status == 200);
	CHECK_EQUAL_TEXT(sse_slice(head.response.type), sse_slice(VIEWER_TYPE));
	CHECK_EQUAL_INT(admit_body(&head).size, 0);
}

TEST(whoever_asks_for_a_stream_gets_the_stream)
{
	static const char *const accepts[][2] = {{"event", "yes"},
	    {"event html", "yes"}, {"", "yes"}, {"html", "no"}};

	for (size_t i = 0; i < 4; i++) {
		struct admission admission =
		    admission_of_page("GET", accepts[i][0], accepts[i][1]);

		CHECK(admission.stream != NULL);
		CHECK(admission.response.event_stream);
		CHECK_EQUAL_INT(admit_body(&admission).size, 0);
		CHECK((admission.response.vary != NULL) == (i < 3));
	}
	CHECK_EQUAL_INT(
	    admission_of_page("OPTIONS", "html", "yes").response.status, 204);
}

static struct conf *
conf_of_text(const char *text)
{
	struct conf *conf = conf_new();
	struct conf_error error;

	CHECK(conf != NULL);
	CHECK_EQUAL_INT(conf_add_text(conf, "/c", sse_slice(text), &error), 0);
	CHECK_EQUAL_INT(conf_finish(conf, &error), 0);
	return conf;
}

/* Of two streams, of which "one" is listed: GET where none is named. */
static struct admission
admission_of_list(const struct conf *conf, uint64_t accepts)
{
	struct sse_request request = {
	    .from_server = true, .method = SSE_METHOD_GET, .accepts = accepts};

	return admit(&request, conf, NOW_MS);
}

TEST(where_none_is_named_there_may_be_a_list)
{
	static const struct {
		uint64_t accepts;
		int status;
		bool is_page, is_list;
	} cases[] = {
	    {0, 200, false, true},
	    {SSE_ACCEPTS_JSON, 200, false, true},
	    {SSE_ACCEPTS_HTML, 200, true, false},
	    {SSE_ACCEPTS_EVENT_STREAM, 404, false, false},
	    {SSE_ACCEPTS_EVENT_STREAM | SSE_ACCEPTS_JSON, 200, false, true},
	};
	struct conf *conf =
	    conf_of_text("[one]\nsource=/1\nindex=yes\n[two]\nsource=/2\n");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct admission got =
		    admission_of_list(conf, cases[i].accepts);

		CHECK_EQUAL_INT(got.response.status, cases[i].status);
		CHECK(got.stream == NULL && !got.response.event_stream);
		CHECK((got.page.data != NULL) == cases[i].is_page);
		CHECK(got.wants_list == cases[i].is_list);
		CHECK((got.response.vary != NULL) == (got.text[0] == '\0'));
	}
	conf_free(conf);
}

TEST(there_is_no_list_of_what_may_not_be_named_so)
{
	static const char *const texts[] = {
	    "[one]\nsource=/1\n[two]\nsource=/2\n",
	    "[one]\nsource=/1\nindex=yes\nselect=query\n[two]\nsource=/2\n",
	    "[one]\nsource=/1\nindex=yes\nselect=server\n[two]\nsource=/2\n",
	};

	for (size_t i = 0; i < 3; i++) {
		struct conf *conf = conf_of_text(texts[i]);

		CHECK_EQUAL_INT(
		    admission_of_list(conf, 0).response.status, 404);
		conf_free(conf);
	}
}

TEST(a_list_is_for_reading)
{
	struct conf *conf = conf_of_text(
	    "index=yes\nviewer=no\n[one]\nsource=/1\n[two]\nsource=/2\n");
	struct sse_request request = {.from_server = true,
	    .method = SSE_METHOD_HEAD,
	    .accepts = SSE_ACCEPTS_HTML};
	struct admission head = admit(&request, conf, NOW_MS);

	CHECK_EQUAL_INT(head.response.status, 200);
	CHECK_EQUAL_TEXT(sse_slice(head.response.type), sse_slice(INDEX_TYPE));
	CHECK(!head.wants_list && head.page.data == NULL);
	/* No page where none of them has one. */
	CHECK(admission_of_list(conf, SSE_ACCEPTS_HTML).wants_list);
	request.method = SSE_METHOD_OPTIONS;
	CHECK_EQUAL_INT(admit(&request, conf, NOW_MS).response.status, 404);
	conf_free(conf);
}
