/*
 * scans.h - scans of a log in the test's directory, and what they give.
 */
#ifndef SCANS_H
#define SCANS_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/scan_step.h"
#include "source/start.h"
#include "test.h"

__attribute__((unused)) static struct source_options options = {
    .follow = true, .record_size_max = 1024, .replay_size = UINT64_MAX};

struct setting {
	struct log_set set;
	struct scan scan;
};

__attribute__((unused)) static void
append(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
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

/* A reader of so many of the newest records; or of all of the log itself. */
__attribute__((unused)) static struct setting *
begin_with(uint64_t records)
{
	const struct source_start start = {.records = records};
	struct setting *setting = calloc(1, sizeof(*setting));

	options.clock = sse_clock_system();
	CHECK(setting != NULL);
	CHECK_EQUAL_INT(
	    log_set_init(&setting->set, test_path("log"), &options), 0);
	CHECK_EQUAL_INT(start_at_once(&setting->set, &start), 0);
	scan_init(&setting->scan, &setting->set);
	return setting;
}

__attribute__((unused)) static struct setting *
begin(void)
{
	return begin_with(SOURCE_RECORDS_ALL);
}

__attribute__((unused)) static void
end(struct setting *setting)
{
	log_set_done(&setting->set);
	free(setting);
}

/* Adds what one scan gives, "a b "; what is late "(a) "; an end is "." */
__attribute__((unused)) static void
add_scan(struct setting *setting, char *text, size_t size_max)
{
	struct source_item item;
	int reads = 0;

	scan_begin(&setting->scan);
	while (setting->scan.running) {
		size_t size = strlen(text);
		int got;

		setting->scan.may_read = true;
		got = scan_step(&setting->scan, &item);
		CHECK(got >= 0);
		CHECK(++reads < 100);
		if (got == 1 && item.kind == SOURCE_RECORD)
			(void)snprintf(text + size, size_max - size,
			    item.has_position ? "%.*s " : "(%.*s) ",
			    (int)item.record.text.size, item.record.text.data);
		else if (got == 1 && item.kind == SOURCE_END)
			(void)snprintf(text + size, size_max - size, ".");
	}
}

__attribute__((unused)) static void
check_scan(struct setting *setting, const char *want)
{
	char text[1000] = "";

	add_scan(setting, text, sizeof(text));
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
}

#endif
