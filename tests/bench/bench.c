/*
 * bench.c - what the benchmarks share: clocks, and pairs of figures.
 */
#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

double
bench_seconds(clockid_t clock)
{
	struct timespec time;

	if (clock_gettime(clock, &time) != 0)
		bench_fail("clock_gettime");
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double
used(int who)
{
	struct rusage usage;

	if (getrusage(who, &usage) != 0)
		bench_fail("getrusage");
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double
bench_cpu_seconds(void)
{
	return used(RUSAGE_SELF) + used(RUSAGE_CHILDREN);
}

static int
compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

double
bench_median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
	return (values[count / 2] + values[(count - 1) / 2]) / 2;
}

void
bench_add(struct bench *bench, double ours, double theirs)
{
	if (bench->count == BENCH_PAIRS_MAX)
		bench_fail("too many pairs");
	bench->ours[bench->count] = ours;
	bench->theirs[bench->count++] = theirs;
}

void
bench_print(struct bench *bench, double scale, const char *unit)
{
	double ratios[BENCH_PAIRS_MAX], median;
	size_t count = bench->count;

	for (size_t i = 0; i < count; i++)
		ratios[i] = bench->ours[i] / bench->theirs[i];
	median = bench_median(ratios, count);
	printf("%-44s %5.2f x  (%.2f .. %.2f, %zu pairs; at most %.2f)"
	       "  %.4g %s against %.4g\n",
	    bench->name, median, ratios[0], ratios[count - 1], count,
	    bench->limit, bench_median(bench->ours, count) * scale, unit,
	    bench_median(bench->theirs, count) * scale);
	(void)fflush(stdout);
}

void
bench_lines(char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char line[BENCH_LINE_SIZE + 64];

		(void)snprintf(line, sizeof(line),
		    "203.0.113.%-3zu - - [21/Nov/2026:11:04:%02zu +0000] "
		    "\"GET /page/%06zu.html HTTP/1.1\" 200 %5zu \"-\" "
		    "\"Mozilla/5.0 (X11)\"                    ",
		    i % 250, i % 60, i * 7919 % 1000000, i * 31 % 65536);
		memcpy(bytes, line, BENCH_LINE_SIZE);
		bytes[BENCH_LINE_SIZE] = '\n';
		bytes += BENCH_LINE_SIZE + 1;
	}
}

size_t
bench_number(const char *text)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno != 0 || *end != '\0' || number < 1 || number > 1000000)
		bench_fail(text);
	return (size_t)number;
}

void
bench_fail(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}
