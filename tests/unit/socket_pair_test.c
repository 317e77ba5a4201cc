/*
 * socket_pair_test.c - see socket_pair.h.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "socket_pair.h"

TEST(what_is_sent_is_there_for_them)
{
	struct socket_pair pair;
	char got[8];

	CHECK_EQUAL_INT(socket_pair_open(&pair), 0);
	CHECK(socket_pair_is_taken(&pair));
	CHECK_EQUAL_INT(socket_pair_send(&pair, SLICE("request")), 0);
	CHECK(!socket_pair_is_taken(&pair));
	CHECK_EQUAL_INT(read(pair.theirs, got, 3), 3);
	CHECK(!socket_pair_is_taken(&pair));
	CHECK_EQUAL_INT(read(pair.theirs, got + 3, 5), 4);
	CHECK(socket_pair_is_taken(&pair));
	CHECK_EQUAL_TEXT(((struct sse_slice){got, 7}), SLICE("request"));
	socket_pair_close(&pair);
	CHECK_EQUAL_INT(pair.ours, -1);
	CHECK_EQUAL_INT(pair.theirs, -1);
}

TEST(what_they_write_is_added)
{
	struct socket_pair pair;
	struct sse_buf out;

	sse_buf_init(&out, 100);
	CHECK_EQUAL_INT(sse_buf_add(&out, "a", 1), 0);
	CHECK_EQUAL_INT(socket_pair_open(&pair), 0);
	CHECK_EQUAL_INT(socket_pair_receive(&pair, 8, &out), 0);
	CHECK_EQUAL_INT(write(pair.theirs, "reply", 5), 5);
	CHECK_EQUAL_INT(socket_pair_receive(&pair, 8, &out), 0);
	CHECK_EQUAL_TEXT(sse_buf_slice(&out), SLICE("areply"));
	sse_buf_done(&out);
	socket_pair_close(&pair);
}

/* More than was asked for, or as much: nobody knows whether that is all. */
TEST(a_reply_as_large_as_the_limit_is_none)
{
	struct socket_pair pair;
	struct sse_buf out;

	sse_buf_init(&out, 100);
	CHECK_EQUAL_INT(socket_pair_open(&pair), 0);
	CHECK_EQUAL_INT(write(pair.theirs, "12345678", 8), 8);
	CHECK_EQUAL_INT(socket_pair_receive(&pair, 8, &out), -EPROTO);
	CHECK_EQUAL_INT(out.size, 0);
	socket_pair_close(&pair);
	CHECK_EQUAL_INT(socket_pair_open(&pair), 0);
	close(pair.theirs);
	CHECK_EQUAL_INT(socket_pair_receive(&pair, 8, &out), -EPROTO);
	CHECK(!socket_pair_is_taken(&pair));
	pair.theirs = -1;
	CHECK_EQUAL_INT(socket_pair_receive(&pair, 101, &out), -ENOBUFS);
	sse_buf_done(&out);
	socket_pair_close(&pair);
}

/* Neither blocks, nor is some of it there later. */
TEST(what_does_not_fit_is_refused)
{
	struct socket_pair pair;
	const size_t size = 8 << 20;
	char *large = test_zeroed(size);

	CHECK_EQUAL_INT(socket_pair_open(&pair), 0);
	CHECK_EQUAL_INT(
	    socket_pair_send(&pair, (struct sse_slice){large, size}),
	    -EMSGSIZE);
	CHECK_EQUAL_INT(socket_pair_send(&pair, SLICE("x")), -EMSGSIZE);
	close(pair.theirs);
	pair.theirs = -1;
	CHECK_EQUAL_INT(socket_pair_send(&pair, SLICE("x")), -EPIPE);
	socket_pair_close(&pair);
}

TEST(is_not_inherited_and_tells_when_there_are_no_descriptors)
{
	const struct rlimit few = {3, 1024};
	const struct rlimit usual = {1024, 1024};
	struct socket_pair pair;

	CHECK_EQUAL_INT(socket_pair_open(&pair), 0);
	CHECK(pair.theirs != 0);
	CHECK((fcntl(pair.ours, F_GETFD) & FD_CLOEXEC) != 0);
	CHECK((fcntl(pair.theirs, F_GETFD) & FD_CLOEXEC) != 0);
	socket_pair_close(&pair);
	socket_pair_close(&pair);
	CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
	CHECK_EQUAL_INT(socket_pair_open(&pair), -EMFILE);
	CHECK(setrlimit(RLIMIT_NOFILE, &usual) == 0);
}
