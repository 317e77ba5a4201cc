/*
 * A socket pair that is full but for some send_room: so a record is cut at
 * every byte, and what arrives in the end must be the same.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "outbox.h"
#include "send_room.h"

struct play {
	struct outbox outbox;
	int fd;
	int peer;
};

static void
begin(struct play *play)
{
	int fds[2];

	send_room = -1;
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
	play->fd = fds[0];
	play->peer = fds[1];
	outbox_init(&play->outbox, 1000000, 100);
}

static void
end(struct play *play)
{
	outbox_done(&play->outbox);
	CHECK_EQUAL_INT((long long)outbox_memory(&play->outbox), 0);
	close(play->fd);
	close(play->peer);
}

static void
check_came(const struct play *play, struct sse_slice want)
{
	char got[4096];
	ssize_t size = recv(play->peer, got, sizeof(got), MSG_DONTWAIT);

	if (size < 0)
		size = 0;
	CHECK_EQUAL_TEXT(((struct sse_slice){got, (size_t)size}), want);
}

#define RECORD "\1\6\1\2\0\5\0\0hello"

TEST(a_record_that_is_cut_is_whole_in_the_end)
{
	const size_t size = sizeof(RECORD) - 1;

	for (size_t cut = 0; cut < size; cut++) {
		struct play play;
		size_t taken;

		begin(&play);
		send_room = (long)cut;
		CHECK_EQUAL_INT(
		    outbox_stdout(&play.outbox, play.fd, 258, SLICE("hello")),
		    0);
		CHECK(outbox_waits(&play.outbox));
		CHECK_EQUAL_INT(
		    outbox_flush(&play.outbox, play.fd, true, &taken), -EAGAIN);
		CHECK_EQUAL_INT((long long)taken, 0);
		send_room = -1;
		CHECK_EQUAL_INT(
		    outbox_flush(&play.outbox, play.fd, true, &taken), 0);
		CHECK_EQUAL_INT((long long)taken, (long long)(size - cut));
		CHECK(!outbox_waits(&play.outbox));
		check_came(&play, (struct sse_slice){RECORD, size});
		end(&play);
	}
}

/* Clients that take nothing may be many. */
TEST(what_waits_costs_no_more_than_its_size)
{
	static char bytes[4200];
	struct play play;

	memset(bytes, 'x', sizeof(bytes));
	for (long taken = 0; taken <= WIRE_HEADER_SIZE + 1; taken++) {
		begin(&play);
		send_room = taken;
		CHECK_EQUAL_INT(outbox_stdout(&play.outbox, play.fd, 1,
				    (struct sse_slice){bytes, sizeof(bytes)}),
		    0);
		CHECK_EQUAL_INT((long long)outbox_memory(&play.outbox),
		    WIRE_HEADER_SIZE + (long long)sizeof(bytes) - taken);
		end(&play);
	}
}

TEST(nothing_waits_where_all_is_taken)
{
	struct play play;

	begin(&play);
	CHECK_EQUAL_INT(
	    outbox_stdout(&play.outbox, play.fd, 258, SLICE("hello")), 0);
	CHECK(!outbox_waits(&play.outbox));
	CHECK_EQUAL_INT((long long)outbox_memory(&play.outbox), 0);
	check_came(&play, (struct sse_slice){RECORD, sizeof(RECORD) - 1});
	end(&play);
}

/* Between two records, and not before. */
TEST(replies_wait_until_they_may_go)
{
	struct play play;
	size_t taken;

	begin(&play);
	CHECK_EQUAL_INT(sse_buf_add(&play.outbox.replies, "reply", 5), 0);
	CHECK(!outbox_waits(&play.outbox));
	CHECK_EQUAL_INT(outbox_flush(&play.outbox, play.fd, false, &taken), 0);
	check_came(&play, SLICE(""));
	CHECK_EQUAL_INT(outbox_flush(&play.outbox, play.fd, true, &taken), 0);
	CHECK_EQUAL_INT((long long)taken, 5);
	check_came(&play, SLICE("reply"));
	/* Each has its own limit again. */
	CHECK_EQUAL_INT((long long)play.outbox.replies.size_max, 100);
	CHECK_EQUAL_INT((long long)play.outbox.waiting.size_max, 1000000);
	end(&play);
}

TEST(replies_go_before_an_answer)
{
	struct play play;
	size_t taken;

	begin(&play);
	CHECK_EQUAL_INT(sse_buf_add(&play.outbox.replies, "reply", 5), 0);
	CHECK_EQUAL_INT(outbox_let_replies(&play.outbox), 0);
	CHECK_EQUAL_INT(sse_buf_add(&play.outbox.waiting, " answer", 7), 0);
	CHECK_EQUAL_INT(outbox_flush(&play.outbox, play.fd, false, &taken), 0);
	check_came(&play, SLICE("reply answer"));
	end(&play);
}

/* More than a record may have. */
TEST(many_bytes_are_some_records)
{
	static char bytes[2 * WIRE_STDOUT_MAX];
	struct play play;

	begin(&play);
	send_room = 0;
	CHECK_EQUAL_INT(outbox_stdout(&play.outbox, play.fd, 1,
			    (struct sse_slice){bytes, sizeof(bytes)}),
	    0);
	CHECK_EQUAL_INT((long long)play.outbox.waiting.size,
	    (long long)(sizeof(bytes) + 2 * WIRE_HEADER_SIZE));
	end(&play);
}

TEST(a_peer_that_has_gone_is_an_error)
{
	struct play play;

	begin(&play);
	close(play.peer);
	CHECK(outbox_stdout(&play.outbox, play.fd, 1, SLICE("x")) < 0);
	play.peer = dup(play.fd);
	end(&play);
}
