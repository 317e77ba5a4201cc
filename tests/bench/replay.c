/*
 * replay.c - the time that a whole replay takes, against another command.
 *
 *	replay NAME LIMIT PAIRS TEXT OURS... -- THEIRS...
 *
 * OURS is read to the frame whose data ends in TEXT, as it need not end by
 * itself; THEIRS to its end.  What is read is only looked at where it ends, and
 * is read as cat(1) reads.  The most memory that OURS had is printed too.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "child.h"

#define READ_SIZE 131072 /* octets, as cat(1) */
#define TEXT_SIZE_MAX 256

/* The end of what was read before stands in front of what is read. */
static char room[TEXT_SIZE_MAX + READ_SIZE];

static void
keep_end(char *data, size_t size)
{
	memmove(
	    data - TEXT_SIZE_MAX, data + size - TEXT_SIZE_MAX, TEXT_SIZE_MAX);
}

/* Reads until it ends in the text, or to its end if there is no text. */
static size_t
read_all(int fd, const char *text)
{
	size_t text_size = text != NULL ? strlen(text) : 0, all = 0;
	char *data = room + TEXT_SIZE_MAX;
	ssize_t got;

	while ((got = read(fd, data, READ_SIZE)) > 0) {
		all += (size_t)got;
		if (text != NULL &&
		    memcmp(data + got - text_size, text, text_size) == 0)
			return all;
		keep_end(data, (size_t)got);
	}
	if (text != NULL)
		bench_fail("the text never came");
	return all;
}

static double
time_one(char **words, const char *text, size_t *ret_size, long *ret_peak_kib)
{
	double start = bench_seconds(CLOCK_MONOTONIC), taken;
	struct child child = child_start(words);

	*ret_size = read_all(child.fd, text);
	taken = bench_seconds(CLOCK_MONOTONIC) - start;
	*ret_peak_kib = child_peak_kib(child);
	child_stop(child);
	return taken;
}

int
main(int argc, char **argv)
{
	struct bench bench = {.count = 0};
	char text[TEXT_SIZE_MAX];
	long peak_kib = -1, ignored;
	size_t pairs, size = 0, none;
	char **theirs;

	if (argc < 8 || strlen(argv[4]) + 3 > sizeof(text))
		bench_fail("usage");
	(void)snprintf(text, sizeof(text), "%s\n\n", argv[4]);
	theirs = child_split(argv + 5);
	bench.name = argv[1];
	bench.limit = strtod(argv[2], NULL);
	pairs = bench_number(argv[3]);
	for (size_t i = 0; i < pairs; i++) {
		double ours = time_one(argv + 5, text, &size, &peak_kib);

		bench_add(
		    &bench, ours, time_one(theirs, NULL, &none, &ignored));
	}
	bench_print(&bench, 1e3, "ms");
	printf("    %zu octets of frames, at most %ld KiB resident\n", size,
	    peak_kib);
	return 0;
}
