/*
 * stream_error_test.c - what keeps a stream from its source, and for how long.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stream/stream_error.h"

TEST(who_may_wait)
{
	static const struct {
		int error;
		bool follow;
		bool has_id;
		bool may;
	} cases[] = {
	    {0, true, true, false},
	    {-ENOMEM, true, true, false},
	    {RESULT_BUSY, true, true, false},
	    {-ENOENT, true, false, true},
	    {-EACCES, true, false, true},
	    {-ENOENT, false, false, false},
	    {-ENOENT, false, true, true},
	    {RESULT_UNSETTLED, true, false, true},
	    {-EAGAIN, true, false, true},
	    {RESULT_WRONG_KIND, true, false, false},
	    {RESULT_WRONG_KIND, true, true, true},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct stream_conf conf = {.follow = cases[i].follow};
		const struct stream_start start = {
		    .last_event_id = sse_slice(cases[i].has_id ? "x" : ""),
		    .since_ms = STREAM_SINCE_NONE};

		printf("# row %zu\n", i);
		CHECK_EQUAL_INT(stream_may_wait(&conf, &start, cases[i].error),
		    cases[i].may);
	}
}

TEST(an_error_has_words_and_a_client_gets_no_path)
{
	static const int errors[] = {-ENOENT, -EACCES, -EIO, RESULT_WRONG_KIND,
	    RESULT_REFUSED, RESULT_BUSY, RESULT_CHANGED, RESULT_UNSETTLED,
	    RESULT_NONE};
	const struct stream_conf conf = {.source = test_path("nothing")};
	char room[STREAM_ERROR_SIZE_MAX];

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		CHECK(stream_error_text(&conf, errors[i], room)[0] != '\0');
		CHECK(strncmp(stream_wait_text(&conf, errors[i]),
			  "waiting for the log:", 20) == 0);
		CHECK(strchr(stream_wait_text(&conf, errors[i]), '/') == NULL);
	}
}
