/*
 * replay.c - the time that a whole replay takes, against another command.
 *
 *	replay NAME LIMIT PAIRS TEXT OURS... -- THEIRS...
 *
 * OURS is read to the frame whose data ends in TEXT, as it need not end by
 * itself; THEIRS to its end.  What is read is only looked at where it ends, and
 * is read as cat(1) reads.  The processor time of all that takes part, this
 * reader too, tells more where others use the machine.  The most memory that
 * OURS had is printed too.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "child.h"

#define READ_SIZE 131072 /* bytes, as cat(1) */
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

struct run {
	double seconds, cpu_seconds;
	size_t size;
	long peak_kib;
};

static struct run
run_once(char **words, const char *text)
{
	double cpu = bench_cpu_seconds();
	double start = bench_seconds(CLOCK_MONOTONIC);
	struct child child = child_start(words);
	struct run run;

	run.size = read_all(child.fd, text);
	run.seconds = bench_seconds(CLOCK_MONOTONIC) - start;
	run.peak_kib = child_peak_kib(child);
	child_stop(child);
	run.cpu_seconds = bench_cpu_seconds() - cpu;
	return run;
}

int
main(int argc, char **argv)
{
	struct bench time = {.count = 0}, cpu;
	char text[TEXT_SIZE_MAX];
	struct run ours = {.size = 0}, theirs;
	char **their_words;
	size_t pairs;

	if (argc < 8 || strlen(argv[4]) + 3 > sizeof(text))
		bench_fail("usage");
	(void)snprintf(text, sizeof(text), "%s\n\n", argv[4]);
	their_words = child_split(argv + 5);
	time.name = argv[1];
	time.limit = strtod(argv[2], NULL);
	cpu = time;
	cpu.name = "  processor time of all processes of it";
	pairs = bench_number(argv[3]);
	for (size_t i = 0; i < pairs; i++) {
		ours = run_once(argv + 5, text);
		theirs = run_once(their_words, NULL);
		bench_add(&time, ours.seconds, theirs.seconds);
		bench_add(&cpu, ours.cpu_seconds, theirs.cpu_seconds);
	}
	bench_print(&time, 1e3, "ms");
	bench_print(&cpu, 1e3, "ms");
	printf("  %zu bytes of frames, at most %ld KiB resident\n", ours.size,
	    ours.peak_kib);
	return 0;
}
