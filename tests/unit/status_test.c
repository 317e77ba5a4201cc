#include "test.h"

#include <string.h>

#include "status.h"

static const struct status_stream streams[2] = {
    {.name = "a",
	.listed = true,
	.source = STATUS_OPEN,
	.subscribers = 7,
	.lag = 9,
	.stats = {.gaps = {[GAP_LATE] = 3},
	    .gone = {[CLIENT_LEFT] = 5},
	    .frames = 12,
	    .bytes = UINT64_MAX}},
    {.name = "b-1.x",
	.source = STATUS_FAILED,
	.trouble = TROUBLE_DENIED,
	.server = {.endpoint = "redis:unix:/r#a\\x00\"\xff\n",
	    .has_unread = true,
	    .unread = 17}},
};

/* The whole page. */
static int
print(const struct status *status, enum status_form form, struct sse_buf *out)
{
	int error = 0;

	for (size_t i = 0; i < status_steps(status, form) && error == 0; i++)
		error = status_print_step(status, form, i, out);
	return error;
}

static const char *
printed(size_t count, enum status_form form)
{
	static char text[65536];
	const struct status status = {.worker = {.requests = 11},
	    .streams = streams,
	    .streams_count = count};
	struct sse_buf out;

	sse_buf_init(&out, sizeof(text) - 1);
	CHECK_EQUAL_INT(print(&status, form, &out), 0);
	memcpy(text, out.data, out.size);
	text[out.size] = '\0';
	sse_buf_done(&out);
	return text;
}

TEST(as_json)
{
	const char *text = printed(2, STATUS_JSON);

	CHECK(strstr(text, "\"requests\": 11, ") != NULL);
	CHECK(strstr(text, "\n\"a\": {\"source\": \"open\", "
			   "\"subscribers\": 7, ") != NULL);
	CHECK(strstr(text, "\"late\": 3, ") != NULL);
	CHECK(strstr(text, "\"bytes\": 18446744073709551615, ") != NULL);
	CHECK(strstr(text, "\n\"b-1.x\": {\"source\": \"failed\", ") != NULL);
	CHECK(strstr(text, ", \"trouble\": \"none\"},\n\"b-1") != NULL);
	CHECK(strstr(text, ", \"trouble\": \"denied\"}}}\n") != NULL);
	CHECK(strstr(text, "\"none\":") == NULL);
	CHECK(strstr(text, "\"source\": \"failed\", \"endpoint\": "
			   "\"redis:unix:/r#a\\\\x00\\\"\\\\xff\\\\x0a\", "
			   "\"unread_entries\": 17, \"sub") != NULL);
	CHECK(strcmp(text + strlen(text) - 4, "}}}\n") == 0);
}

TEST(as_openmetrics)
{
	const char *text = printed(2, STATUS_OPENMETRICS);

	CHECK(strncmp(text,
		  "# TYPE sse_uptime_seconds gauge\n"
		  "# UNIT sse_uptime_seconds seconds\n"
		  "# HELP sse_uptime_seconds ",
		  90) == 0);
	CHECK(strstr(text, "\nsse_requests_total 11\n") != NULL);
	/* All samples of a metric stand together. */
	CHECK(strstr(text, "\nsse_stream_subscribers{stream=\"a\"} 7\n"
			   "sse_stream_subscribers{stream=\"b-1.x\"} 0\n"
			   "# TYPE ") != NULL);
	CHECK(strstr(text, "sse_stream_gaps_total{stream=\"a\",reason=\"late\""
			   "} 3\n") != NULL);
	CHECK(strstr(text, "sse_stream_source{stream=\"b-1.x\","
			   "sse_stream_source=\"failed\"} 1\n") != NULL);
	CHECK(strstr(text, "sse_stream_trouble{stream=\"b-1.x\","
			   "sse_stream_trouble=\"denied\"} 1\n") != NULL);
	CHECK(strstr(text, "sse_stream_trouble{stream=\"a\","
			   "sse_stream_trouble=\"denied\"} 0\n") != NULL);
	CHECK(strstr(text, "\n# TYPE sse_stream_endpoint info\n") != NULL);
	CHECK(strstr(text, " is.\nsse_stream_endpoint_info{stream=\"b-1.x\","
			   "endpoint=\"redis:unix:/r#a\\\\x00\\\""
			   "\\\\xff\\\\x0a\"} 1\n# TYPE ") != NULL);
	CHECK(strstr(text, " yet.\nsse_stream_unread_entries{stream=\"b-1.x\"}"
			   " 17\n# EOF\n") != NULL);
	CHECK(strcmp(text + strlen(text) - 6, "# EOF\n") == 0);
}

TEST(without_a_stream)
{
	CHECK(strstr(printed(0, STATUS_JSON), "\"streams\": {}}\n") != NULL);
	CHECK(strstr(printed(0, STATUS_OPENMETRICS), "\n# EOF\n") != NULL);
}

TEST(a_page_over_the_limit_is_an_error)
{
	const struct status status = {.streams = streams, .streams_count = 2};
	size_t size = strlen(printed(2, STATUS_JSON));

	/* The worker's numbers have the same digits but for one. */
	for (size_t limit = 0; limit + 10 < size; limit += 10) {
		struct sse_buf out;

		sse_buf_init(&out, limit);
		CHECK(print(&status, STATUS_JSON, &out) < 0);
		sse_buf_done(&out);
	}
}

TEST(the_form_that_is_asked_for)
{
	CHECK_EQUAL_INT(status_form_of(NULL), STATUS_JSON);
	CHECK_EQUAL_INT(status_form_of("*/*"), STATUS_JSON);
	CHECK_EQUAL_INT(status_form_of("application/json"), STATUS_JSON);
	CHECK_EQUAL_INT(
	    status_form_of("application/openmetrics-text;version=1.0.0;q=0.5,"
			   "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"),
	    STATUS_OPENMETRICS);
	CHECK(strcmp(status_type(STATUS_JSON), "application/json") == 0);
}

TEST(as_a_list_for_those_who_read)
{
	CHECK_EQUAL_TEXT(sse_slice(printed(2, STATUS_INDEX)),
	    SLICE("{\"streams\": [\n{\"name\": \"a\", \"source\": \"open\","
		  " \"frames\": 12}]}\n"));
	CHECK_EQUAL_TEXT(
	    sse_slice(printed(0, STATUS_INDEX)), SLICE("{\"streams\": []}\n"));
}
