/*
 * bare.c - the least that a fan-out can do: a send() for each subscriber.
 *
 *	bare SOCKET FIFO SIZE
 *
 * Whoever connects to the SOCKET is a subscriber.  For each line that comes
 * from the FIFO each gets SIZE bytes.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "bench.h"

#define SUBSCRIBERS_MAX 100000
#define RECORD_SIZE_MAX 65536

static int subscribers[SUBSCRIBERS_MAX];
static size_t count;

static int
listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (const void *)&address, sizeof(address)) != 0 ||
	    listen(fd, 4096) != 0)
		bench_fail(path);
	return fd;
}

static void
take_subscriber(int listener)
{
	char request[1024];
	int fd = accept(listener, NULL, NULL);

	if (fd < 0 || count == SUBSCRIBERS_MAX ||
	    recv(fd, request, sizeof(request), 0) <= 0 ||
	    send(fd, "hello", 5, 0) != 5)
		bench_fail("accept");
	subscribers[count++] = fd;
}

static void
take_lines(int fifo, const char *record, size_t size)
{
	char lines[65536];
	ssize_t got = read(fifo, lines, sizeof(lines));

	for (ssize_t i = 0; i < got; i++)
		for (size_t j = 0; lines[i] == '\n' && j < count; j++)
			(void)send(subscribers[j], record, size,
			    MSG_NOSIGNAL | MSG_DONTWAIT);
}

int
main(int argc, char **argv)
{
	static char record[RECORD_SIZE_MAX];
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	struct rlimit files;
	size_t size;

	if (argc != 4 || (size = bench_number(argv[3])) > sizeof(record))
		bench_fail("usage");
	memset(record, 'x', size);
	record[size - 1] = '~';
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		bench_fail("getrlimit");
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	fds[1].fd = open(argv[2], O_RDWR | O_NONBLOCK);
	fds[0].fd = listen_at(argv[1]);
	if (fds[1].fd < 0)
		bench_fail(argv[2]);
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents != 0)
			take_subscriber(fds[0].fd);
		if (fds[1].revents != 0)
			take_lines(fds[1].fd, record, size);
	}
	return 0;
}
