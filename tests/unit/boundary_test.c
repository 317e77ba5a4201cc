/*
 * boundary_test.c - where records begin, and what the look for them may cost.
 */
#include "config.h"

#include "record/boundary.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define LINES 20000
#define RECORD_SIZE_MAX (1 << 20)

static int64_t
processor_us(void)
{
	struct timespec now;

	CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

/* A pattern that takes so long for each line; "r" begins a record. */
struct rule {
	int64_t us;
	uint64_t calls;
};

static bool
begins(void *context, struct sse_slice line)
{
	struct rule *rule = context;
	int64_t end = processor_us() + rule->us;

	rule->calls++;
	while (rule->us > 0 && processor_us() < end)
		;
	return line.size > 0 && line.data[0] == 'r';
}

/* A log of records of 10 lines of 2 bytes. */
static int
write_log(void)
{
	int fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	for (int i = 0; i < LINES; i++)
		CHECK(write(fd, i % 10 == 0 ? "r\n" : "m\n", 2) == 2);
	return fd;
}

TEST(records_are_counted_back_and_looked_for)
{
	struct rule rule = {.us = 0};
	const struct record_rule records = {RECORD_HAS_START, begins, &rule};
	struct boundary_file file = {.fd = write_log(),
	    .rule = &records,
	    .record_size_max = RECORD_SIZE_MAX};
	uint64_t count = 3, offset;

	CHECK_EQUAL_INT(
	    boundary_back(&file, LINES * 2, &count, LINES * 2, &offset), 0);
	CHECK_EQUAL_INT(offset, (LINES - 30) * 2);
	CHECK_EQUAL_INT(count, 0);
	CHECK_EQUAL_INT(boundary_forward(&file, 22, LINES * 2, &offset), 0);
	CHECK_EQUAL_INT(offset, 40);
	close(file.fd);
}

TEST(a_pattern_that_takes_long_is_given_up)
{
	struct rule rule = {.us = 2000};
	const struct record_rule records = {RECORD_HAS_START, begins, &rule};
	struct boundary_file file = {.fd = write_log(),
	    .rule = &records,
	    .record_size_max = RECORD_SIZE_MAX};
	uint64_t count = LINES, offset;

	/* Each line is a record then, so there are enough of them. */
	CHECK_EQUAL_INT(
	    boundary_back(&file, LINES * 2, &count, LINES * 2, &offset), 0);
	CHECK(rule.calls < 100);
	CHECK(offset < LINES);
	rule.calls = 0;
	CHECK_EQUAL_INT(boundary_forward(&file, 22, LINES * 2, &offset), 0);
	CHECK(rule.calls < 100);
	CHECK(offset >= 22);
	CHECK(offset <= 40);
	close(file.fd);
}
