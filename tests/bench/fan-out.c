/*
 * fan-out.c - what a delivery costs a server, or how long it takes, against
 * another server.
 *
 *	fan-out [OPTION]... NAME LIMIT PAIRS SUBSCRIBERS SIDE SIDE
 *
 * A SIDE is three words: where to subscribe, where to publish, and whose
 * processor time counts; side.h says how they look.
 *
 *	--events=N	a turn (default 200)
 *	--latency	ten events a second, and the ratio is that of the 99th
 *			percentiles of the time until a subscriber has it
 *	--median	likewise, of the medians
 *	--interval=N	so many milliseconds between events, or more
 *	--rate=N	so many events a second, whatever has come of them
 *	--pause=PID,...	these processes are stopped while the second side is
 *			measured
 *	--stalled=N	so many more subscribers of the first side never read
 *	--bytes	only prints the bytes of a delivery of the first side
 *	--memory	only prints the memory of the first process of the first
 *			side, by subscriber
 */
#include "config.h"

#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "side.h"

#define WARM_UP 100     /* events */
#define INTERVAL_MS 100 /* where latency is measured */
#define SETTLE_MS 200
#define WAIT_US_MAX 100 /* for a core, where processes are stopped */

enum what {
	WHAT_COST,
	WHAT_LATENCY,
	WHAT_MEDIAN,
	WHAT_BYTES,
	WHAT_MEMORY
};

struct wishes {
	enum what what;
	size_t events;
	size_t interval_ms; /* 0: the usual one */
	size_t rate;        /* events a second; 0: one after the other */
	size_t stalled;
	size_t subscribers;
	const char
	    *paused; /* while theirs is measured: processes; NULL: none */
};

static double
cost(const struct side_result *result)
{
	double sum = 0;

	for (size_t i = 0; i < result->pids; i++)
		sum += result->cpu_s[i];
	return sum;
}

/* Where the time goes, if several processes have a part in it. */
static void
print_parts(const char *who, const struct side_result *result)
{
	printf("  %s: %.0f bytes", who, result->bytes);
	for (size_t i = 0; i < result->pids; i++)
		printf(
		    "%s %.3g us", i == 0 ? "," : " +", result->cpu_s[i] * 1e6);
	printf(" a delivery; median %.2g ms, 99 %% within %.2g ms",
	    result->p50_s * 1e3, result->p99_s * 1e3);
	if (result->disturbed > 0)
		printf("; %zu events disturbed", result->disturbed);
	printf("\n");
}

/* What they did is done with when this returns, or has begun again. */
static void
tell(const char *pids, int signal)
{
	const struct timespec settle = {.tv_nsec = SETTLE_MS * 1000000};
	const char *next = pids;

	if (pids == NULL)
		return;
	do {
		if (kill((pid_t)atoi(next), signal) != 0)
			bench_fail("who is to be paused has gone");
		next = strchr(next, ',');
	} while (next++ != NULL);
	(void)nanosleep(&settle, NULL);
}

/* In seconds. */
static double
interval_of(const struct wishes *wishes)
{
	size_t usual_ms = wishes->what == WHAT_LATENCY ? INTERVAL_MS : 0;

	if (wishes->rate > 0)
		return 1.0 / (double)wishes->rate;
	return (double)(wishes->interval_ms > 0 ? wishes->interval_ms
						: usual_ms) /
	       1e3;
}

static void
compare(struct bench *bench, size_t pairs, const struct wishes *wishes,
    const struct side_words words[2])
{
	bool latency =
	    wishes->what == WHAT_LATENCY || wishes->what == WHAT_MEDIAN;
	const struct side_order order = {.events = wishes->events,
	    .interval_s = interval_of(wishes),
	    .in_time = wishes->rate > 0,
	    .wait_s_max = wishes->paused != NULL ? WAIT_US_MAX / 1e6 : 0};
	const struct side_order warm_up = {.events = WARM_UP};
	struct side ours =
	    side_start(&words[0], wishes->subscribers, wishes->stalled);
	struct side theirs = side_start(&words[1], wishes->subscribers, 0);
	struct side_result left = side_run(ours, warm_up);
	struct side_result right = side_run(theirs, warm_up);

	for (size_t i = 0; i < pairs; i++) {
		left = side_run(ours, order);
		tell(wishes->paused, SIGSTOP);
		right = side_run(theirs, order);
		tell(wishes->paused, SIGCONT);
		if (wishes->what == WHAT_MEDIAN)
			bench_add(bench, left.p50_s, right.p50_s);
		else if (latency)
			bench_add(bench, left.p99_s, right.p99_s);
		else
			bench_add(bench, cost(&left), cost(&right));
	}
	bench_print(bench, latency ? 1e3 : 1e6, latency ? "ms" : "us");
	print_parts("ours, last", &left);
	print_parts("theirs, last", &right);
	side_stop(ours);
	side_stop(theirs);
}

static void
print_bytes(const struct side_words *words)
{
	const struct side_order order = {.events = 10};
	struct side side = side_start(words, 1, 0);

	printf("%.0f\n", side_run(side, order).bytes);
	side_stop(side);
}

static double
resident_bytes(const char *pid)
{
	char path[64], line[256];
	double kib = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", atoi(pid));
	file = fopen(path, "re");
	if (file == NULL)
		bench_fail(path);
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtod(line + 6, NULL);
	(void)fclose(file);
	return kib * 1024;
}

/* Half of them first, so that what is needed once is there. */
static void
print_memory(const struct side_words *words, const struct wishes *wishes)
{
	size_t half = wishes->subscribers / 2;
	struct side first = side_start(words, half, 0);
	double before = resident_bytes(words->pids);
	struct side second = side_start(words, half, 0);
	double more = resident_bytes(words->pids) - before;

	printf("%.0f\n", more / (double)half);
	side_stop(first);
	side_stop(second);
}

static int
take_option(int option, struct wishes *wishes)
{
	switch (option) {
	case 'e':
		wishes->events = bench_number(optarg);
		return 0;
	case 's':
		wishes->stalled = bench_number(optarg);
		return 0;
	case 'i':
		wishes->interval_ms = bench_number(optarg);
		return 0;
	case 'r':
		wishes->rate = bench_number(optarg);
		return 0;
	case 'l':
		wishes->what = WHAT_LATENCY;
		return 0;
	case 'd':
		wishes->what = WHAT_MEDIAN;
		return 0;
	case 'o':
		wishes->what = WHAT_BYTES;
		return 0;
	case 'p':
		wishes->paused = optarg;
		return 0;
	case 'm':
		wishes->what = WHAT_MEMORY;
		return 0;
	default:
		return -1;
	}
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
	    {"events", required_argument, NULL, 'e'},
	    {"stalled", required_argument, NULL, 's'},
	    {"interval", required_argument, NULL, 'i'},
	    {"latency", no_argument, NULL, 'l'},
	    {"median", no_argument, NULL, 'd'},
	    {"bytes", no_argument, NULL, 'o'},
	    {"rate", required_argument, NULL, 'r'},
	    {"pause", required_argument, NULL, 'p'},
	    {"memory", no_argument, NULL, 'm'}, {NULL, 0, NULL, 0}};
	struct wishes wishes = {.events = 200};
	struct side_words words[2];
	struct bench bench = {.count = 0};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (take_option(option, &wishes) != 0)
			bench_fail("usage");
	argv += optind;
	if (argc - optind != 10)
		bench_fail("usage");
	bench.name = argv[0];
	bench.limit = strtod(argv[1], NULL);
	wishes.subscribers = bench_number(argv[3]);
	for (int i = 0; i < 2; i++)
		words[i] = (struct side_words){
		    argv[4 + 3 * i], argv[5 + 3 * i], argv[6 + 3 * i]};
	if (wishes.what == WHAT_BYTES)
		print_bytes(&words[0]);
	else if (wishes.what == WHAT_MEMORY)
		print_memory(&words[0], &wishes);
	else
		compare(&bench, bench_number(argv[2]), &wishes, words);
	return 0;
}
