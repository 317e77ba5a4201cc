/*
 * redis_server_test.c - a Redis Stream of a server that does what a real one
 * does rarely, or never.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hand_clock.h"
#include "source/redis_endpoint.h"
#include "source/redis_start.h"
#include "source/source.h"

#define READ_MAX 65536 /* bytes that are taken in one turn */

#define QUEUED "+OK\r\n+QUEUED\r\n+QUEUED\r\n"
#define INFO_OF(last)                                                    \
	"*10\r\n$6\r\nlength\r\n:1\r\n$17\r\nlast-generated-id\r\n" last \
	"\r\n$13\r\nentries-added\r\n:1\r\n"
#define INFO INFO_OF("+5-1")
#define ENTRY "*2\r\n+5-1\r\n*2\r\n+data\r\n+one\r\n"
#define ENDS "+first-entry\r\n" ENTRY "+last-entry\r\n" ENTRY
#define DEEP "*1\r\n*1\r\n*1\r\n"
#define GOOD QUEUED "*2\r\n" INFO ENDS "*1\r\n" ENTRY

/* A server at a socket, and a source that begins at its end. */
struct play {
	int listener;
	int server;
	struct source *source;
	int started; /* as source_start() */
};

static void
begin(struct play *play)
{
	const struct source_options options = {
	    .clock = &hand_clock, .record_size_max = 65536, .follow = true};
	const struct source_start start = {.records = 0};
	struct redis_endpoint endpoint;
	const char *reason;
	char text[200];

	(void)snprintf(
	    text, sizeof(text), "redis:unix:%s#k", test_path("socket"));
	CHECK_EQUAL_INT(redis_endpoint_parse(text, &endpoint, &reason), 0);
	play->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK_EQUAL_INT(
	    bind(play->listener, &endpoint.address.any, endpoint.address_size),
	    0);
	CHECK_EQUAL_INT(listen(play->listener, 4), 0);
	redis_endpoint_done(&endpoint);
	CHECK_EQUAL_INT(source_new(text, &options, &play->source), 0);
	play->started = source_start(play->source, &start);
	play->server = accept(play->listener, NULL, NULL);
	CHECK(play->server >= 0);
}

static void
end(struct play *play)
{
	source_free(play->source);
	if (play->server >= 0)
		CHECK_EQUAL_INT(close(play->server), 0);
	CHECK_EQUAL_INT(close(play->listener), 0);
	CHECK_EQUAL_INT(unlink(test_path("socket")), 0);
}

static void
say(struct play *play, const char *bytes)
{
	size_t size = strlen(bytes);

	/* It may be given up in between. */
	while (size > 0) {
		ssize_t put = send(play->server, bytes, size, MSG_NOSIGNAL);

		if (put < 0)
			return;
		bytes += put;
		size -= (size_t)put;
	}
}

/* Turns, until it waits for something else than what is there. */
static void
turn(struct play *play)
{
	struct pollfd fd;

	do {
		if (play->started == RESULT_PARTIAL)
			play->started = source_go_on(play->source);
		fd = (struct pollfd){
		    .fd = source_poll(play->source).fd, .events = POLLIN};
	} while (play->started == RESULT_PARTIAL && poll(&fd, 1, 0) == 1);
}

/* It has lost the server, waits a while, and then has a good one. */
static void
comes_back(struct play *play)
{
	int64_t wait_ms = source_poll(play->source).timeout_ms;

	CHECK(wait_ms > 0 && wait_ms <= 6000);
	CHECK_EQUAL_INT(source_poll(play->source).fd, -1);
	CHECK_EQUAL_INT(play->started, RESULT_PARTIAL);
	now_ms += wait_ms;
	turn(play);
	if (play->server >= 0)
		CHECK_EQUAL_INT(close(play->server), 0);
	play->server = accept(play->listener, NULL, NULL);
	say(play, GOOD);
	turn(play);
	CHECK_EQUAL_INT(play->started, 0);
	CHECK_EQUAL_INT(source_poll(play->source).error, 0);
}

TEST(an_answer_may_come_byte_by_byte)
{
	static const char good[] = GOOD;
	struct play play;

	begin(&play);
	for (size_t i = 0; i + 1 < sizeof(good); i++) {
		turn(&play);
		CHECK_EQUAL_INT(play.started, RESULT_PARTIAL);
		say(&play, (const char[]){good[i], '\0'});
	}
	turn(&play);
	CHECK_EQUAL_INT(play.started, 0);
	end(&play);
}

TEST(what_a_server_says_is_told_and_it_is_asked_again)
{
	static const struct {
		const char *bytes;
		int error;
	} cases[] = {
	    {"-LOADING Redis is loading the dataset\r\n", EBUSY},
	    {"-MASTERDOWN Link with MASTER is down\r\n", EBUSY},
	    {"-BUSY Redis is busy running a script\r\n", EBUSY},
	    {"+OK\r\n-CLUSTERDOWN The cluster is down\r\n", EBUSY},
	    {"+OK\r\n-TRYAGAIN Multiple keys request\r\n", EBUSY},
	    {"+OK\r\n-ASK 3999 127.0.0.1:6381\r\n", EBUSY},
	    {"+OK\r\n-MOVED 3999 127.0.0.1:6381\r\n", EREMCHG},
	    {"-NOAUTH Authentication required.\r\n", EKEYREJECTED},
	    {"+OK\r\n-NOPERM this user has no permissions\r\n", EPERM},
	    {"+OK\r\n-NOPERMISSION\r\n", EREMOTEIO},
	    {"-ERR unknown command 'MULTI'\r\n", EREMOTEIO},
	    {"-\r\n", EREMOTEIO},
	    {QUEUED "-EXECABORT Transaction discarded\r\n", EREMOTEIO},
	    {QUEUED "*2\r\n-WRONGTYPE Operation against a key\r\n"
		    "-WRONGTYPE Operation against a key\r\n",
		EMEDIUMTYPE},
	    {QUEUED "*2\r\n" INFO ENDS "-WRONGTYPE Operation\r\n", EMEDIUMTYPE},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play);
		turn(&play);
		say(&play, cases[i].bytes);
		/* What follows an error that comes first. */
		for (int answer = 0; answer < 3; answer++)
			say(&play, "-EXECABORT Transaction discarded\r\n");
		turn(&play);
		CHECK_EQUAL_INT(
		    source_poll(play.source).error, -cases[i].error);
		CHECK(source_poll(play.source).awaited);
		comes_back(&play);
		end(&play);
	}
}

TEST(what_is_none_of_its_answers_is_told_and_it_is_asked_again)
{
	static const char *const cases[] = {
	    "HTTP/1.1 400 Bad Request\r\n",
	    "SSH-2.0-OpenSSH_9.2\r\n",
	    QUEUED "*-1\r\n",
	    QUEUED "+OK\r\n",
	    QUEUED ":1\r\n",
	    QUEUED "*0\r\n",
	    QUEUED "*1\r\n" INFO ENDS,
	    QUEUED "*2\r\n$-1\r\n*0\r\n",
	    QUEUED "*2\r\n*0\r\n*0\r\n",
	    QUEUED "*2\r\n:1\r\n*0\r\n",
	    QUEUED "*2\r\n" INFO ENDS ":1\r\n",
	    QUEUED "*2\r\n" INFO ENDS "*1\r\n*0\r\n",
	    QUEUED "*2\r\n" INFO ENDS "*1\r\n:1\r\n",
	    QUEUED "*2\r\n" INFO ENDS "*1\r\n*2\r\n+5-1\r\n*-1\r\n",
	    QUEUED "*2\r\n" INFO ENDS "*1\r\n*2\r\n+5-1\r\n*1\r\n+data\r\n",
	    QUEUED "*2\r\n" INFO ENDS
		   "*1\r\n*2\r\n+5-1\r\n*2\r\n+data\r\n*0\r\n",
	    QUEUED "*2\r\n" INFO ENDS
		   "*1\r\n*2\r\n+18446744073709551616-0\r\n*0\r\n",
	    QUEUED "*2\r\n" INFO ENDS
		   "*1\r\n*2\r\n+0-18446744073709551616\r\n*0\r\n",
	    QUEUED "*2\r\n" INFO ENDS "*1\r\n*2\r\n+5\r\n*0\r\n",
	    QUEUED "*2\r\n" INFO "+first-entry\r\n:1\r\n"
		   "+last-entry\r\n" ENTRY "*0\r\n",
	    QUEUED "*2\r\n" INFO "+first-entry\r\n$-1\r\n"
		   "+last-entry\r\n" ENTRY "*0\r\n",
	    QUEUED "*2\r\n" INFO_OF("+x") ENDS "*0\r\n",
	    QUEUED "*2\r\n" INFO_OF(":5") ENDS "*0\r\n",
	    "+OK\r\n" DEEP DEEP DEEP,
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play;

		begin(&play);
		turn(&play);
		say(&play, cases[i]);
		turn(&play);
		if (source_poll(play.source).error != -EPROTO)
			test_fail(__FILE__, __LINE__, "%s: %d", cases[i],
			    source_poll(play.source).error);
		comes_back(&play);
		end(&play);
	}
}

TEST(a_server_that_says_nothing_or_goes_is_told_and_asked_again)
{
	struct play play;

	begin(&play);
	turn(&play);
	say(&play, "+OK\r\n+QUEUE");
	turn(&play);
	CHECK_EQUAL_INT(source_poll(play.source).error, 0);
	now_ms += source_poll(play.source).timeout_ms;
	turn(&play);
	CHECK_EQUAL_INT(source_poll(play.source).error, -ETIMEDOUT);
	comes_back(&play);
	end(&play);

	begin(&play);
	turn(&play);
	say(&play, QUEUED "*2\r\n*10\r\n$600\r\nlen");
	CHECK_EQUAL_INT(close(play.server), 0);
	play.server = -1;
	turn(&play);
	/* What it was asked is there unread. */
	CHECK_EQUAL_INT(source_poll(play.source).error, -ECONNRESET);
	comes_back(&play);
	end(&play);
}

/* ---------------------------------------------------------------- turns -- */

/* As much of the same as fits. */
static void
flood(const struct play *play, const char *begins, const char *goes_on)
{
	char block[1024];
	size_t size = 0, one = strlen(goes_on);

	(void)send(play->server, begins, strlen(begins), MSG_NOSIGNAL);
	for (; size + one <= sizeof(block); size += one)
		memcpy(block + size, goes_on, one);
	while (send(play->server, block, size, MSG_NOSIGNAL | MSG_DONTWAIT) ==
	       (ssize_t)size)
		continue;
}

static int
waiting(const struct play *play)
{
	int size = 0, fd = source_poll(play->source).fd;

	if (fd >= 0)
		CHECK_EQUAL_INT(ioctl(fd, FIONREAD, &size), 0);
	return size;
}

TEST(a_turn_takes_so_many_bytes)
{
	static const struct {
		const char *begins;
		const char *goes_on;
	} cases[] = {
	    {QUEUED "*2\r\n*1000000000\r\n", "*0\r\n"},
	    {QUEUED "*2\r\n*1000000000\r\n", "*1\r\n*1\r\n:1\r\n"},
	    {QUEUED "*2\r\n*1000000000\r\n", "$0\r\n\r\n"},
	    {QUEUED "*1\r\n*1000000000\r\n", ":1\r\n"},
	    {QUEUED "*1\r\n*1000000000\r\n", "+OK\r\n"},
	    {QUEUED "*2\r\n$1000000000\r\n", "x"},
	    {QUEUED "*2\r\n*1\r\n*2\r\n+5-1\r\n*1000000000\r\n", ":1\r\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int size = 1 << 20, before, after;
		struct play play;

		begin(&play);
		turn(&play);
		(void)setsockopt(
		    play.server, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
		flood(&play, cases[i].begins, cases[i].goes_on);
		before = waiting(&play);
		CHECK_EQUAL_INT(source_go_on(play.source), RESULT_PARTIAL);
		after = waiting(&play);
		CHECK(after < before && before - after <= READ_MAX);
		CHECK_EQUAL_INT(source_poll(play.source).error, 0);
		end(&play);
	}
}

/* What is done with an answer at once is bounded, however short entries are. */
TEST(an_answer_is_to_have_so_many_entries)
{
	static const struct {
		unsigned asked;
		uint64_t got, size;
		unsigned next;
	} cases[] = {
	    {1, 0, 0, 4},
	    {1, 1, 1, 4},
	    {4, 4, 4, 16},
	    {128, 128, 128, REDIS_BATCH_MAX},
	    {REDIS_BATCH_MAX, REDIS_BATCH_MAX, 0, REDIS_BATCH_MAX},
	    {REDIS_BATCH_MAX, 500, 500 * UINT64_C(999), 65},
	    {4, 4, 4 * (uint64_t)REDIS_BATCH_SIZE, 1},
	    {4, 1, UINT64_MAX / 2, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_EQUAL_INT(redis_batch_next(cases[i].asked, cases[i].got,
				    cases[i].size),
		    cases[i].next);
}

/* ----------------------------------------------------------- waiting -- */

#define NEXT "*2\r\n+6-1\r\n*2\r\n+data\r\n+two\r\n"
#define PROVEN "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n*3\r\n"
#define INFO_OF_THREE                                            \
	"*10\r\n+length\r\n:3\r\n+last-generated-id\r\n+7-1\r\n" \
	"+entries-added\r\n:3\r\n+first-entry\r\n" ENTRY         \
	"+last-entry\r\n*2\r\n+7-1\r\n*2\r\n+data\r\n+three\r\n"

/* What it was asked since, as text. */
static const char *
heard(const struct play *play)
{
	static char text[4096];
	ssize_t size = recv(play->server, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[size > 0 ? size : 0] = '\0';
	return text;
}

/* It goes out with the command to wait, and so needs no way of its own. */
TEST(what_is_asked_of_a_new_entry_is_asked_before_it_comes)
{
	struct source_item item;
	struct play play;
	const char *asked;
	uint64_t unread;

	begin(&play);
	turn(&play);
	say(&play, GOOD);
	turn(&play);
	CHECK_EQUAL_INT(source_next(play.source, &item), 0);
	say(&play, PROVEN INFO ENDS "*1\r\n" ENTRY "*0\r\n");
	(void)heard(&play);
	CHECK_EQUAL_INT(source_next(play.source, &item), 0);
	asked = heard(&play);
	CHECK(strstr(asked, "XREAD") != NULL);
	CHECK(strstr(asked, "EXEC") > strstr(asked, "XREAD"));
	say(&play, "*1\r\n*2\r\n+k\r\n*1\r\n" NEXT PROVEN INFO_OF_THREE
		   "*1\r\n" ENTRY "*1\r\n" NEXT);
	CHECK_EQUAL_INT(source_next(play.source, &item), 1);
	CHECK_EQUAL_INT(item.kind, SOURCE_RECORD);
	CHECK_EQUAL_TEXT(item.record.text, SLICE("two"));
	CHECK(source_unread(play.source, &unread));
	CHECK_EQUAL_INT(unread, 1);
	CHECK_EQUAL_INT(close(play.server), 0);
	play.server = -1;
	(void)source_next(play.source, &item);
	CHECK(source_poll(play.source).error != 0);
	CHECK(!source_unread(play.source, &unread));
	end(&play);
}
