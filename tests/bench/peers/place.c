/*
 * place.c - where a server is subscribed to and where it is published to.
 */
#include "config.h"

#include "place.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "../bench.h"

#define PLACE_SIZE 256
#define REQUEST_SIZE 512
#define PARAMS_SIZE 256
#define LINE_SIZE_MAX 262144
#define RETRY_US 500 /* until a server is there */
#define TRIES_MAX 10000

static void
number_place(char text[PLACE_SIZE], const char *place, unsigned stream)
{
	const char *at = strchr(place, '@');

	if (at == NULL)
		(void)snprintf(text, PLACE_SIZE, "%s", place);
	else
		(void)snprintf(text, PLACE_SIZE, "%.*s%u%s", (int)(at - place),
		    place, stream, at + 1);
}

/* All of it, or the other side has gone. */
static int
send_all(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return -1;
		bytes += sent;
		size -= (size_t)sent;
	}
	return 0;
}

static int
give_up(int fd)
{
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* PORT/PATH */
static int
connect_tcp(const char *place, const char **ret_path)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	char *end;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_port = htons((uint16_t)strtoul(place, &end, 10));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (const void *)&address, sizeof(address)) != 0)
		return give_up(fd);
	*ret_path = end;
	return fd;
}

static int
subscribe_http(const char *place)
{
	char request[REQUEST_SIZE];
	const char *path;
	int fd = connect_tcp(place, &path), size;

	if (fd < 0)
		return -1;
	size = snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: localhost\r\n"
	    "Accept: text/event-stream\r\n\r\n",
	    path);
	return send_all(fd, request, (size_t)size) == 0 ? fd : give_up(fd);
}

/* The records of a GET of that path: their size. */
static size_t
make_request(char bytes[REQUEST_SIZE], const char *path)
{
	static const char begin[] = "\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0";
	static const char ends[] = "\1\4\0\1\0\0\0\0\1\5\0\1\0\0\0\0";
	char params[PARAMS_SIZE];
	int size = snprintf(params, sizeof(params),
	    "\16\3REQUEST_METHODGET\11%cPATH_INFO%s", (int)strlen(path), path);
	const char head[] = {1, 4, 0, 1, 0, (char)size, 0, 0};
	char *end = bytes;

	end = mempcpy(end, begin, sizeof(begin) - 1);
	end = mempcpy(end, head, sizeof(head));
	end = mempcpy(end, params, (size_t)size);
	end = mempcpy(end, ends, sizeof(ends) - 1);
	return (size_t)(end - bytes);
}

/* SOCKET/PATH, the path of one component. */
static int
subscribe_fcgi(const char *place)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const char *path = strrchr(place, '/');
	char request[REQUEST_SIZE];
	size_t size;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (path == NULL || strlen(path) > 100)
		bench_fail(place);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%.*s",
	    (int)(path - place), place);
	size = make_request(request, path);
	if (fd < 0 ||
	    connect(fd, (const void *)&address, sizeof(address)) != 0 ||
	    send_all(fd, request, size) != 0)
		return give_up(fd);
	return fd;
}

int
place_subscribe(const char *place, unsigned stream)
{
	char text[PLACE_SIZE];

	number_place(text, place, stream);
	if (strncmp(text, "fcgi:", 5) == 0)
		return subscribe_fcgi(text + 5);
	if (strncmp(text, "http:", 5) != 0)
		bench_fail(place);
	return subscribe_http(text + 5);
}

void
place_open(
    struct place_publisher *publisher, const char *place, unsigned streams)
{
	const char *path;

	publisher->place = place;
	publisher->logs = calloc(streams, sizeof(*publisher->logs));
	if (publisher->logs == NULL)
		bench_fail("memory");
	if (strncmp(place, "post:", 5) == 0) {
		for (int i = 0; i < TRIES_MAX; i++) {
			publisher->logs[0] = connect_tcp(place + 5, &path);
			if (publisher->logs[0] >= 0)
				return;
			(void)usleep(RETRY_US);
		}
		bench_fail(place);
	}
	for (unsigned i = 0; i < streams; i++) {
		char text[PLACE_SIZE];

		number_place(text, place, i);
		publisher->logs[i] =
		    open(text, O_WRONLY | O_APPEND | O_CLOEXEC);
		if (publisher->logs[i] < 0)
			bench_fail(text);
	}
}

static void
post(const struct place_publisher *publisher, unsigned stream, const char *line,
    size_t size)
{
	static char request[REQUEST_SIZE + LINE_SIZE_MAX];
	char text[PLACE_SIZE];
	int head_size;

	number_place(text, publisher->place, stream);
	head_size = snprintf(request, REQUEST_SIZE,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    strchr(text, '/'), size);
	if (size > LINE_SIZE_MAX)
		bench_fail("a long line");
	/* At once: the rest would wait until the head is acknowledged. */
	memcpy(request + head_size, line, size);
	if (send_all(publisher->logs[0], request, (size_t)head_size + size) !=
	    0)
		bench_fail("post");
}

void
place_publish(const struct place_publisher *publisher, unsigned stream,
    const char *line, size_t size)
{
	/* What is posted has no LF. */
	if (strncmp(publisher->place, "post:", 5) == 0)
		post(publisher, stream, line, size - 1);
	else if (write(publisher->logs[stream], line, size) != (ssize_t)size)
		bench_fail("write");
}

int
place_answers(const struct place_publisher *publisher)
{
	if (strncmp(publisher->place, "post:", 5) == 0)
		return publisher->logs[0];
	return -1;
}
