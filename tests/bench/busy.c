/*
 * busy.c - a loop with one subscriber that has more to do all the time: what of
 * the latency of such a process is the wait for a core.
 *
 *	busy SOCKET LOG MICROSECONDS
 *
 * The first that connects to the SOCKET is the subscriber, and gets what is
 * written to the LOG.  In each turn of the loop it computes for so long.
 */
#define _GNU_SOURCE

#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench.h"

#define READ_SIZE 65536

static char bytes[READ_SIZE];

/* It has asked, and is answered. */
static int
await_subscriber(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), fd;

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (listener < 0 ||
	    bind(listener, (const void *)&address, sizeof(address)) != 0 ||
	    listen(listener, 1) != 0)
		bench_fail(path);
	fd = accept(listener, NULL, NULL);
	if (fd < 0 || read(fd, bytes, sizeof(bytes)) <= 0 ||
	    write(fd, "\n", 1) != 1)
		bench_fail(path);
	return fd;
}

static void
compute(double seconds)
{
	double end = bench_seconds(CLOCK_MONOTONIC) + seconds;

	while (bench_seconds(CLOCK_MONOTONIC) < end)
		continue;
}

/* Whether the subscriber is still there. */
static bool
pass_on(int log, int notices, int subscriber)
{
	ssize_t got;

	(void)!read(notices, bytes, sizeof(bytes));
	got = read(log, bytes, sizeof(bytes));
	return got <= 0 ||
	       send(subscriber, bytes, (size_t)got, MSG_NOSIGNAL) == got;
}

int
main(int argc, char **argv)
{
	int log, subscriber, notices = inotify_init1(IN_NONBLOCK);
	struct pollfd source = {.fd = notices, .events = POLLIN};
	double seconds;

	if (argc != 4)
		bench_fail("usage");
	seconds = (double)bench_number(argv[3]) / 1e6;
	log = open(argv[2], O_RDONLY);
	if (log < 0 || inotify_add_watch(notices, argv[2], IN_MODIFY) < 0)
		bench_fail(argv[2]);
	subscriber = await_subscriber(argv[1]);
	while (poll(&source, 1, 0) <= 0 || pass_on(log, notices, subscriber))
		compute(seconds);
	return 0;
}
