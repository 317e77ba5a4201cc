/*
 * log_sets.h - the open files of a log, from a start on.
 */
#ifndef LOG_SETS_H
#define LOG_SETS_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/start.h"
#include "test.h"

__attribute__((unused)) static struct source_options options = {
    .record_size_max = 1024,
    .follow = true,
    .replay_size = UINT64_MAX,
    .unwatched = true};

__attribute__((unused)) static void
append(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

__attribute__((unused)) static void
begin(struct log_set *set)
{
	options.clock = sse_clock_system();
	CHECK_EQUAL_INT(log_set_init(set, test_path("log"), &options), 0);
}

/* All turns of a start. */
__attribute__((unused)) static int
start_at_once(struct log_set *set, const struct source_start *wanted)
{
	struct start start = {0};
	int error;

	do
		error = start_set(&start, set, wanted);
	while (error == RESULT_PARTIAL);
	start_done(&start);
	return error;
}

/* The files that are open, and where in them it begins: "2 0 0". */
__attribute__((unused)) static void
check_offsets(const struct log_set *set, const char *want)
{
	char text[100] = "";

	for (size_t i = 0; i < set->count; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s%llu", i > 0 ? " " : "", i == set->lead ? ">" : "",
		    (unsigned long long)set->open[i]->fingerprint.offset);
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
}

/* The gaps that come first: "limit unknown". */
__attribute__((unused)) static void
check_gaps(struct log_set *set, const char *want)
{
	char text[100] = "";
	struct gap gap;

	while (gap_queue_take(&set->gaps, &gap))
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s", *text != '\0' ? " " : "",
		    gap_reason_text(gap.reason));
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
}

/* Puts so many open files, of their own, into an empty set. */
__attribute__((unused)) static void
open_files(struct log_set *set, size_t count)
{
	char name[32];

	set->open = calloc(count, sizeof(struct log_file *));
	for (size_t i = 0; i < count; i++) {
		int fd;

		(void)snprintf(name, sizeof(name), "file%zu", i);
		append(name, "a\nb\n");
		fd = open(test_path(name), O_RDONLY);
		CHECK_EQUAL_INT(
		    log_file_new(fd, 2, false, 1024, &set->open[i]), 0);
	}
	set->count = count;
	set->lead = count - 1;
}

__attribute__((unused)) static struct sse_position
position_of(const struct log_set *set)
{
	struct source_position position;

	log_set_position(set, &position);
	return sse_position_unpack(&position);
}

#endif
