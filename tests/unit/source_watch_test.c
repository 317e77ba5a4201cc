/*
 * What a source is waited for at: a socket, which is ready when the test says
 * so.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"
#include "source_watch.h"

struct play {
	struct source_watch watch;
	struct source_waiter waiter;
	int fds[2];
	int readable;
	int writable;
};

static void
take_ready(void *context, bool readable, bool writable)
{
	struct play *play = context;

	play->readable += readable;
	play->writable += writable;
}

static void
begin(struct play *play, bool urgent)
{
	memset(play, 0, sizeof(*play));
	play->waiter = (struct source_waiter){
	    .ready = take_ready, .context = play, .urgent = urgent};
	CHECK_EQUAL_INT(loop_new(&play->waiter.loop), 0);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		  play->fds) == 0);
}

static void
end(struct play *play)
{
	source_watch_done(&play->watch);
	CHECK(!source_watch_is_set(&play->watch));
	loop_free(play->waiter.loop);
	close(play->fds[0]);
	close(play->fds[1]);
}

static void
set(struct play *play, int fd, short events)
{
	const struct source_poll poll = {.fd = fd, .events = events};

	CHECK_EQUAL_INT(
	    source_watch_set(&play->watch, &poll, &play->waiter), 0);
	CHECK_EQUAL_INT(source_watch_is_set(&play->watch), fd >= 0);
	play->readable = play->writable = 0;
}

TEST(who_waits_is_called_for_what_the_source_waits_for)
{
	for (int urgent = 0; urgent < 2; urgent++) {
		struct play play;

		begin(&play, urgent);
		CHECK(write(play.fds[1], "x", 1) == 1);
		set(&play, play.fds[0], POLLIN);
		while (play.readable == 0)
			turn_loop(play.waiter.loop);
		CHECK_EQUAL_INT(play.writable, 0);
		set(&play, play.fds[0], POLLOUT);
		while (play.writable == 0)
			turn_loop(play.waiter.loop);
		CHECK_EQUAL_INT(play.readable, 0);
		set(&play, play.fds[0], POLLIN | POLLOUT);
		while (play.readable == 0 || play.writable == 0)
			turn_loop(play.waiter.loop);
		end(&play);
	}
}

TEST(what_is_the_same_as_before_is_kept)
{
	struct play play;
	struct loop_watch *before;

	begin(&play, false);
	set(&play, play.fds[0], POLLIN);
	before = play.watch.watch;
	set(&play, play.fds[0], POLLIN);
	CHECK(play.watch.watch == before);
	set(&play, play.fds[1], POLLIN);
	CHECK_EQUAL_INT(play.watch.fd, play.fds[1]);
	end(&play);
}

TEST(what_has_the_number_of_what_was_closed_is_another)
{
	struct play play, other;
	struct source_poll poll = {.events = POLLIN};

	begin(&play, false);
	begin(&other, false);
	poll.fd = play.fds[0];
	set(&play, poll.fd, POLLIN);
	CHECK(dup2(other.fds[0], poll.fd) == poll.fd);
	poll.opened++;
	CHECK_EQUAL_INT(
	    source_watch_set(&play.watch, &poll, &play.waiter), 0);
	CHECK(write(other.fds[1], "x", 1) == 1);
	for (int i = 0; i < 10 && play.readable == 0; i++)
		turn_loop(play.waiter.loop);
	CHECK(play.readable > 0);
	end(&play);
	end(&other);
}

TEST(a_source_without_a_descriptor_is_not_watched)
{
	struct play play;

	begin(&play, false);
	set(&play, -1, 0);
	set(&play, play.fds[0], POLLOUT);
	set(&play, -1, 0);
	for (int i = 0; i < 10; i++)
		turn_loop(play.waiter.loop);
	CHECK_EQUAL_INT(play.writable, 0);
	end(&play);
}

TEST(only_who_is_urgent_is_looked_at_in_between)
{
	for (int urgent = 0; urgent < 2; urgent++) {
		struct play play;

		begin(&play, urgent);
		CHECK(write(play.fds[1], "x", 1) == 1);
		set(&play, play.fds[0], POLLIN);
		loop_look(play.waiter.loop);
		CHECK_EQUAL_INT(play.readable, urgent);
		end(&play);
	}
}
