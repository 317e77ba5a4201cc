/*
 * fcgi-crowd.c - many subscribers of one stream, by raw FastCGI connections.
 *
 *	fcgi-crowd [OPTION]... SOCKET STREAM LAST
 *
 * Each subscriber asks for the stream and reads "line N ..." with N one more
 * each time, until it has read N = LAST.  Lost and repeated lines are counted;
 * after an event "gap" a higher number is none.
 *
 *	--subscribers=N	how many (1)
 *	--stalled=N	so many of them never read
 *	--pieces	reads of 1 to 3000 bytes, with a small receive buffer
 *	--cut[=N]	hangs up after one in N events (50), and comes back with
 *			its last id
 *	--pause=N	after one in N events does not read for up to 15 s
 *	--seconds=N	gives up after so long (60)
 *
 * "ready" on a line of its own: all have got the head and the first event.  At
 * the end a summary; the exit status is 0 if every subscriber that reads got
 * every line once, 1 if not, 100 for wrong use.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "ssekit.h"

#define HEADER_SIZE 8
#define READ_SIZE 65536
#define PIECE_SIZE 3000
#define STDOUT_TYPE 6
#define CUT_ONE_IN 50 /* events */
#define PAUSE_MS 15000
#define RETRY_MS 20

struct subscriber {
	int fd; /* -1: not connected */
	bool stalled;
	bool greeted;            /* something of the body came, once */
	bool in_body;            /* the head is over */
	bool after_gap;          /* lines were said to be missing */
	bool cut;                /* hangs up after this event */
	int64_t paused_until_ms; /* 0: it reads */
	char head_end[4];        /* the last bytes of the head */
	unsigned char header[HEADER_SIZE];
	size_t header_size;
	size_t content_left;
	size_t padding_left;
	struct sse_decoder *decoder;
	int64_t next; /* the line that is waited for; -1: any */
};

struct crowd {
	const char *socket;
	const char *stream;
	int64_t last;
	size_t count;
	size_t stalled;
	bool pieces;
	unsigned cut_one_in;   /* 0: never */
	unsigned pause_one_in; /* likewise */
	int seconds;

	struct subscriber *all;
	int epoll;
	unsigned random;
	bool told_ready;
	size_t greeted;
	size_t complete;
	uint64_t events;
	uint64_t records;
	uint64_t lost;
	uint64_t repeated;
	uint64_t gaps;
	uint64_t ends; /* of connections, by the worker */
	uint64_t cuts_made;
	uint64_t pauses_made;
};

static unsigned
random_below(struct crowd *crowd, unsigned limit)
{
	crowd->random = crowd->random * 1103515245U + 12345U;
	return (crowd->random >> 8) % limit;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------------------ requests -- */

static size_t
put_record(char *out, int type, const char *content, size_t size)
{
	const char header[HEADER_SIZE] = {
	    1, (char)type, 0, 1, (char)(size >> 8), (char)(size & 0xff), 0, 0};

	memcpy(out, header, HEADER_SIZE);
	if (size > 0)
		memcpy(out + HEADER_SIZE, content, size);
	return HEADER_SIZE + size;
}

/* Names and values are shorter than 128 bytes. */
static size_t
put_pair(char *out, const char *name, struct sse_slice value)
{
	size_t size = strlen(name);

	out[0] = (char)size;
	out[1] = (char)value.size;
	memcpy(out + 2, name, size);
	if (value.size > 0)
		memcpy(out + 2 + size, value.data, value.size);
	return 2 + size + value.size;
}

static size_t
make_request(const struct crowd *crowd, struct sse_slice id, char *out)
{
	static const char begin[] = {0, 1, 0, 0, 0, 0, 0, 0};
	char pairs[1024], path[128];
	size_t size = 0, total;

	(void)snprintf(path, sizeof(path), "/%.100s", crowd->stream);
	size += put_pair(pairs, "REQUEST_METHOD", sse_slice("GET"));
	size +=
	    put_pair(pairs + size, "GATEWAY_INTERFACE", sse_slice("CGI/1.1"));
	size += put_pair(pairs + size, "PATH_INFO", sse_slice(path));
	if (id.size > 0 && id.size < 128)
		size += put_pair(pairs + size, "HTTP_LAST_EVENT_ID", id);
	total = put_record(out, 1, begin, sizeof(begin));
	total += put_record(out + total, 4, pairs, size);
	total += put_record(out + total, 4, NULL, 0);
	return total + put_record(out + total, 5, NULL, 0);
}

/* ---------------------------------------------------------- connections -- */

static bool
connect_to(struct crowd *crowd, struct subscriber *subscriber)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = subscriber};
	const int small = 4096;
	char request[2048];
	size_t size = make_request(
	    crowd, sse_decoder_last_event_id(subscriber->decoder), request);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(
	    address.sun_path, sizeof(address.sun_path), "%s", crowd->socket);
	if (fd < 0)
		return false;
	if (crowd->pieces)
		(void)setsockopt(
		    fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	if (connect(fd, (const void *)&address, sizeof(address)) != 0 ||
	    send(fd, request, size, MSG_NOSIGNAL) != (ssize_t)size ||
	    fcntl(fd, F_SETFL, O_NONBLOCK) != 0 ||
	    (!subscriber->stalled &&
		epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, fd, &event) != 0)) {
		(void)close(fd);
		return false;
	}
	subscriber->fd = fd;
	subscriber->in_body = subscriber->cut = false;
	memset(subscriber->head_end, 0, sizeof(subscriber->head_end));
	subscriber->header_size = subscriber->content_left = 0;
	subscriber->padding_left = 0;
	return true;
}

/* What is unfinished is dropped; the id is kept. */
static void
hang_up(struct subscriber *subscriber)
{
	struct sse_slice id = sse_decoder_last_event_id(subscriber->decoder);
	char *copy = strndup(id.data, id.size);

	(void)close(subscriber->fd);
	subscriber->fd = -1;
	subscriber->paused_until_ms = 0;
	if (copy == NULL ||
	    sse_decoder_restart(subscriber->decoder, sse_slice(copy)) != 0)
		abort();
	free(copy);
}

/* --------------------------------------------------------------- reading -- */

/* The number in "line N ...", or -1. */
static int64_t
line_of(struct sse_slice data)
{
	char text[32] = "";
	size_t size =
	    data.size < sizeof(text) - 1 ? data.size : sizeof(text) - 1;

	memcpy(text, data.data, size);
	if (strncmp(text, "line ", 5) != 0)
		return -1;
	return strtoll(text + 5, NULL, 10);
}

static void
take_line(struct crowd *crowd, struct subscriber *subscriber, int64_t line)
{
	if (subscriber->next >= 0 && line < subscriber->next) {
		crowd->repeated++;
		return;
	}
	if (subscriber->next >= 0 && !subscriber->after_gap)
		crowd->lost += (uint64_t)(line - subscriber->next);
	subscriber->after_gap = false;
	subscriber->next = line + 1;
	crowd->complete += line == crowd->last;
}

static void
take_event(struct crowd *crowd, struct subscriber *subscriber,
    const struct sse_event *event)
{
	int64_t line = line_of(event->data);

	crowd->events++;
	if (sse_slice_equal(event->type, sse_slice("gap"))) {
		crowd->gaps++;
		subscriber->after_gap = true;
	} else if (line >= 0)
		take_line(crowd, subscriber, line);
	if (crowd->cut_one_in > 0 &&
	    random_below(crowd, crowd->cut_one_in) == 0)
		subscriber->cut = true;
	if (crowd->pause_one_in > 0 &&
	    random_below(crowd, crowd->pause_one_in) == 0)
		subscriber->paused_until_ms =
		    now_ms() + 1 + random_below(crowd, PAUSE_MS);
}

static void
take_body(struct crowd *crowd, struct subscriber *subscriber, const char *bytes,
    size_t size)
{
	struct sse_event event;

	if (size == 0)
		return;
	if (!subscriber->greeted) {
		subscriber->greeted = true;
		crowd->greeted++;
	}
	sse_decoder_feed(subscriber->decoder, bytes, size);
	while (sse_decoder_next(subscriber->decoder, &event) == 1)
		take_event(crowd, subscriber, &event);
}

/* STDOUT: the head, up to an empty line, and then the body. */
static void
take_content(struct crowd *crowd, struct subscriber *subscriber,
    const char *bytes, size_t size)
{
	char *end = subscriber->head_end;

	while (size > 0 && !subscriber->in_body) {
		memmove(end, end + 1, 3);
		end[3] = *bytes++;
		size--;
		subscriber->in_body = memcmp(end, "\r\n\r\n", 4) == 0;
	}
	take_body(crowd, subscriber, bytes, size);
}

static size_t
take_header(struct crowd *crowd, struct subscriber *subscriber,
    const char *bytes, size_t size)
{
	unsigned char *header = subscriber->header;
	size_t left = HEADER_SIZE - subscriber->header_size;

	if (left > size)
		left = size;
	memcpy(header + subscriber->header_size, bytes, left);
	subscriber->header_size += left;
	if (subscriber->header_size == HEADER_SIZE) {
		subscriber->content_left =
		    (size_t)header[4] << 8 | (size_t)header[5];
		subscriber->padding_left = header[6];
		crowd->records++;
	}
	return left;
}

/* Records, in whatever pieces. */
static void
take_bytes(struct crowd *crowd, struct subscriber *subscriber,
    const char *bytes, size_t size)
{
	while (size > 0) {
		size_t took;

		if (subscriber->header_size < HEADER_SIZE)
			took = take_header(crowd, subscriber, bytes, size);
		else if (subscriber->content_left > 0) {
			took = subscriber->content_left < size
				   ? subscriber->content_left
				   : size;
			if (subscriber->header[1] == STDOUT_TYPE)
				take_content(crowd, subscriber, bytes, took);
			subscriber->content_left -= took;
		} else {
			took = subscriber->padding_left < size
				   ? subscriber->padding_left
				   : size;
			subscriber->padding_left -= took;
		}
		if (subscriber->header_size == HEADER_SIZE &&
		    subscriber->content_left == 0 &&
		    subscriber->padding_left == 0)
			subscriber->header_size = 0;
		bytes += took;
		size -= took;
	}
}

static void
look_at(struct crowd *crowd, struct subscriber *subscriber)
{
	static char bytes[READ_SIZE];
	size_t size =
	    crowd->pieces ? 1 + random_below(crowd, PIECE_SIZE) : sizeof(bytes);
	ssize_t got = recv(subscriber->fd, bytes, size, 0);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		crowd->ends++;
		hang_up(subscriber);
		return;
	}
	take_bytes(crowd, subscriber, bytes, (size_t)got);
	if (subscriber->cut) {
		crowd->cuts_made++;
		hang_up(subscriber);
	} else if (subscriber->paused_until_ms > 0) {
		crowd->pauses_made++;
		(void)epoll_ctl(
		    crowd->epoll, EPOLL_CTL_DEL, subscriber->fd, NULL);
	}
}

/* Those whose pause is over. */
static void
read_again(struct crowd *crowd)
{
	int64_t now = now_ms();

	for (size_t i = 0; i < crowd->count; i++) {
		struct subscriber *subscriber = &crowd->all[i];
		struct epoll_event event = {
		    .events = EPOLLIN, .data.ptr = subscriber};

		if (subscriber->paused_until_ms == 0 ||
		    subscriber->paused_until_ms > now)
			continue;
		subscriber->paused_until_ms = 0;
		(void)epoll_ctl(
		    crowd->epoll, EPOLL_CTL_ADD, subscriber->fd, &event);
	}
}

/* ------------------------------------------------------------- the crowd -- */

static void
connect_all(struct crowd *crowd)
{
	for (size_t i = 0; i < crowd->count; i++)
		if (crowd->all[i].fd < 0 &&
		    !(crowd->all[i].stalled && crowd->told_ready))
			(void)connect_to(crowd, &crowd->all[i]);
}

static bool
is_over(const struct crowd *crowd)
{
	return crowd->complete >= crowd->count - crowd->stalled;
}

static void
tell_ready(struct crowd *crowd)
{
	if (crowd->told_ready || crowd->greeted < crowd->count - crowd->stalled)
		return;
	crowd->told_ready = true;
	(void)puts("ready");
	(void)fflush(stdout);
}

static void
run(struct crowd *crowd)
{
	struct epoll_event events[256];
	int64_t end_ms = now_ms() + (int64_t)crowd->seconds * 1000;
	int64_t connected_ms = 0;

	while (!is_over(crowd) && now_ms() < end_ms) {
		int count;

		if (now_ms() - connected_ms >= RETRY_MS) {
			connect_all(crowd);
			read_again(crowd);
			connected_ms = now_ms();
		}
		count = epoll_wait(crowd->epoll, events, 256, RETRY_MS);
		for (int i = 0; i < count; i++)
			look_at(crowd, events[i].data.ptr);
		tell_ready(crowd);
	}
}

static int
sum_up(const struct crowd *crowd)
{
	bool well = is_over(crowd) && crowd->lost == 0 && crowd->repeated == 0;

	printf("subscribers %zu complete %zu events %llu records %llu lost %llu"
	       " repeated %llu gaps %llu ended %llu cut %llu paused %llu\n",
	    crowd->count - crowd->stalled, crowd->complete,
	    (unsigned long long)crowd->events,
	    (unsigned long long)crowd->records, (unsigned long long)crowd->lost,
	    (unsigned long long)crowd->repeated,
	    (unsigned long long)crowd->gaps, (unsigned long long)crowd->ends,
	    (unsigned long long)crowd->cuts_made,
	    (unsigned long long)crowd->pauses_made);
	return well ? 0 : 1;
}

static bool
prepare(struct crowd *crowd)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
	crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
	crowd->all = calloc(crowd->count, sizeof(*crowd->all));
	if (crowd->epoll < 0 || crowd->all == NULL)
		return false;
	for (size_t i = 0; i < crowd->count; i++) {
		crowd->all[i].fd = -1;
		crowd->all[i].next = -1;
		crowd->all[i].stalled = i < crowd->stalled;
		crowd->all[i].decoder = sse_decoder_new(0);
		if (crowd->all[i].decoder == NULL)
			return false;
	}
	return true;
}

static void
clean_up(struct crowd *crowd)
{
	for (size_t i = 0; crowd->all != NULL && i < crowd->count; i++) {
		if (crowd->all[i].fd >= 0)
			(void)close(crowd->all[i].fd);
		sse_decoder_free(crowd->all[i].decoder);
	}
	free(crowd->all);
	(void)close(crowd->epoll);
}

static bool
read_options(struct crowd *crowd, int argc, char **argv)
{
	static const struct option options[] = {
	    {"subscribers", required_argument, NULL, 'n'},
	    {"stalled", required_argument, NULL, 's'},
	    {"pieces", no_argument, NULL, 'p'},
	    {"cut", optional_argument, NULL, 'c'},
	    {"pause", required_argument, NULL, 'u'},
	    {"seconds", required_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
	int got;

	while ((got = getopt_long(argc, argv, "", options, NULL)) >= 0)
		switch (got) {
		case 'n':
			crowd->count = strtoul(optarg, NULL, 10);
			break;
		case 's':
			crowd->stalled = strtoul(optarg, NULL, 10);
			break;
		case 'p':
			crowd->pieces = true;
			break;
		case 'c':
			crowd->cut_one_in =
			    optarg != NULL ? (unsigned)strtoul(optarg, NULL, 10)
					   : CUT_ONE_IN;
			break;
		case 'u':
			crowd->pause_one_in =
			    (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 't':
			crowd->seconds = (int)strtol(optarg, NULL, 10);
			break;
		default:
			return false;
		}
	if (argc - optind != 3 || crowd->count <= crowd->stalled)
		return false;
	crowd->socket = argv[optind];
	crowd->stream = argv[optind + 1];
	crowd->last = strtoll(argv[optind + 2], NULL, 10);
	return true;
}

int
main(int argc, char **argv)
{
	struct crowd crowd = {
	    .count = 1, .seconds = 60, .random = 1, .epoll = -1};
	int status = 111;

	if (!read_options(&crowd, argc, argv)) {
		(void)fputs(
		    "usage: fcgi-crowd [OPTION]... SOCKET STREAM LAST\n",
		    stderr);
		return 100;
	}
	if (prepare(&crowd)) {
		run(&crowd);
		status = sum_up(&crowd);
	}
	clean_up(&crowd);
	return status;
}
