/*
 * first-frame.c - the time until a text has arrived, of two in turns.
 *
 *	first-frame NAME LIMIT PAIRS TEXT OURS... -- THEIRS...
 *
 * OURS and THEIRS are commands, or http:PORT/PATH.  The text is what ends the
 * head and the first frame, say, and is looked for in all that was read.  A
 * pair is made of the medians of many starts, in turns, since one start takes
 * a millisecond, and the machine does other things too.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "child.h"

#define STARTS 31
#define ANSWER_SIZE_MAX 65536

static void
read_until(int fd, const char *text)
{
	static char answer[ANSWER_SIZE_MAX];
	size_t size = 0;

	while (memmem(answer, size, text, strlen(text)) == NULL) {
		ssize_t got = read(fd, answer + size, sizeof(answer) - size);

		if (got <= 0) {
			(void)fwrite(answer, 1, size, stderr);
			bench_fail("the text never came");
		}
		size += (size_t)got;
	}
}

static double
time_one(char **words, const char *text)
{
	double start = bench_seconds(CLOCK_MONOTONIC), taken;
	struct child child = child_start(words);

	read_until(child.fd, text);
	taken = bench_seconds(CLOCK_MONOTONIC) - start;
	child_stop(child);
	return taken;
}

static void
add_pair(struct bench *bench, const char *text, char **ours, char **theirs)
{
	double our_times[STARTS], their_times[STARTS];

	for (size_t i = 0; i < STARTS; i++) {
		our_times[i] = time_one(ours, text);
		their_times[i] = time_one(theirs, text);
	}
	bench_add(bench, bench_median(our_times, STARTS),
	    bench_median(their_times, STARTS));
}

int
main(int argc, char **argv)
{
	struct bench bench = {.count = 0};
	char **theirs;
	size_t pairs;

	if (argc < 8)
		bench_fail("usage");
	theirs = child_split(argv + 5);
	bench.name = argv[1];
	bench.limit = strtod(argv[2], NULL);
	pairs = bench_number(argv[3]);
	for (size_t i = 0; i < pairs; i++)
		add_pair(&bench, argv[4], argv + 5, theirs);
	bench_print(&bench, 1e6, "us");
	return 0;
}
