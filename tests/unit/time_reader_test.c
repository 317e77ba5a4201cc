/*
 * Reading on in a file until a record has a time.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/time_reader.h"

/* "T30" is of the time 30. */
static bool
read_time(void *context, struct sse_slice line, int64_t now_ms, int64_t *ret_ms)
{
	(void)context;
	(void)now_ms;
	if (line.size < 2 || line.data[0] != 'T')
		return false;
	*ret_ms = atoi(line.data + 1);
	return true;
}

static bool
begins(void *context, struct sse_slice line)
{
	(void)context;
	return line.size > 0 && line.data[0] != '+';
}

static const struct record_times times = {.read = read_time, .size_max = 8};
static const struct record_rule by_start = {
    .kind = RECORD_HAS_START, .begins = begins};
static struct source_options options = {
    .times = &times, .record_size_max = 1024};

static struct time_reader *
open_text(const char *text, size_t size)
{
	struct time_reader *reader = calloc(1, sizeof(*reader));
	int fd = open(test_path("log"), O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK(reader != NULL);
	CHECK(write(fd, text, size) == (ssize_t)size);
	options.clock = sse_clock_system();
	time_reader_init(reader, &options);
	reader->fd = fd;
	reader->size = size;
	time_reader_begin_step(reader);
	return reader;
}

static void
done(struct time_reader *reader)
{
	close(reader->fd);
	free(reader);
}

/* A step ends when its time is over, and a busy machine may make it so. */
static int
read_on(struct time_reader *reader, const struct time_wanted *wanted,
    struct timed *ret_timed)
{
	int got = time_reader_next(reader, wanted, ret_timed);

	while (got == 0) {
		time_reader_begin_step(reader);
		got = time_reader_next(reader, wanted, ret_timed);
	}
	return got;
}

struct time_case {
	const char *text;
	uint64_t at;
	bool is_start;
	int64_t min_ms;
	uint64_t limit;
	int want; /* 1 and the offset */
	uint64_t offset;
};

static const struct time_case cases[] = {
    {"T1\nT2\nT3\n", 0, true, 0, 100, 1, 0},
    {"T1\nT2\nT3\n", 0, true, 2, 100, 1, 3},
    {"T1\nT2\nT3\n", 0, true, 4, 100, RESULT_NONE, 0},
    /* inside a line it is passed over */
    {"T1\nT2\nT3\n", 1, false, 0, 100, 1, 3},
    {"T1\nT2\nT3\n", 2, false, 0, 100, 1, 3},
    {"T1\nT2\nT3\n", 3, true, 0, 100, 1, 3},
    {"T1\nT2\nT3\n", 3, false, 0, 100, 1, 6},
    /* what begins at the limit is not wanted */
    {"T1\nT2\nT3\n", 0, true, 2, 4, 1, 3},
    {"T1\nT2\nT3\n", 0, true, 2, 3, RESULT_NONE, 0},
    {"T1\nT2\nT3\n", 3, true, 0, 3, RESULT_NONE, 0},
    /* lines without a time */
    {"x\n\n y\nT2\n", 0, true, 0, 100, 1, 6},
    {"x\ny\n", 0, true, 0, 100, RESULT_NONE, 0},
    /* the last one has no end, and a byte order mark is not part of it */
    {"x\nT2", 0, true, 0, 100, 1, 2},
    {"\xef\xbb\xbfT1\n", 0, true, 0, 100, 1, 0},
    {"T1\r\nT2\r\n", 0, true, 2, 100, 1, 4},
};

TEST(the_first_record_of_a_time_is_found)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct time_case *one = &cases[i];
		struct time_reader *reader =
		    open_text(one->text, strlen(one->text));
		struct time_wanted wanted = {one->min_ms, one->limit, false};
		struct timed timed = {0};

		printf("# case %zu\n", i);
		time_reader_begin_at(reader, one->at, one->is_start);
		CHECK_EQUAL_INT(read_on(reader, &wanted, &timed), one->want);
		if (one->want == 1)
			CHECK_EQUAL_INT(timed.offset, one->offset);
		done(reader);
	}
}

TEST(a_line_of_a_record_has_no_time_of_its_own)
{
	static const char text[] = "T1\n+T5\nT6\n";
	struct time_reader *reader = open_text(text, strlen(text));
	struct time_wanted wanted = {5, 100, false};
	struct timed timed;

	options.rule = &by_start;
	time_reader_begin_at(reader, 0, true);
	CHECK_EQUAL_INT(read_on(reader, &wanted, &timed), 1);
	CHECK_EQUAL_INT(timed.offset, 7);
	CHECK_EQUAL_INT(reader->tally.timed, 2);
	CHECK_EQUAL_INT(reader->tally.untimed, 0);
	done(reader);
}

TEST(lines_are_counted_with_and_without_a_time)
{
	static const char text[] = "T1\nx\ny\nT2\n part\nz\n";
	struct time_reader *reader = open_text(text, strlen(text));
	struct time_wanted wanted = {0, 100, true};
	struct timed timed;

	time_reader_begin_at(reader, 0, true);
	CHECK_EQUAL_INT(read_on(reader, &wanted, &timed), 1);
	CHECK_EQUAL_INT(timed.offset, 0);
	CHECK_EQUAL_INT(reader->tally.timed, 2);
	CHECK_EQUAL_INT(reader->tally.untimed, 3);
	/* The first one behind the last time. */
	CHECK_EQUAL_INT(reader->timed_at, 7);
	CHECK_EQUAL_INT(reader->untimed, 16);
	done(reader);
}

TEST(a_step_looks_at_so_much_and_a_search_in_vain_has_an_end)
{
	static char text[2 * TIME_READER_UNTIMED_MAX];
	struct time_wanted wanted = {0, sizeof(text), false};
	struct time_reader *reader;
	struct timed timed;
	int steps = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 64 == 63 ? '\n' : 'x';
	reader = open_text(text, sizeof(text));
	time_reader_begin_at(reader, 0, true);
	while (!time_reader_is_in_vain(reader)) {
		uint64_t at = reader->at;

		time_reader_begin_step(reader);
		CHECK_EQUAL_INT(time_reader_next(reader, &wanted, &timed), 0);
		CHECK(reader->at > at);
		CHECK(reader->looked < TIME_READER_LOOKED_MAX +
					   TIME_READER_LINE_SIZE +
					   times.size_max);
		CHECK(++steps < 100);
	}
	CHECK(reader->at < sizeof(text));
	CHECK_EQUAL_INT(reader->untimed, 0);
	done(reader);
}

TEST(a_file_that_has_become_shorter_has_changed)
{
	struct time_reader *reader = open_text("T1\nT2\n", 6);
	struct time_wanted wanted = {2, 100, false};
	struct timed timed;

	CHECK(ftruncate(reader->fd, 2) == 0);
	time_reader_begin_at(reader, 3, true);
	CHECK_EQUAL_INT(read_on(reader, &wanted, &timed), RESULT_CHANGED);
	done(reader);
}

/* Where a search would ask for what is behind its end again and again. */
TEST(a_file_that_has_become_shorter_has_changed_wherever_it_ends)
{
	static const char text[] = "x1\nx2\nx3\n";
	const struct time_wanted wanted = {0, sizeof(text) - 1, false};

	for (off_t size = 0; size < (off_t)sizeof(text) - 1; size++) {
		struct time_reader *reader = open_text(text, sizeof(text) - 1);
		struct timed timed;
		int got = 0;

		CHECK(ftruncate(reader->fd, size) == 0);
		time_reader_begin_at(reader, 0, true);
		for (int i = 0; i < 100 && got == 0; i++)
			got = time_reader_next(reader, &wanted, &timed);
		CHECK_EQUAL_INT(got, RESULT_CHANGED);
		done(reader);
	}
}
