/*
 * fcgi-crowd.c - many subscribers of one stream, by raw FastCGI connections.
 *
 *	fcgi-crowd [OPTION]... SOCKET[,SOCKET]... STREAM LAST
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
 *	--away=N	and that up to N milliseconds later (0)
 *	--pause=N	after one in N events does not read for up to 15 s
 *	--seconds=N	gives up after so long (60)
 *	--seed=N	for what is random (1)
 *	--tell		"jump FROM TO TOLD": somebody had line FROM, and then
 *			TO; of those between, TOLD were said to be missing, or
 *			"null", for no number; none of them counts as lost.
 *			"again FROM LINE": somebody had FROM, and then one
 *			that is no newer.
 *			"at N": all have what is before line N
 *
 * Of several sockets each connection takes any.
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
#include "crowd_wire.h"

#define READ_SIZE 65536
#define PIECE_SIZE 3000
#define CUT_ONE_IN 50 /* events */
#define PAUSE_MS 15000
#define RETRY_MS 20
#define TELL_MS 500
#define SOCKETS_MAX 8

struct subscriber {
	int fd; /* -1: not connected */
	bool stalled;
	bool greeted;            /* something of the body came, once */
	bool after_gap;          /* lines were said to be missing */
	bool uncounted;          /* but not how many */
	uint64_t told;           /* so many were */
	bool cut;                /* hangs up after this event */
	int64_t paused_until_ms; /* 0: it reads */
	int64_t away_until_ms;
	struct crowd *crowd;
	struct wire wire;
	struct sse_decoder *decoder;
	int64_t next; /* the line that is waited for; -1: any */
};

struct crowd {
	const char *sockets[SOCKETS_MAX];
	size_t sockets_count;
	const char *stream;
	int64_t last;
	bool tells;
	size_t count;
	size_t stalled;
	bool pieces;
	unsigned cut_one_in;   /* 0: never */
	unsigned pause_one_in; /* likewise */
	unsigned away_ms;      /* at most, after a cut */
	int seconds;

	struct subscriber *all;
	int epoll;
	unsigned random;
	bool told_ready;
	size_t greeted;
	size_t complete;
	uint64_t events;
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

/* ---------------------------------------------------------- connections -- */

static bool
connect_to(struct crowd *crowd, struct subscriber *subscriber)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = subscriber};
	const int small = 4096;
	const char *path =
	    crowd->sockets[random_below(crowd, (unsigned)crowd->sockets_count)];
	char request[WIRE_REQUEST_SIZE_MAX];
	size_t size = wire_request(crowd->stream,
	    sse_decoder_last_event_id(subscriber->decoder), request);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
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
	subscriber->cut = false;
	wire_begin(&subscriber->wire);
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

/* For somebody who knows what was there. */
static void
tell_jump(const struct subscriber *subscriber, int64_t line)
{
	printf("jump %lld %lld ", (long long)subscriber->next - 1,
	    (long long)line);
	if (subscriber->uncounted)
		(void)puts("null");
	else
		printf("%llu\n", (unsigned long long)subscriber->told);
}

static void
take_line(struct crowd *crowd, struct subscriber *subscriber, int64_t line)
{
	bool first = subscriber->next < 0;

	if (!first && line < subscriber->next) {
		crowd->repeated++;
		if (crowd->tells)
			printf("again %lld %lld %s\n",
			    (long long)subscriber->next - 1, (long long)line,
			    subscriber->after_gap ? "gap" : "-");
		return;
	}
	if (!first && crowd->tells &&
	    (line > subscriber->next || subscriber->after_gap))
		tell_jump(subscriber, line);
	else if (!first && !subscriber->after_gap)
		crowd->lost += (uint64_t)(line - subscriber->next);
	subscriber->after_gap = subscriber->uncounted = false;
	subscriber->told = 0;
	subscriber->next = line + 1;
	crowd->complete += line == crowd->last;
}

static void
take_gap(struct subscriber *subscriber, struct sse_slice data)
{
	static const char key[] = "\"skipped\":";
	const char *skipped =
	    memmem(data.data, data.size, key, sizeof(key) - 1);
	char *end = NULL;
	unsigned long long count = 0;

	/* Behind it, there is more. */
	if (skipped != NULL)
		count = strtoull(skipped + sizeof(key) - 1, &end, 10);
	subscriber->after_gap = true;
	subscriber->uncounted |= end == NULL || *end != ',';
	subscriber->uncounted |= end == skipped + sizeof(key) - 1;
	subscriber->told += count;
	subscriber->crowd->gaps++;
}

static void
take_event(struct crowd *crowd, struct subscriber *subscriber,
    const struct sse_event *event)
{
	int64_t line = line_of(event->data);

	crowd->events++;
	if (sse_slice_equal(event->type, sse_slice("gap")))
		take_gap(subscriber, event->data);
	else if (line >= 0)
		take_line(crowd, subscriber, line);
	if (crowd->cut_one_in > 0 &&
	    random_below(crowd, crowd->cut_one_in) == 0)
		subscriber->cut = true;
	if (crowd->pause_one_in > 0 &&
	    random_below(crowd, crowd->pause_one_in) == 0)
		subscriber->paused_until_ms =
		    now_ms() + 1 + random_below(crowd, PAUSE_MS);
}

/* Some of the body of an answer. */
static void
take_body(void *context, const char *bytes, size_t size)
{
	struct subscriber *subscriber = context;
	struct sse_event event;

	if (!subscriber->greeted) {
		subscriber->greeted = true;
		subscriber->crowd->greeted++;
	}
	sse_decoder_feed(subscriber->decoder, bytes, size);
	while (sse_decoder_next(subscriber->decoder, &event) == 1)
		take_event(subscriber->crowd, subscriber, &event);
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
	wire_take(&subscriber->wire, bytes, (size_t)got, take_body, subscriber);
	if (subscriber->cut) {
		crowd->cuts_made++;
		subscriber->away_until_ms =
		    now_ms() + random_below(crowd, crowd->away_ms + 1);
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
	int64_t now = now_ms();

	for (size_t i = 0; i < crowd->count; i++)
		if (crowd->all[i].fd < 0 &&
		    crowd->all[i].away_until_ms <= now &&
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

/* The line before which all have all. */
static void
tell_progress(const struct crowd *crowd)
{
	int64_t least = INT64_MAX;

	for (size_t i = crowd->stalled; i < crowd->count; i++)
		if (crowd->all[i].next < least)
			least = crowd->all[i].next;
	printf("at %lld\n", (long long)least);
	(void)fflush(stdout);
}

static void
run(struct crowd *crowd)
{
	struct epoll_event events[256];
	int64_t end_ms = now_ms() + (int64_t)crowd->seconds * 1000;
	int64_t connected_ms = 0, told_ms = 0;

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
		if (crowd->tells && now_ms() - told_ms >= TELL_MS) {
			tell_progress(crowd);
			told_ms = now_ms();
		}
	}
}

static int
sum_up(const struct crowd *crowd)
{
	bool well = is_over(crowd) && crowd->lost == 0 && crowd->repeated == 0;
	uint64_t records = 0;

	for (size_t i = 0; i < crowd->count; i++)
		records += crowd->all[i].wire.records;
	printf("subscribers %zu complete %zu events %llu records %llu lost %llu"
	       " repeated %llu gaps %llu ended %llu cut %llu paused %llu\n",
	    crowd->count - crowd->stalled, crowd->complete,
	    (unsigned long long)crowd->events, (unsigned long long)records,
	    (unsigned long long)crowd->lost,
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
		crowd->all[i].crowd = crowd;
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
	    {"away", required_argument, NULL, 'a'},
	    {"seed", required_argument, NULL, 'r'},
	    {"tell", no_argument, NULL, 'j'},
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
		case 'a':
			crowd->away_ms = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'r':
			crowd->random = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'j':
			crowd->tells = true;
			break;
		case 't':
			crowd->seconds = (int)strtol(optarg, NULL, 10);
			break;
		default:
			return false;
		}
	if (argc - optind != 3 || crowd->count <= crowd->stalled ||
	    argv[optind][0] == '\0')
		return false;
	for (char *next = strtok(argv[optind], ",");
	     next != NULL && crowd->sockets_count < SOCKETS_MAX;
	     next = strtok(NULL, ","))
		crowd->sockets[crowd->sockets_count++] = next;
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
