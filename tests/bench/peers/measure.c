/*
 * measure.c - what many subscribers cost a server, or how long they wait.
 *
 *	crowd [OPTION]... CONNECT PUBLISH
 *
 * CONNECT and PUBLISH are places; see place.h.
 *
 *	--roots=PID,...	the server's processes; their children count as well
 *	--subscribers=N
 *	--streams=N	they are spread over so many, and so are events
 *	--size=N	bytes of a line, LF and all
 *	--rates=N,...	events a second, one rate after the other
 *	--seconds=N	so long for each rate, or longer for ten events
 *	--any		who has had anything is there
 *	--patience=N	seconds without any news after which it is given up
 *
 * It prints "ready N memory BYTES processes N", with the memory that each
 * subscriber has added, and for each rate
 * "rate N cpu_us N p50_ms N p99_ms N complete N".  Otherwise:
 *
 *	--first=N	prints the median time, in ms, that so many subscribers,
 *			one after the other, have to wait for the first line
 *	--begun=N	prints the time, in ms, from then, in us of the epoch,
 *			until a subscriber has the first line
 *	--replay=N	prints the time, in ms, until one has so many lines, and
 *			the processor time of the server, in ms
 *	--fill=N	only publishes so many lines, as fast as may be
 */
#include "config.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../bench.h"
#include "crowd.h"
#include "processes.h"

#define READ_SIZE 262144
#define EVENTS_MIN 10
#define WARM_UP 10   /* events */
#define RETRY_US 500 /* until a server is there */
#define START_S_MAX 60

/* At a rate: whether all came. */
static bool
measure(struct crowd *crowd, size_t rate)
{
	size_t events = rate * crowd->seconds, all;
	double cpu_s = processes_of(crowd->roots, 0).cpu_s;
	double p50_s = 0, p99_s = 0;
	bool complete;

	if (events < EVENTS_MIN)
		events = EVENTS_MIN;
	all = crowd_expected(crowd, events);
	if (all > CROWD_SAMPLES_MAX)
		bench_fail("too many deliveries");
	complete = crowd_deliver(crowd, events, 1.0 / (double)rate);
	cpu_s = processes_of(crowd->roots, 0).cpu_s - cpu_s;
	if (crowd->deliveries > 0) {
		p50_s = bench_median(crowd->samples, crowd->deliveries);
		p99_s = crowd->samples[crowd->deliveries * 99 / 100];
	}
	printf("rate %zu cpu_us %.3f p50_ms %.3f p99_ms %.3f complete %.4f\n",
	    rate, cpu_s * 1e6 / (double)all, p50_s * 1e3, p99_s * 1e3,
	    (double)crowd->deliveries / (double)all);
	(void)fflush(stdout);
	return complete;
}

static void
measure_rates(struct crowd *crowd)
{
	struct processes before = processes_of(crowd->roots, 1), after;
	const char *next = crowd->rates;
	char *end;

	crowd_gather(crowd);
	after = processes_of(crowd->roots, 1);
	printf("ready %zu memory %.0f processes %zu\n", crowd->there,
	    (after.pss_bytes - before.pss_bytes) / (double)crowd->subscribers,
	    after.count);
	(void)fflush(stdout);
	if (crowd->there < crowd->subscribers || crowd->gone > 0 ||
	    !crowd_deliver(crowd, WARM_UP * crowd->streams, 0.01))
		return;
	for (; *next != '\0'; next = end + (*end == ','))
		if (!measure(crowd, strtoul(next, &end, 10)))
			return;
}

/* ------------------------------------------------------- one subscriber -- */

/* As from a web server whose worker is not there yet. */
static bool
is_refusal(const char *bytes, size_t size)
{
	return size > 12 && memcmp(bytes, "HTTP/1.", 7) == 0 &&
	       memcmp(bytes + 8, " 200", 4) != 0;
}

/* In ms, until it has so many lines; -1: it is turned away. */
static double
wait_for(struct crowd *crowd, size_t lines)
{
	static char bytes[READ_SIZE];
	const struct timeval patience = {.tv_sec = (time_t)crowd->patience_s};
	double begin_s = bench_seconds(CLOCK_MONOTONIC);
	int fd = place_subscribe(crowd->connect, 0);
	size_t count = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	(void)setsockopt(
	    fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	while (count < lines && (got = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
		if (is_refusal(bytes, (size_t)got))
			break;
		count += crowd->any ? 1 : crowd_marks(bytes, (size_t)got);
	}
	(void)close(fd);
	if (count < lines)
		return -1;
	return (bench_seconds(CLOCK_MONOTONIC) - begin_s) * 1e3;
}

static void
print_first(struct crowd *crowd, size_t times)
{
	double ms[BENCH_PAIRS_MAX];

	if (times > BENCH_PAIRS_MAX)
		bench_fail("too many times");
	(void)wait_for(crowd, 1);
	for (size_t i = 0; i < times; i++)
		if ((ms[i] = wait_for(crowd, 1)) < 0)
			bench_fail("a subscriber was turned away");
	printf("%.3f\n", bench_median(ms, times));
}

static void
print_start(struct crowd *crowd, double begun_us)
{
	while (wait_for(crowd, 1) < 0) {
		if (bench_seconds(CLOCK_REALTIME) * 1e6 - begun_us >
		    START_S_MAX * 1e6)
			bench_fail("a server does not come");
		(void)usleep(RETRY_US);
	}
	printf(
	    "%.3f\n", (bench_seconds(CLOCK_REALTIME) * 1e6 - begun_us) / 1e3);
}

static void
print_replay(struct crowd *crowd, size_t lines)
{
	double before_s = processes_of(crowd->roots, 0).cpu_s;
	double ms = wait_for(crowd, lines);

	if (ms < 0)
		bench_fail("the replay has ended early");
	printf("%.3f %.3f\n", ms,
	    (processes_of(crowd->roots, 0).cpu_s - before_s) * 1e3);
}

/* --------------------------------------------------------------- options -- */

enum {
	FIRST = 1,
	BEGUN,
	REPLAY,
	FILL
};

static const struct option options[] = {{"roots", required_argument, NULL, 'r'},
    {"subscribers", required_argument, NULL, 'n'},
    {"streams", required_argument, NULL, 's'},
    {"size", required_argument, NULL, 'z'},
    {"rates", required_argument, NULL, 'e'},
    {"seconds", required_argument, NULL, 't'},
    {"patience", required_argument, NULL, 'p'}, {"any", no_argument, NULL, 'a'},
    {"first", required_argument, NULL, FIRST},
    {"begun", required_argument, NULL, BEGUN},
    {"replay", required_argument, NULL, REPLAY},
    {"fill", required_argument, NULL, FILL}, {NULL, 0, NULL, 0}};

static void
take_option(struct crowd *crowd, int option)
{
	switch (option) {
	case 'r':
		crowd->roots = optarg;
		return;
	case 'n':
		crowd->subscribers = bench_number(optarg);
		return;
	case 's':
		crowd->streams = bench_number(optarg);
		return;
	case 'z':
		crowd->size = bench_number(optarg);
		return;
	case 'e':
		crowd->rates = optarg;
		return;
	case 't':
		crowd->seconds = bench_number(optarg);
		return;
	case 'p':
		crowd->patience_s = bench_number(optarg);
		return;
	case 'a':
		crowd->any = true;
		return;
	default:
		bench_fail("usage");
	}
}

static void
obey(struct crowd *crowd, int mode, const char *argument)
{
	if (mode == FIRST) {
		print_first(crowd, bench_number(argument));
		return;
	}
	if (mode == BEGUN) {
		print_start(crowd, strtod(argument, NULL));
		return;
	}
	if (mode == REPLAY) {
		print_replay(crowd, bench_number(argument));
		return;
	}
	crowd_publish_to(crowd);
	if (mode == FILL) {
		crowd_fill(crowd, bench_number(argument));
		return;
	}
	measure_rates(crowd);
}

int
main(int argc, char **argv)
{
	static struct crowd crowd = {.roots = "",
	    .rates = "10",
	    .subscribers = 1,
	    .streams = 1,
	    .size = 100,
	    .seconds = 5,
	    .patience_s = 10};
	const char *argument = NULL;
	int option, mode = 0;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option > FILL)
			take_option(&crowd, option);
		else {
			mode = option;
			argument = optarg;
		}
	}
	if (argc - optind != 2)
		bench_fail("usage");
	crowd.connect = argv[optind];
	crowd.publish = argv[optind + 1];
	crowd_init(&crowd);
	obey(&crowd, mode, argument);
	return 0;
}
