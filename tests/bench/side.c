/*
 * side.c - the subscribers of one server, and who publishes to it.
 *
 * Each line that is published has the byte MARK once, at its end: so whoever
 * reads counts deliveries without understanding what is around them.
 */
#include "config.h"

#include "side.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define MARK '~'
#define LINE_SIZE 100 /* bytes, LF and all */
#define REQUEST_SIZE 512
#define READ_SIZE 65536
#define READY_MAX 512
#define SECONDS_MAX 300 /* then something is wrong */
#define SAMPLES_MAX 4000000
#define FDS_MAX (1 << 20)

struct party {
	int epoll;
	size_t count;
	int *fds;
	int publisher;
	const char *post; /* NULL: lines, or */
	bool adds;        /* entries of a Redis Stream */
	clockid_t clocks[SIDE_PIDS_MAX];
	size_t clocks_count;
	pid_t pids[SIDE_PIDS_MAX];
	unsigned event;

	/* Of the order in hand. */
	size_t deliveries;
	size_t bytes;
	size_t published;
	double *published_s; /* when, of each event */
	size_t *had;         /* events, by each descriptor */
	double *samples;
};

/* --------------------------------------------------------- connections -- */

static int
connect_unix(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (const void *)&address, sizeof(address)) != 0)
		bench_fail(path);
	return fd;
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
		bench_fail(place);
	*ret_path = end;
	return fd;
}

static void
send_all(int fd, const char *bytes, size_t size)
{
	if (send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size)
		bench_fail("send");
}

/* A GET of the stream "log". */
static void
ask_fcgi(int fd)
{
	static const char begin[] = "\1\1\0\1\0\10\0\0\0\1\0\0\0\0\0\0";
	static const char pairs[] = "\16\3REQUEST_METHODGET\11\4PATH_INFO/log";
	char bytes[128] = {1, 4, 0, 1, 0, sizeof(pairs) - 1};
	static const char ends[] = "\1\4\0\1\0\0\0\0\1\5\0\1\0\0\0\0";

	send_all(fd, begin, sizeof(begin) - 1);
	memcpy(bytes + 8, pairs, sizeof(pairs) - 1);
	send_all(fd, bytes, 8 + sizeof(pairs) - 1);
	send_all(fd, ends, sizeof(ends) - 1);
}

static void
ask_http(int fd, const char *path)
{
	char request[512];
	int size = snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	    "Accept: text/event-stream\r\n\r\n",
	    path);

	send_all(fd, request, (size_t)size);
}

static int
subscribe(const char *place)
{
	const char *path;
	int fd;

	if (strncmp(place, "fcgi:", 5) == 0) {
		fd = connect_unix(place + 5);
		ask_fcgi(fd);
		return fd;
	}
	if (strncmp(place, "http:", 5) != 0)
		bench_fail(place);
	fd = connect_tcp(place + 5, &path);
	ask_http(fd, path);
	return fd;
}

/* ----------------------------------------------------------- deliveries -- */

static size_t
marks(const char *bytes, size_t size)
{
	const char *end = bytes + size;
	size_t count = 0;

	while ((bytes = memchr(bytes, MARK, (size_t)(end - bytes))) != NULL) {
		bytes++;
		count++;
	}
	return count;
}

static void
take(struct party *party, int fd)
{
	static char bytes[READ_SIZE];
	ssize_t got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	size_t count;
	double now_s;

	if (got <= 0)
		bench_fail("a subscriber was turned away");
	count = marks(bytes, (size_t)got);
	party->bytes += (size_t)got;
	now_s = bench_seconds(CLOCK_MONOTONIC);
	for (; count > 0; count--)
		party->samples[party->deliveries++] =
		    now_s - party->published_s[party->had[fd]++];
}

/* What has come within so many milliseconds; -1: something. */
static void
take_some(struct party *party, int wait_ms)
{
	struct epoll_event ready[READY_MAX];
	int count = epoll_wait(party->epoll, ready, READY_MAX, wait_ms);

	for (int i = 0; i < count; i++)
		take(party, ready[i].data.fd);
}

/* Until there have been so many deliveries. */
static void
take_all(struct party *party, size_t deliveries)
{
	while (party->deliveries < deliveries)
		take_some(party, -1);
}

/* Whatever comes until then. */
static void
take_until(struct party *party, double when_s)
{
	double left_s;

	while ((left_s = when_s - bench_seconds(CLOCK_MONOTONIC)) > 0)
		take_some(party, (int)(left_s * 1e3) + 1);
}

/* Whether one that has never got anything gets something. */
static void
await_greetings(struct party *party)
{
	struct epoll_event ready[READY_MAX];
	bool *greeted = calloc(FDS_MAX, 1);
	size_t left = party->count;

	if (greeted == NULL)
		bench_fail("memory");
	while (left > 0) {
		int count = epoll_wait(party->epoll, ready, READY_MAX, -1);

		for (int i = 0; i < count; i++) {
			take(party, ready[i].data.fd);
			left -= !greeted[ready[i].data.fd];
			greeted[ready[i].data.fd] = true;
		}
	}
	free(greeted);
}

static void
connect_all(struct party *party, const char *place, size_t stalled)
{
	party->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < party->count + stalled; i++) {
		int fd = subscribe(place);
		struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

		if (i < party->count &&
		    epoll_ctl(party->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
			bench_fail("epoll_ctl");
	}
	await_greetings(party);
}

/* ----------------------------------------------------------- publishing -- */

static void
open_publisher(struct party *party, const char *place)
{
	if (strncmp(place, "post:", 5) == 0)
		party->publisher = connect_tcp(place + 5, &party->post);
	else if (strncmp(place, "redis:", 6) == 0) {
		party->publisher = connect_unix(place + 6);
		party->adds = true;
	} else
		party->publisher = open(place, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (party->publisher < 0)
		bench_fail(place);
}

static void
make_line(struct party *party, char line[LINE_SIZE])
{
	int size = snprintf(line, LINE_SIZE, "%08u ", party->event++);

	memset(line + size, 'x', LINE_SIZE - (size_t)size);
	line[LINE_SIZE - 2] = MARK;
	line[LINE_SIZE - 1] = '\n';
}

/* What the publisher's server is told: its size. */
static int
make_request(const struct party *party, const char line[LINE_SIZE],
    char request[REQUEST_SIZE])
{
	if (party->adds)
		return snprintf(request, REQUEST_SIZE,
		    "*5\r\n$4\r\nXADD\r\n$3\r\nlog\r\n$1\r\n*\r\n$4\r\ndata\r\n"
		    "$%d\r\n%.*s\r\n",
		    LINE_SIZE - 1, LINE_SIZE - 1, line);
	return snprintf(request, REQUEST_SIZE,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
	    "%.*s",
	    party->post, LINE_SIZE - 1, LINE_SIZE - 1, line);
}

static void
publish(struct party *party)
{
	char line[LINE_SIZE], request[REQUEST_SIZE];

	make_line(party, line);
	party->published_s[party->published++] = bench_seconds(CLOCK_MONOTONIC);
	if (party->post == NULL && !party->adds) {
		if (write(party->publisher, line, LINE_SIZE) != LINE_SIZE)
			bench_fail("write");
		return;
	}
	send_all(party->publisher, request,
	    (size_t)make_request(party, line, request));
}

/* What the server says to it is not what is measured. */
static void
take_response(struct party *party)
{
	char response[4096];

	if ((party->post != NULL || party->adds) &&
	    recv(party->publisher, response, sizeof(response), 0) <= 0)
		bench_fail("no response to who publishes");
}

/* -------------------------------------------------------------- an order -- */

static void
find_clocks(struct party *party, const char *pids)
{
	char *end = (char *)(uintptr_t)pids;

	for (; *end != '\0' && party->clocks_count < SIDE_PIDS_MAX;
	     end += *end == ',') {
		pid_t pid = (pid_t)strtol(end, &end, 10);

		party->pids[party->clocks_count] = pid;
		if (clock_getcpuclockid(
			pid, &party->clocks[party->clocks_count++]) != 0)
			bench_fail(pids);
	}
}

static void
sleep_until(double when_s)
{
	double left_s = when_s - bench_seconds(CLOCK_MONOTONIC);
	struct timespec time;

	if (left_s <= 0)
		return;
	time.tv_sec = (time_t)left_s;
	time.tv_nsec = (long)((left_s - (double)time.tv_sec) * 1e9);
	(void)nanosleep(&time, NULL);
}

/* How long they were ready and had no core, ever. */
static double
waited(const struct party *party)
{
	double sum_s = 0;

	for (size_t i = 0; i < party->clocks_count; i++) {
		char path[64];
		unsigned long long wait_ns;
		FILE *file;

		(void)snprintf(path, sizeof(path), "/proc/%d/schedstat",
		    (int)party->pids[i]);
		file = fopen(path, "re");
		if (file == NULL || fscanf(file, "%*u %llu", &wait_ns) != 1)
			bench_fail(path);
		(void)fclose(file);
		sum_s += (double)wait_ns / 1e9;
	}
	return sum_s;
}

/* One line to everybody: whether it counts. */
static bool
deliver(struct party *party, const struct side_order *order)
{
	double before_s = order->wait_s_max > 0 ? waited(party) : 0;
	size_t deliveries = party->deliveries;

	publish(party);
	take_all(party, deliveries + party->count);
	take_response(party);
	if (order->wait_s_max <= 0 ||
	    waited(party) - before_s <= order->wait_s_max)
		return true;
	party->deliveries = deliveries;
	return false;
}

/* One when the last one has come to everybody. */
static void
deliver_in_turn(
    struct party *party, const struct side_order *order, size_t *ret_disturbed)
{
	for (size_t i = 0; i < order->events; i++) {
		*ret_disturbed += !deliver(party, order);
		sleep_until(party->published_s[i] + order->interval_s);
	}
}

/* One at its time, whatever has come of those before. */
static void
deliver_in_time(struct party *party, const struct side_order *order)
{
	double begin_s = bench_seconds(CLOCK_MONOTONIC);

	for (size_t i = 0; i < order->events; i++) {
		take_until(party, begin_s + (double)i * order->interval_s);
		publish(party);
		take_response(party);
	}
	take_all(party, order->events * party->count);
}

static struct side_result
obey(struct party *party, struct side_order order)
{
	struct side_result result = {.pids = party->clocks_count};
	double count = (double)(order.events * party->count);

	if (order.events * party->count > SAMPLES_MAX)
		bench_fail("too many deliveries");
	party->deliveries = party->bytes = party->published = 0;
	memset(party->had, 0, FDS_MAX * sizeof(*party->had));
	for (size_t i = 0; i < party->clocks_count; i++)
		result.cpu_s[i] = -bench_seconds(party->clocks[i]);
	if (order.in_time)
		deliver_in_time(party, &order);
	else
		deliver_in_turn(party, &order, &result.disturbed);
	for (size_t i = 0; i < party->clocks_count; i++)
		result.cpu_s[i] =
		    (result.cpu_s[i] + bench_seconds(party->clocks[i])) / count;
	result.bytes = (double)party->bytes / count;
	if (party->deliveries == 0)
		bench_fail("others use the machine all the time");
	result.p50_s = bench_median(party->samples, party->deliveries);
	result.p99_s = party->samples[party->deliveries * 99 / 100];
	return result;
}

static _Noreturn void
be_party(struct side side, const struct side_words *words, size_t subscribers,
    size_t stalled)
{
	struct rlimit files;
	struct party party = {.count = subscribers};
	struct side_result result = {.pids = 0};
	struct side_order order;

	alarm(SECONDS_MAX);
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		bench_fail("getrlimit");
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	party.samples = malloc(SAMPLES_MAX * sizeof(double));
	party.published_s = malloc(SAMPLES_MAX * sizeof(double));
	party.had = calloc(FDS_MAX, sizeof(*party.had));
	if (party.samples == NULL || party.published_s == NULL ||
	    party.had == NULL)
		bench_fail("memory");
	find_clocks(&party, words->pids);
	connect_all(&party, words->connect, stalled);
	open_publisher(&party, words->publish);
	(void)!write(side.results, &result, sizeof(result));
	while (read(side.orders, &order, sizeof(order)) == sizeof(order) &&
	       order.events > 0) {
		alarm(SECONDS_MAX);
		result = obey(&party, order);
		(void)!write(side.results, &result, sizeof(result));
	}
	_exit(0);
}

/* -------------------------------------------------------- from outside -- */

static struct side_result
read_result(struct side side)
{
	struct side_result result;

	if (read(side.results, &result, sizeof(result)) != sizeof(result))
		bench_fail("a side has failed");
	return result;
}

struct side
side_start(const struct side_words *words, size_t subscribers, size_t stalled)
{
	int orders[2], results[2];
	struct side side;

	if (pipe2(orders, O_CLOEXEC) != 0 || pipe2(results, O_CLOEXEC) != 0)
		bench_fail("pipe");
	side.pid = fork();
	if (side.pid < 0)
		bench_fail("fork");
	if (side.pid == 0) {
		(void)close(orders[1]);
		(void)close(results[0]);
		side.orders = orders[0];
		side.results = results[1];
		be_party(side, words, subscribers, stalled);
	}
	(void)close(orders[0]);
	(void)close(results[1]);
	side.orders = orders[1];
	side.results = results[0];
	(void)read_result(side);
	return side;
}

struct side_result
side_run(struct side side, struct side_order order)
{
	if (write(side.orders, &order, sizeof(order)) != sizeof(order))
		bench_fail("a side has gone");
	return read_result(side);
}

void
side_stop(struct side side)
{
	const struct side_order quit = {.events = 0};

	(void)!write(side.orders, &quit, sizeof(quit));
	(void)close(side.orders);
	(void)close(side.results);
	(void)waitpid(side.pid, NULL, 0);
}
