#include "config.h"

#include "peers.h"

#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"

static void
stop(void *context)
{
	loop_stop(context);
}

void
run_loop(struct loop *loop, int64_t ms)
{
	struct loop_timer *timer = loop_timer_new(loop, stop, loop);

	loop_timer_set(timer, ms);
	CHECK_EQUAL_INT(loop_run(loop), 0);
	loop_timer_free(timer);
}

void
turn_loop(struct loop *loop)
{
	run_loop(loop, 0);
}

static void
take_request(void *context, struct client *client)
{
	(void)context;
	client_forget_request(client);
}

static void
take_closed(void *context, enum client_why why)
{
	(void)context;
	(void)why;
}

void
peers_init(struct clients *clients, struct loop *loop,
    const struct sse_clock *clock, uint32_t clients_max)
{
	CHECK_EQUAL_INT(clients_init(clients, loop, clock), 0);
	clients->clients_max = clients_max;
	clients->request = take_request;
	clients->closed = take_closed;
}

int
peers_connect(struct clients *clients, struct sse_slice said)
{
	int fds[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		  fds) == 0);
	CHECK(write(fds[1], said.data, said.size) == (ssize_t)said.size);
	CHECK_EQUAL_INT(connection_new(clients, fds[0]), 0);
	return fds[1];
}

uint64_t
peers_random(void)
{
	return 7;
}
