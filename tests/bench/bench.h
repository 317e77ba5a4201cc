/*
 * bench.h - what the benchmarks share: clocks, and pairs of figures.
 *
 * A figure alone says little on a machine that others use too.  So whatever is
 * measured is measured next to something that it can be held against, in turns,
 * and the ratio of each such pair counts: the median of them, and the spread.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define BENCH_PAIRS_MAX 101
#define BENCH_LINE_SIZE 100 /* bytes, without the LF */

struct bench {
	const char *name;
	double limit; /* that the ratio should not exceed */
	size_t count;
	double ours[BENCH_PAIRS_MAX];
	double theirs[BENCH_PAIRS_MAX];
};

/* CLOCK_MONOTONIC or CLOCK_PROCESS_CPUTIME_ID, in seconds. */
double bench_seconds(clockid_t clock);

/* Of this process and of those children that were waited for, in seconds. */
double bench_cpu_seconds(void);

/* The median; the values are sorted by it. */
double bench_median(double *values, size_t count);

void bench_add(struct bench *bench, double ours, double theirs);

/* One line: the ratios, and the medians times scale in that unit. */
void bench_print(struct bench *bench, double scale, const char *unit);

/* So many lines as of an access log, with LF: all differ, all are ASCII. */
void bench_lines(char *bytes, size_t count);

/* A number from the command line, 1 to 1,000,000; else the program ends. */
size_t bench_number(const char *text);

/* The program ends with the name of what failed. */
_Noreturn void bench_fail(const char *what);

#endif
