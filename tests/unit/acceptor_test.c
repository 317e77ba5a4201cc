/*
 * Connections that wait at a socket, and how many of them become clients.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "acceptor.h"
#include "peers.h"

#define PEERS_MAX 20

struct play {
	struct loop *loop;
	struct listener *listener;
	struct clients clients;
	struct acceptor acceptor;
	struct log *log;
	int peers[PEERS_MAX];
	size_t count;
	int woken;
};

static void
take_woken(void *context)
{
	struct play *play = context;

	CHECK_EQUAL_INT(play->clients.count, 1);
	play->woken++;
}

static void
begin(struct play *play, size_t connections_max)
{
	struct conf_error error;
	char address[200];

	memset(play, 0, sizeof(*play));
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	(void)snprintf(address, sizeof(address), "unix:%s", test_path("s"));
	CHECK_EQUAL_INT(listener_open(&(struct conf_place){.key = "listen"},
			    address, NULL, &play->listener, &error),
	    0);
	peers_init(&play->clients, play->loop, sse_clock_system(), PEERS_MAX);
	CHECK_EQUAL_INT(log_open(test_path("told"), "p", false, &play->log), 0);
	CHECK_EQUAL_INT(acceptor_init(&play->acceptor, play->loop,
			    play->listener, &play->clients, play->log),
	    0);
	play->acceptor.connections_max = connections_max;
	play->acceptor.woken = take_woken;
	play->acceptor.context = play;
}

static void
end(struct play *play)
{
	clients_done(&play->clients);
	acceptor_done(&play->acceptor);
	listener_close(play->listener);
	log_close(play->log);
	loop_free(play->loop);
	while (play->count > 0)
		close(play->peers[--play->count]);
}

static void
connect_one(struct play *play)
{
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

	CHECK(fd >= 0 && play->count < PEERS_MAX);
	(void)snprintf(
	    path.sun_path, sizeof(path.sun_path), "%s", test_path("s"));
	CHECK(connect(fd, (const struct sockaddr *)&path, sizeof(path)) == 0);
	play->peers[play->count++] = fd;
}

/* It may be tried again after a pause: how many turns that is nobody knows. */
static void
wait_for_clients(struct play *play, size_t count)
{
	while (play->clients.count != count)
		turn_loop(play->loop);
}

static bool
is_closed(const struct play *play, size_t i)
{
	char byte;

	return recv(play->peers[i], &byte, 1, MSG_DONTWAIT) == 0;
}

TEST(nobody_is_accepted_before_it_begins_or_after_it_stops)
{
	struct play play;

	begin(&play, 3);
	connect_one(&play);
	for (int i = 0; i < 10; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.clients.count, 0);
	CHECK_EQUAL_INT(acceptor_begin(&play.acceptor), 0);
	wait_for_clients(&play, 1);
	acceptor_stop(&play.acceptor);
	connect_one(&play);
	for (int i = 0; i < 10; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.clients.count, 1);
	end(&play);
}

TEST(it_is_told_when_there_are_clients_again)
{
	struct play play;

	begin(&play, 3);
	CHECK_EQUAL_INT(acceptor_begin(&play.acceptor), 0);
	for (int i = 1; i <= 3; i++) {
		connect_one(&play);
		wait_for_clients(&play, 1);
		CHECK_EQUAL_INT(play.woken, i);
		client_close(play.clients.first, CLIENT_DONE);
		CHECK_EQUAL_INT(play.clients.count, 0);
	}
	connect_one(&play);
	connect_one(&play);
	wait_for_clients(&play, 2);
	CHECK_EQUAL_INT(play.woken, 4);
	end(&play);
}

/* Whoever has not asked for longest: else nobody could ask any more. */
TEST(one_too_many_gets_the_place_of_who_asks_for_nothing)
{
	struct play play;

	begin(&play, 2);
	CHECK_EQUAL_INT(acceptor_begin(&play.acceptor), 0);
	connect_one(&play);
	wait_for_clients(&play, 1);
	connect_one(&play);
	wait_for_clients(&play, 2);
	connect_one(&play);
	while (!is_closed(&play, 0))
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.clients.count, 2);
	CHECK(!is_closed(&play, 1));
	CHECK(!is_closed(&play, 2));
	end(&play);
}

/* Where all have asked, who comes waits in the kernel's queue. */
TEST(one_too_many_waits_where_all_have_asked)
{
	struct play play;
	struct sse_slice said = PEERS_REQUEST;

	begin(&play, 1);
	CHECK_EQUAL_INT(acceptor_begin(&play.acceptor), 0);
	connect_one(&play);
	CHECK(write(play.peers[0], said.data, said.size) == (ssize_t)said.size);
	wait_for_clients(&play, 1);
	while (clients_are_idle(&play.clients))
		turn_loop(play.loop);
	connect_one(&play);
	for (int i = 0; i < 10; i++)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.clients.count, 1);
	CHECK(!is_closed(&play, 0));
	/* It is tried again after a pause. */
	client_close(play.clients.first, CLIENT_DONE);
	wait_for_clients(&play, 1);
	CHECK(!is_closed(&play, 1));
	end(&play);
}

static size_t
lines_told(void)
{
	FILE *file = fopen(test_path("told"), "r");
	char line[200];
	size_t count = 0;

	while (fgets(line, sizeof(line), file) != NULL)
		count += strstr(line, "accept: ") != NULL;
	fclose(file);
	return count;
}

/* However often it is tried. */
TEST(a_shortage_is_told_once_and_passes)
{
	struct rlimit before, none;
	struct play play;

	begin(&play, 3);
	CHECK_EQUAL_INT(acceptor_begin(&play.acceptor), 0);
	connect_one(&play);
	CHECK(getrlimit(RLIMIT_NOFILE, &before) == 0);
	none = before;
	/* The lowest that is free is the next one that accept() has. */
	none.rlim_cur = (rlim_t)play.peers[0] + 1;
	CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	while (play.acceptor.error == 0)
		turn_loop(play.loop);
	CHECK_EQUAL_INT(play.acceptor.error, -EMFILE);
	for (int i = 0; i < 3; i++) {
		loop_timer_set(play.acceptor.resume, 0);
		turn_loop(play.loop);
		turn_loop(play.loop);
	}
	CHECK_EQUAL_INT(play.clients.count, 0);
	CHECK(setrlimit(RLIMIT_NOFILE, &before) == 0);
	wait_for_clients(&play, 1);
	CHECK_EQUAL_INT(lines_told(), 1);
	while (play.acceptor.error != 0)
		turn_loop(play.loop);
	end(&play);
}
