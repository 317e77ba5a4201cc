/*
 * greeting_test.c - the first event of a connection, and what is waited for.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "base/result.h"
#include "stream/greeting.h"

static const struct stream_conf conf = {
    .source = "log", .retry_ms = 2000, .heartbeat_ms = 15000};

static bool
says(struct sse_slice comment, const char *text)
{
	return memmem(comment.data, comment.size, text, strlen(text)) != NULL;
}

TEST(the_first_event_has_retry_a_comment_and_an_id)
{
	static const struct {
		uint64_t random;
		int64_t retry_ms;
	} cases[] = {{0, 2000}, {1, 2001}, {2000, 4000}, {2001, 2000},
	    {UINT64_MAX, 2000 + (int64_t)(UINT64_MAX % 2001)}};
	struct greeting greeting = {.has_begun = false};
	struct sse_event event;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		greeting_first(
		    &greeting, &conf, cases[i].random, SLICE("x"), 0, &event);
		CHECK(event.has_retry);
		CHECK_EQUAL_INT(event.retry_ms, cases[i].retry_ms);
		CHECK_EQUAL_TEXT(event.id, SLICE("x"));
		CHECK(event.data.data == NULL);
		CHECK(says(event.comment, "15000 ms"));
		CHECK(!says(event.comment, "waiting"));
		CHECK(sse_encode_size(&event) >= 100);
		CHECK(sse_encode_size(&event) <= 400);
	}
}

TEST(a_wait_is_told_once_and_told_anew_when_it_is_another)
{
	struct greeting greeting = {.has_begun = false};
	struct sse_event event;

	greeting_first(&greeting, &conf, 0, sse_slice(NULL), -ENOENT, &event);
	CHECK(says(event.comment, "\nwaiting for the log: it does not exist"));
	CHECK(greeting_of_wait(&greeting, &conf, -ENOENT) == NULL);
	CHECK(strstr(greeting_of_wait(&greeting, &conf, -EACCES),
		  "Permission denied") != NULL);
	CHECK(greeting_of_wait(&greeting, &conf, -EACCES) == NULL);
	/* That it is over is shown by what comes. */
	CHECK(greeting_of_wait(&greeting, &conf, 0) == NULL);
	CHECK(greeting_of_wait(&greeting, &conf, -EACCES) != NULL);
	/* A log that changes is looked at again, and that is not news. */
	CHECK(greeting_of_wait(&greeting, &conf, RESULT_UNSETTLED) == NULL);
	CHECK(greeting_of_wait(&greeting, &conf, -EACCES) == NULL);
}

TEST(without_a_first_event_nothing_is_told)
{
	struct greeting greeting = {.has_begun = false};

	CHECK(greeting_of_wait(&greeting, &conf, -ENOENT) == NULL);
}
