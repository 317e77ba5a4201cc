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

/* What a search in turns found, and in how many. */
struct found {
	uint64_t offset;
	int turns;
	uint64_t most; /* calls of the rule in one turn */
};

static void
note_turn(struct found *found, const struct rule *rule, uint64_t before)
{
	uint64_t calls = rule->calls - before;

	found->turns++;
	if (calls > found->most)
		found->most = calls;
}

static struct found
find_back(const struct boundary_file *file, uint64_t count)
{
	const struct rule *rule = file->rule->context;
	struct found found = {0};
	struct boundary_back back;
	int got;

	boundary_back_begin(&back, file, LINES * 2, LINES * 2);
	do {
		uint64_t before = rule->calls;

		if (file->effort != NULL)
			effort_go_on(file->effort);
		got = boundary_back_next(&back, &count, &found.offset);
		note_turn(&found, rule, before);
	} while (got == RESULT_PARTIAL);
	CHECK_EQUAL_INT(got, 0);
	boundary_back_done(&back);
	return found;
}

static struct found
find_forward(const struct boundary_file *file, uint64_t offset)
{
	const struct rule *rule = file->rule->context;
	struct found found = {0};
	struct boundary_forward forward;
	int got;

	boundary_forward_begin(&forward, file, offset, LINES * 2);
	do {
		uint64_t before = rule->calls;

		if (file->effort != NULL)
			effort_go_on(file->effort);
		got = boundary_forward_next(&forward, &found.offset);
		note_turn(&found, rule, before);
	} while (got == RESULT_PARTIAL);
	CHECK_EQUAL_INT(got, 0);
	return found;
}

TEST(records_are_counted_back_and_looked_for)
{
	struct rule rule = {.us = 0};
	const struct record_rule records = {RECORD_HAS_START, begins, &rule};
	struct boundary_file file = {.fd = write_log(),
	    .rule = &records,
	    .record_size_max = RECORD_SIZE_MAX};

	CHECK_EQUAL_INT(find_back(&file, 3).offset, (LINES - 30) * 2);
	CHECK_EQUAL_INT(find_forward(&file, 22).offset, 40);
	close(file.fd);
}

/* A clock that is a ms later after some looks at it. */
struct ticking {
	int64_t looks;
	int64_t looks_a_ms;
};

static int64_t
tick(void *context)
{
	struct ticking *ticking = context;

	return ticking->looks++ / ticking->looks_a_ms;
}

TEST(what_is_found_in_turns_is_the_same)
{
	struct ticking ticking = {0, 10};
	const struct sse_clock clock = {tick, tick, &ticking};
	struct rule rule = {.us = 0};
	const struct record_rule records = {RECORD_HAS_START, begins, &rule};
	struct effort effort;
	struct boundary_file file = {.fd = write_log(),
	    .rule = &records,
	    .record_size_max = RECORD_SIZE_MAX,
	    .effort = &effort};
	struct found found;

	effort_init(&effort, &clock, EFFORT_UNLIMITED);
	found = find_back(&file, 30);
	CHECK_EQUAL_INT(found.offset, (LINES - 300) * 2);
	CHECK(found.most <= 10 * EFFORT_TURN_MS);
	CHECK(found.turns >= 30);
	ticking.looks_a_ms = 2;
	found = find_forward(&file, 22);
	CHECK_EQUAL_INT(found.offset, 40);
	CHECK(found.most <= 2 * EFFORT_TURN_MS);
	CHECK(found.turns >= 5);
	close(file.fd);
}

/* However far a line reaches, it is gone over in turns, both ways. */
TEST(a_line_without_an_end_is_gone_over_in_turns)
{
	struct ticking ticking = {0, 2};
	const struct sse_clock clock = {tick, tick, &ticking};
	struct rule rule = {.us = 0};
	const struct record_rule lines = {RECORD_IS_LINE, begins, &rule};
	struct effort effort;
	struct boundary_file file = {
	    .fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600),
	    .rule = &lines,
	    .record_size_max = RECORD_SIZE_MAX,
	    .effort = &effort};
	struct found found;

	CHECK_EQUAL_INT(ftruncate(file.fd, 2 * LINES), 0);
	for (int i = 0; i < 2 * LINES; i++)
		CHECK(pwrite(file.fd, "x", 1, i) == 1);
	effort_init(&effort, &clock, EFFORT_UNLIMITED);
	found = find_back(&file, 1);
	CHECK_EQUAL_INT(found.offset, 0);
	CHECK(found.turns > 1);
	found = find_forward(&file, 22);
	CHECK_EQUAL_INT(found.offset, 2 * LINES);
	CHECK(found.turns > 1);
	close(file.fd);
}

TEST(an_event_without_an_end_is_gone_over_in_turns)
{
	struct ticking ticking = {0, 2};
	const struct sse_clock clock = {tick, tick, &ticking};
	struct rule rule = {.us = 0};
	const struct record_rule events = {RECORD_HAS_BLANK, begins, &rule};
	struct effort effort;
	struct boundary_file file = {.fd = write_log(),
	    .rule = &events,
	    .record_size_max = LINES * 2,
	    .effort = &effort};
	struct found found;

	effort_init(&effort, &clock, EFFORT_UNLIMITED);
	found = find_forward(&file, 22);
	/* There is none: it is a line. */
	CHECK_EQUAL_INT(found.offset, 22);
	CHECK(found.turns > 1);
	/* Behind a blank line there is. */
	CHECK(pwrite(file.fd, "\n\n", 2, LINES * 2 - 4) == 2);
	found = find_forward(&file, 22);
	CHECK_EQUAL_INT(found.offset, LINES * 2 - 3);
	CHECK(found.turns > 1);
	close(file.fd);
}

/* Each line is a record then, so there are enough of them. */
TEST(a_pattern_that_takes_long_is_given_up)
{
	struct rule rule = {.us = 2000};
	const uint64_t calls_max = EFFORT_MAX_MS / 2 + 1;
	const struct record_rule records = {RECORD_HAS_START, begins, &rule};
	struct effort effort;
	struct boundary_file file = {.fd = write_log(),
	    .rule = &records,
	    .record_size_max = RECORD_SIZE_MAX,
	    .effort = &effort};
	uint64_t offset;

	effort_init(&effort, sse_clock_system(), EFFORT_MAX_MS);
	CHECK_EQUAL_INT(find_back(&file, LINES).offset, 0);
	CHECK(rule.calls <= calls_max);
	CHECK(rule.calls >= calls_max / 2);
	rule.calls = 0;
	effort_init(&effort, sse_clock_system(), 2);
	offset = find_forward(&file, 22).offset;
	CHECK(rule.calls <= 2);
	CHECK(offset >= 22);
	CHECK(offset <= 26);
	close(file.fd);
}
