/*
 * crowd.c - many subscribers of one server, and who publishes to it.
 */
#include "config.h"

#include "crowd.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../bench.h"

#define MARK '~'
#define READ_SIZE 262144
#define READY_MAX 512
#define TOGETHER 64              /* subscribers that are not yet there */
#define OF_ANSWERS CROWD_FDS_MAX /* in an epoll */

void
crowd_init(struct crowd *crowd)
{
	struct rlimit files;

	if (crowd->size < 16 || crowd->size > CROWD_LINE_MAX)
		bench_fail("size");
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		bench_fail("getrlimit");
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	crowd->published_s = malloc(CROWD_SAMPLES_MAX * sizeof(double));
	crowd->samples = malloc(CROWD_SAMPLES_MAX * sizeof(double));
	crowd->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (crowd->published_s == NULL || crowd->samples == NULL ||
	    crowd->epoll < 0)
		bench_fail("memory");
}

static void
watch(struct crowd *crowd, int fd, unsigned mark)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = mark};

	if (epoll_ctl(crowd->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		bench_fail("epoll_ctl");
}

void
crowd_publish_to(struct crowd *crowd)
{
	place_open(&crowd->publisher, crowd->publish, (unsigned)crowd->streams);
	if (place_answers(&crowd->publisher) >= 0)
		watch(crowd, place_answers(&crowd->publisher), OF_ANSWERS);
}

/* ----------------------------------------------------------- deliveries -- */

size_t
crowd_marks(const char *bytes, size_t size)
{
	const char *end = bytes + size;
	size_t count = 0;

	while ((bytes = memchr(bytes, MARK, (size_t)(end - bytes))) != NULL) {
		bytes++;
		count++;
	}
	return count;
}

/* Events go round the streams, from the first one on. */
static void
sample(struct crowd *crowd, int fd, double now_s)
{
	size_t event = crowd->had[fd]++ * crowd->streams + crowd->stream[fd];

	if (event < crowd->published && crowd->deliveries < CROWD_SAMPLES_MAX)
		crowd->samples[crowd->deliveries++] =
		    now_s - crowd->published_s[event];
}

static void
take(struct crowd *crowd, int fd)
{
	static char bytes[READ_SIZE];
	ssize_t got = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	double now_s = bench_seconds(CLOCK_MONOTONIC);
	size_t count;

	if (got <= 0) {
		crowd->gone++;
		(void)close(fd);
		return;
	}
	count = crowd_marks(bytes, (size_t)got);
	if (!crowd->greeted[fd] && (count > 0 || crowd->any)) {
		crowd->greeted[fd] = true;
		crowd->there++;
		count -= count > 0;
	}
	for (; count > 0; count--)
		sample(crowd, fd, now_s);
}

static void
drop_answers(const struct crowd *crowd)
{
	char answers[READ_SIZE];

	if (recv(place_answers(&crowd->publisher), answers, sizeof(answers),
		0) <= 0)
		bench_fail("who publishes was turned away");
}

/* What has come within this time: whether anything has. */
static bool
take_some(struct crowd *crowd, double wait_s)
{
	struct epoll_event ready[READY_MAX];
	struct timespec wait = {.tv_sec = (time_t)wait_s};
	int count;

	wait.tv_nsec = (long)((wait_s - (double)wait.tv_sec) * 1e9);
	count = epoll_pwait2(crowd->epoll, ready, READY_MAX, &wait, NULL);
	for (int i = 0; i < count; i++) {
		if (ready[i].data.u32 == OF_ANSWERS)
			drop_answers(crowd);
		else
			take(crowd, (int)ready[i].data.u32);
	}
	return count > 0;
}

static void
take_until(struct crowd *crowd, double when_s)
{
	double left_s;

	while ((left_s = when_s - bench_seconds(CLOCK_MONOTONIC)) > 0)
		(void)take_some(crowd, left_s);
}

/* ---------------------------------------------------------- subscribers -- */

/* Whether somebody listens. */
static bool
join(struct crowd *crowd, size_t number)
{
	size_t stream = number % crowd->streams;
	int fd = place_subscribe(crowd->connect, (unsigned)stream);

	if (fd < 0)
		return false;
	if (fd >= CROWD_FDS_MAX)
		bench_fail("too many subscribers");
	crowd->stream[fd] = stream;
	crowd->had[fd] = 0;
	crowd->greeted[fd] = false;
	watch(crowd, fd, (unsigned)fd);
	return true;
}

/* Not more at once than a queue of connections holds. */
void
crowd_gather(struct crowd *crowd)
{
	size_t joined = 0;

	while (crowd->there + crowd->gone < crowd->subscribers) {
		if (joined < crowd->subscribers &&
		    joined - crowd->there - crowd->gone < TOGETHER) {
			if (!join(crowd, joined++))
				crowd->gone++;
			continue;
		}
		if (!take_some(crowd, (double)crowd->patience_s))
			return;
	}
}

/* ----------------------------------------------------------- publishing -- */

static void
publish(struct crowd *crowd)
{
	char line[CROWD_LINE_MAX];
	int begin = snprintf(line, sizeof(line), "%08zu ", crowd->published);

	memset(line + begin, 'x', crowd->size - (size_t)begin);
	line[crowd->size - 2] = MARK;
	line[crowd->size - 1] = '\n';
	crowd->published_s[crowd->published] = bench_seconds(CLOCK_MONOTONIC);
	place_publish(&crowd->publisher,
	    (unsigned)(crowd->published++ % crowd->streams), line, crowd->size);
}

size_t
crowd_expected(const struct crowd *crowd, size_t events)
{
	return events * (crowd->subscribers / crowd->streams);
}

/*
 * When an event is to come, in intervals: somewhere within its own, or who
 * looks as often would always be as late.  The same for everybody.
 */
static double
moment(size_t event)
{
	uint32_t hash = (uint32_t)event * 2654435761U;

	return (double)event + (double)hash / 4294967296.0;
}

bool
crowd_deliver(struct crowd *crowd, size_t events, double interval_s)
{
	double begin_s = bench_seconds(CLOCK_MONOTONIC);
	size_t all = crowd_expected(crowd, events);

	crowd->deliveries = crowd->published = 0;
	memset(crowd->had, 0, sizeof(crowd->had));
	for (size_t i = 0; i < events; i++) {
		take_until(crowd, begin_s + moment(i) * interval_s);
		publish(crowd);
	}
	while (crowd->deliveries < all)
		if (!take_some(crowd, (double)crowd->patience_s))
			return false;
	return true;
}

void
crowd_fill(struct crowd *crowd, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		publish(crowd);
		if (place_answers(&crowd->publisher) >= 0)
			drop_answers(crowd);
	}
}
