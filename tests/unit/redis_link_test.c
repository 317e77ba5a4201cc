/*
 * redis_link_test.c - a connection to a server that is slow, goes away, or is
 * none of Redis's.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hand_clock.h"
#include "base/result.h"
#include "source/redis_link.h"

#define ROOM_SIZE 100000

/* A server at a socket, and a link to it. */
struct play {
	struct redis_endpoint endpoint;
	struct redis_link link;
	int listener;
	int server;
};

static void
begin(struct play *play)
{
	char text[200];
	const char *reason;

	(void)snprintf(
	    text, sizeof(text), "redis:unix:%s#k", test_path("socket"));
	CHECK_EQUAL_INT(
	    redis_endpoint_parse(text, &play->endpoint, &reason), 0);
	play->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_EQUAL_INT(bind(play->listener, &play->endpoint.address.any,
			    play->endpoint.address_size),
	    0);
	CHECK_EQUAL_INT(listen(play->listener, 1), 0);
	redis_link_init(&play->link, &hand_clock, ROOM_SIZE);
	CHECK_EQUAL_INT(redis_link_open(&play->link, &play->endpoint), 0);
	play->server = accept(play->listener, NULL, NULL);
	CHECK(play->server >= 0);
}

static void
end(struct play *play)
{
	redis_link_close(&play->link);
	redis_endpoint_done(&play->endpoint);
	CHECK_EQUAL_INT(close(play->listener), 0);
	if (play->server >= 0)
		CHECK_EQUAL_INT(close(play->server), 0);
}

static void
ask(struct play *play)
{
	const struct sse_slice words[] = {
	    sse_slice("GET"), SLICE("a\0b"), sse_slice("")};

	CHECK_EQUAL_INT(redis_link_send(&play->link, words, 3), 0);
}

static void
say(const struct play *play, const char *bytes, size_t size)
{
	CHECK_EQUAL_INT(write(play->server, bytes, size), (ssize_t)size);
}

/* What it says once there is something to say. */
static int
next(struct play *play, const struct redis_value **ret_answer)
{
	struct pollfd fd = {.fd = play->link.fd, .events = POLLIN};

	CHECK_EQUAL_INT(poll(&fd, 1, 10000), 1);
	return redis_link_next(&play->link, ret_answer);
}

TEST(a_command_is_words_with_their_sizes)
{
	static const char expected[] =
	    "*3\r\n$3\r\nGET\r\n$3\r\na\0b\r\n$0\r\n\r\n";
	const struct redis_value *value;
	struct play play;
	char bytes[100];
	ssize_t got;

	begin(&play);
	ask(&play);
	CHECK_EQUAL_INT(redis_link_events(&play.link), POLLIN | POLLOUT);
	CHECK_EQUAL_INT(redis_link_next(&play.link, &value), 0);
	CHECK_EQUAL_INT(redis_link_events(&play.link), POLLIN);
	got = read(play.server, bytes, sizeof(bytes));
	CHECK_EQUAL_TEXT(((struct sse_slice){bytes, (size_t)got}),
	    ((struct sse_slice){expected, sizeof(expected) - 1}));
	end(&play);
}

TEST(an_answer_comes_byte_by_byte)
{
	static const char answer[] = "*2\r\n$3\r\nabc\r\n:5\r\n";
	const struct redis_value *value = NULL;
	const size_t size = sizeof(answer) - 1;
	struct play play;

	begin(&play);
	ask(&play);
	for (size_t i = 0; i < size; i++) {
		CHECK_EQUAL_INT(redis_link_next(&play.link, &value), 0);
		say(&play, answer + i, 1);
		CHECK_EQUAL_INT(
		    next(&play, &value), i + 1 < size ? RESULT_PARTIAL : 1);
	}
	CHECK_EQUAL_INT(redis_value_at(value, 1)->number, 5);
	end(&play);
}

TEST(what_nobody_asked_for_is_no_answer)
{
	const struct redis_value *value;
	struct play play;

	begin(&play);
	say(&play, "+OK\r\n", 5);
	CHECK_EQUAL_INT(next(&play, &value), -EPROTO);
	end(&play);
}

TEST(a_server_that_says_nothing_is_given_up)
{
	const struct redis_value *value;
	struct play play;

	begin(&play);
	/* Nothing is owed, for as long as it likes. */
	now_ms += 10 * REDIS_LINK_TIMEOUT_MS;
	CHECK_EQUAL_INT(redis_link_next(&play.link, &value), 0);
	ask(&play);
	CHECK_EQUAL_INT(redis_link_left_ms(&play.link), REDIS_LINK_TIMEOUT_MS);
	now_ms += REDIS_LINK_TIMEOUT_MS - 1;
	CHECK_EQUAL_INT(redis_link_next(&play.link, &value), 0);
	/* A byte is a sign of life. */
	say(&play, "$", 1);
	CHECK_EQUAL_INT(next(&play, &value), RESULT_PARTIAL);
	now_ms += REDIS_LINK_TIMEOUT_MS - 1;
	CHECK_EQUAL_INT(redis_link_next(&play.link, &value), 0);
	now_ms++;
	CHECK_EQUAL_INT(redis_link_next(&play.link, &value), -ETIMEDOUT);
	end(&play);
}

TEST(a_server_that_goes_is_told)
{
	const struct redis_value *value;
	struct play play;

	begin(&play);
	ask(&play);
	CHECK_EQUAL_INT(redis_link_next(&play.link, &value), 0);
	CHECK_EQUAL_INT(close(play.server), 0);
	play.server = -1;
	/* What was sent to it is there unread. */
	CHECK_EQUAL_INT(next(&play, &value), -ECONNRESET);
	redis_link_close(&play.link);
	CHECK_EQUAL_INT(close(play.listener), 0);
	CHECK_EQUAL_INT(
	    redis_link_open(&play.link, &play.endpoint), -ECONNREFUSED);
	CHECK_EQUAL_INT(play.link.fd, -1);
	CHECK_EQUAL_INT(unlink(test_path("socket")), 0);
	CHECK_EQUAL_INT(redis_link_open(&play.link, &play.endpoint), -ENOENT);
	redis_endpoint_done(&play.endpoint);
}

TEST(an_answer_may_be_larger_than_what_is_kept_of_it)
{
	static char bytes[10 * ROOM_SIZE];
	const struct redis_value *value = NULL;
	struct play play;
	int got = RESULT_PARTIAL;

	begin(&play);
	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes, "*2\r\n+a\r\n$", 9);
	(void)snprintf(bytes + 9, 8, "%d", (int)sizeof(bytes) - 19);
	memcpy(bytes + 15, "\r\n", 2);
	memcpy(bytes + sizeof(bytes) - 2, "\r\n", 2);
	ask(&play);
	for (size_t i = 0; i < 100; i++) {
		say(&play, bytes + i * (sizeof(bytes) / 100),
		    sizeof(bytes) / 100);
		while (got == RESULT_PARTIAL && i < 99)
			got = redis_link_next(&play.link, &value);
		if (i < 99) {
			CHECK_EQUAL_INT(got, 0);
			got = RESULT_PARTIAL;
		}
	}
	while (got == RESULT_PARTIAL)
		got = next(&play, &value);
	CHECK_EQUAL_INT(got, 1);
	CHECK_EQUAL_TEXT(redis_value_at(value, 0)->text, sse_slice("a"));
	CHECK_EQUAL_INT(redis_value_at(value, 1)->sent, sizeof(bytes) - 19);
	CHECK(redis_value_at(value, 1)->is_cut);
	CHECK(redis_value_at(value, 1)->text.size <= ROOM_SIZE);
	end(&play);
}

TEST(what_is_no_redis_server_is_told)
{
	static const char page[] = "HTTP/1.1 400 Bad Request\r\n";
	const struct redis_value *value;
	struct play play;

	begin(&play);
	ask(&play);
	say(&play, page, sizeof(page) - 1);
	CHECK_EQUAL_INT(next(&play, &value), -EPROTO);
	end(&play);
}
