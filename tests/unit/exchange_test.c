/*
 * The bytes of an answer, and what is left where there is none.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "exchange.h"
#include "requests.h"

static const struct sse_response response = {
    .status = 503, .type = "text/plain", .retry_after_s = 7};

struct play {
	struct libfcgi libfcgi;
	struct sse_buf out;
	struct exchange exchange;
};

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	sse_buf_init(&play->out, 100000);
	CHECK_EQUAL_INT(sse_buf_add(&play->out, "before:", 7), 0);
	play->exchange = (struct exchange){
	    .ops = &fake_ops, .libfcgi = &play->libfcgi, .out = &play->out};
	CHECK_EQUAL_INT(
	    fake_begin(&play->libfcgi, SLICE("A=1\nAB=2\nEMPTY=\n")), 0);
}

TEST(a_parameter_is_that_of_the_request)
{
	struct play play;

	begin(&play);
	CHECK_EQUAL_TEXT(
	    sse_slice(exchange_param(&play.exchange, "A")), SLICE("1"));
	CHECK_EQUAL_TEXT(
	    sse_slice(exchange_param(&play.exchange, "EMPTY")), SLICE(""));
	CHECK(exchange_param(&play.exchange, "B") == NULL);
	sse_buf_done(&play.out);
}

TEST(a_whole_answer_follows_what_waits)
{
	struct play play;

	begin(&play);
	CHECK_EQUAL_INT(
	    exchange_reply(&play.exchange, &response, SLICE("body\n")),
	    OUTCOME_REPLIED);
	CHECK_EQUAL_INT(sse_buf_add(&play.out, "", 1), 0);
	CHECK(strncmp(play.out.data, "before:Status: 503", 18) == 0);
	CHECK(strstr(play.out.data, "Retry-After: 7\r\n") != NULL);
	CHECK(strstr(play.out.data, "\r\n\r\nbody\n[end]") != NULL);
	sse_buf_done(&play.out);
}

TEST(a_stream_begins_with_its_first_event)
{
	static const struct sse_event first = {
	    .has_retry = true, .retry_ms = 2000};
	struct play play;

	begin(&play);
	CHECK_EQUAL_INT(exchange_begin(&play.exchange, &response, &first), 0);
	CHECK_EQUAL_INT(sse_buf_add(&play.out, "", 1), 0);
	CHECK(strstr(play.out.data, "\r\n\r\nretry: 2000\n\n[open]") != NULL);
	sse_buf_done(&play.out);
}

TEST(a_head_may_be_all)
{
	struct play play;

	begin(&play);
	CHECK_EQUAL_INT(exchange_begin(&play.exchange, &response, NULL), 0);
	CHECK_EQUAL_INT(sse_buf_add(&play.out, "", 1), 0);
	CHECK(strstr(play.out.data, "\r\n\r\n[open]") != NULL);
	sse_buf_done(&play.out);
}

/* A body that is too long, one that libfcgi does not take, an event likewise.
 */
TEST(an_answer_that_cannot_be_made_leaves_nothing)
{
	static char data[EXCHANGE_TEXT_MAX];
	static const struct sse_slice body = {data, sizeof(data)};
	struct sse_event event = {.data = body};

	for (int i = 0; i < 3; i++) {
		struct play play;

		begin(&play);
		play.libfcgi.answer_error = i == 0 ? -ENOMEM : 0;
		if (i < 2)
			CHECK_EQUAL_INT(
			    exchange_reply(&play.exchange, &response,
				i == 0 ? SLICE("") : body),
			    OUTCOME_LEFT);
		else
			CHECK(exchange_begin(
				  &play.exchange, &response, &event) < 0);
		CHECK_EQUAL_TEXT(sse_buf_slice(&play.out), SLICE("before:"));
		/* It is in hand where nobody was asked to answer it. */
		CHECK_EQUAL_INT(play.libfcgi.in_hand, i > 0);
		sse_buf_done(&play.out);
	}
}
