/*
 * The first record of a time, in logs of all shapes.
 */
#include "config.h"

#include "positions.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fdio.h"
#include "random.h"
#include "base/result.h"
#include "log_search.h"
#include "source/find_time.h"
#include "source/time_reader.h"

#define GIB (UINT64_C(1) << 30)
#define LINE_SIZE 100

/* Second n of the tests, since 1970 and as text: so that all have 10 digits. */
#define SECOND(n) (INT64_C(1000000000) + (n))

static struct stream_conf conf = {
    .follow = true, .record_size_max = 4096, .time_format = "%s"};
static const struct record_rule *rule;

/* Reads are counted; those of a huge log give a line for each second. */
static unsigned reads;
static bool is_huge;

ssize_t __real_sse_fd_pread_all(
    int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread_all(
    int fd, void *bytes, size_t size, uint64_t offset);

static void
fill_as_huge(char *bytes, size_t size, uint64_t offset)
{
	char line[LINE_SIZE + 1];
	size_t skip = (size_t)(offset % LINE_SIZE), part;

	for (; size > 0; size -= part, bytes += part, offset += part) {
		(void)snprintf(line, sizeof(line), "%-99llu\n",
		    (unsigned long long)SECOND((int64_t)(offset / LINE_SIZE)));
		part = LINE_SIZE - skip < size ? LINE_SIZE - skip : size;
		memcpy(bytes, line + skip, part);
		skip = 0;
	}
}

ssize_t
__wrap_sse_fd_pread_all(int fd, void *bytes, size_t size, uint64_t offset)
{
	ssize_t got = __real_sse_fd_pread_all(fd, bytes, size, offset);

	reads++;
	if (is_huge && got > 0)
		fill_as_huge(bytes, (size_t)got, offset);
	return got;
}

static void
add_to(const char *name, const char *bytes, size_t size)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	close(fd);
}

static void
add(const char *name, const char *text)
{
	add_to(name, text, strlen(text));
}

static bool guesses;

/* The position of the first record of that second, or the error. */
static int
look_for(int64_t second, struct sse_position *position, bool *lacks)
{
	struct log_search search;
	struct find_time *find;
	int got;

	conf.source = test_path("log");
	log_search_init(&search, &conf, sse_clock_system(), rule);
	got = find_time_new(
	    &search.options, search.names, SECOND(second) * 1000, &find);
	if (got == 0) {
		while ((got = find_time_next(find, position)) == 0)
			;
		*lacks = find_time_lacks(find);
		guesses = find_time_guesses(find);
		find_time_free(find);
	}
	log_search_done(&search);
	return got;
}

static uint64_t
offset_of(int64_t second)
{
	struct sse_position position;
	bool lacks;

	CHECK_EQUAL_INT(look_for(second, &position, &lacks), 1);
	CHECK(!lacks);
	return position.offset;
}

TEST(finds_the_first_record_of_a_time_or_later)
{
	add("log", "1000000010 a\n1000000020 b\n1000000020 c\n1000000040 d\n");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(10), 0);
	CHECK_EQUAL_INT(offset_of(11), 13);
	CHECK_EQUAL_INT(offset_of(20), 13);
	CHECK_EQUAL_INT(offset_of(21), 39);
	CHECK_EQUAL_INT(offset_of(40), 39);
	CHECK_EQUAL_INT(offset_of(41), 52);
}

TEST(a_byte_order_mark_hides_no_time)
{
	add("log", "\xef\xbb\xbf"
		   "1000000010 a\n1000000020 b\n");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(10), 0);
	CHECK_EQUAL_INT(offset_of(11), 16);
	CHECK_EQUAL_INT(offset_of(21), 29);
	add("log.1", "\xef\xbb\xbf"
		     "1000000005 a\n");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(6), 16); /* the end of the older one */
}

TEST(lines_without_a_time_belong_to_the_one_before)
{
	add("log", " x\n1000000010 a\n\tat\n\n1000000020 b\n\tat\n1000000030 "
		   "c\n x\n x");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(15), 21);
	CHECK_EQUAL_INT(offset_of(25), 38);
	CHECK_EQUAL_INT(offset_of(30), 38);
	/* Behind the last: where the unfinished record begins. */
	CHECK_EQUAL_INT(offset_of(31), 54);
}

/* What has no end there is a record, and too early. */
TEST(a_last_line_without_an_end_is_passed_over_where_nothing_more_comes)
{
	struct sse_position position;
	bool lacks;

	add("log", "1000000010 a\n1000000020 b");
	CHECK_EQUAL_INT(offset_of(21), 13);
	conf.follow = false;
	CHECK_EQUAL_INT(offset_of(20), 13);
	CHECK_EQUAL_INT(offset_of(21), 25);
	conf.follow = true;
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	add("log", "1000000030 c\n");
	CHECK_EQUAL_INT(look_for(21, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 25);
	CHECK_EQUAL_INT(look_for(20, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 13);
	CHECK_EQUAL_INT(look_for(31, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 13);
}

TEST(goes_back_to_the_generation_that_has_it)
{
	struct sse_position first, second;
	bool lacks;

	add("log.2", "1000000010 a\n1000000020 b\n");
	add("log.1", "1000000030 c\n1000000040 d\n");
	add("log", "1000000050 e\n");
	CHECK_EQUAL_INT(look_for(35, &first, &lacks), 1);
	CHECK_EQUAL_INT(first.offset, 13);
	CHECK_EQUAL_INT(look_for(45, &second, &lacks), 1);
	CHECK_EQUAL_INT(second.offset, 26);
	CHECK(first.file == second.file);
	CHECK_EQUAL_INT(look_for(15, &second, &lacks), 1);
	CHECK_EQUAL_INT(second.offset, 13);
	CHECK(first.file != second.file);
	CHECK_EQUAL_INT(look_for(1, &first, &lacks), 1);
	CHECK_EQUAL_INT(first.offset, 0);
	CHECK(first.file == second.file);
	CHECK(!lacks);
}

TEST(an_empty_log_has_what_is_before_it)
{
	struct sse_position position;
	bool lacks;

	add("log.1", "1000000030 c\n1000000040 d\n");
	add("log", "");
	CHECK_EQUAL_INT(look_for(35, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 13);
	CHECK_EQUAL_INT(look_for(99, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 26);
}

TEST(what_is_compressed_may_have_more)
{
	struct sse_position position;
	bool lacks;

	add("log.2.gz", "x");
	add("log.1", "1000000030 c\n1000000040 d\n");
	add("log", "1000000050 e\n");
	CHECK_EQUAL_INT(look_for(10, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 0);
	CHECK(lacks);
	CHECK_EQUAL_INT(look_for(31, &position, &lacks), 1);
	CHECK(!lacks);
}

TEST(a_log_without_times_or_none_at_all)
{
	struct sse_position position;
	bool lacks;

	CHECK_EQUAL_INT(look_for(10, &position, &lacks), RESULT_NONE);
	add("log", "");
	CHECK_EQUAL_INT(look_for(10, &position, &lacks), RESULT_NONE);
	add("log", "a\nb\n");
	CHECK_EQUAL_INT(look_for(10, &position, &lacks), RESULT_NONE);
}

TEST(a_line_that_hides_the_times_around_it)
{
	static char bytes[1000000];

	memset(bytes, 'x', sizeof(bytes));
	bytes[sizeof(bytes) - 1] = '\n';
	add("log", "1000000010 a\n");
	add_to("log", bytes, sizeof(bytes));
	add("log", "1000000020 b\n");
	/* Never later than what was asked for. */
	CHECK(offset_of(15) <= 13 + sizeof(bytes));
	CHECK(offset_of(20) <= 13 + sizeof(bytes));
	CHECK_EQUAL_INT(offset_of(5), 0);
}

/* Rather too early: the records without a time may be as late. */
TEST(begins_before_records_that_have_no_time)
{
	add("log", "1000000010 a\nE x\n\tat\n1000000020 b\n");
	CHECK_EQUAL_INT(offset_of(15), 13);
	CHECK(guesses);
	CHECK_EQUAL_INT(offset_of(20), 13);
	/* What is before a record that is too early is too early, too. */
	CHECK_EQUAL_INT(offset_of(21), 34);
	CHECK(!guesses);
	CHECK_EQUAL_INT(offset_of(10), 0);
	CHECK(!guesses);
	add("log", "E y\nE z\n");
	CHECK_EQUAL_INT(offset_of(21), 34);
	CHECK(guesses);
}

TEST(a_few_records_without_a_time_are_no_guess)
{
	add("log", "banner\n");
	for (int i = 10; i < 50; i++) {
		char line[32];

		(void)snprintf(line, sizeof(line), "10000000%d a\n%s", i,
		    i % 10 == 0 ? "E\n" : "");
		add("log", line);
	}
	CHECK_EQUAL_INT(offset_of(1), 0);
	CHECK(!guesses);
	CHECK_EQUAL_INT(offset_of(15), 7 + 2 + 5 * 13);
	CHECK(!guesses);
	CHECK_EQUAL_INT(offset_of(21), 7 + 2 + 11 * 13);
	CHECK(!guesses);
}

/* klog, two of three levels of which the format does not know. */
TEST(most_records_without_a_time_are_a_guess)
{
	add("log", "1000000010 a\nE\nW\nE\n1000000020 a\nE\nE\nE\n");
	CHECK_EQUAL_INT(offset_of(1), 0);
	CHECK(guesses);
	CHECK_EQUAL_INT(offset_of(99), 13 + 6 + 13);
	CHECK(guesses);
}

/* "1" begins a record, and what is in its other lines is no matter. */
static bool
begins_with_1(void *context, struct sse_slice line)
{
	(void)context;
	return line.size > 0 && *line.data == '1';
}

TEST(a_rule_says_what_belongs_to_the_record_before)
{
	static const struct record_rule begins = {
	    RECORD_HAS_START, begins_with_1, NULL};

	rule = &begins;
	conf.time_format = "%*%s";
	add("log", "1000000010 a\nCaused by: b\n9000000000 c\n1000000020 d\n"
		   "2000000000 e\n1 f\n1000000030 g\n");
	CHECK_EQUAL_INT(offset_of(15), 39);
	CHECK(!guesses);
	CHECK_EQUAL_INT(offset_of(21), 65);
	CHECK_EQUAL_INT(offset_of(31), 82);
}

static bool
begins_whole(void *context, struct sse_slice line)
{
	(void)context;
	return line.size > 0 && line.data[line.size - 1] == '-';
}

/* A line over record-max is cut as it is for who reads it: at a character. */
TEST(a_rule_is_asked_of_what_a_splitter_gives)
{
	static const struct record_rule begins = {
	    RECORD_HAS_START, begins_whole, NULL};
	char line[4096 + 2];

	rule = &begins;
	(void)memset(line, '-', sizeof(line));
	memcpy(line, "1000000020", 10);
	memcpy(line + 4095, "\xc3\xa9\n", 3);
	add("log", "1000000010 -\n");
	add_to("log", line, sizeof(line));
	add("log", "1000000030 -\n");
	CHECK_EQUAL_INT(offset_of(15), 13);
}

TEST(sees_what_record_start_sees)
{
	add("log", "\xef\xbb\xbf"
		   "1000000010 a\n");
	add("log", "\x1b[90m1000000020\x1b[0m b\r\n");
	add_to("log", "\0\0\0\0001000000030 c\n", 17);
	add("log", "\xff\x1b[1m1000000040 d\n");
	CHECK_EQUAL_INT(offset_of(10), 0);
	CHECK_EQUAL_INT(offset_of(11), 16);
	CHECK_EQUAL_INT(offset_of(21), 39);
	CHECK_EQUAL_INT(offset_of(31), 56); /* U+FFFD is before the time */
	conf.ansi = CONF_ANSI_KEEP;
	CHECK_EQUAL_INT(offset_of(11), 16);
	CHECK_EQUAL_INT(offset_of(10), 0);
	conf.ansi = CONF_ANSI_STRIP;
}

/* Until it is found, or given up: the steps that it took. */
static unsigned
steps_of(int64_t second, int *ret_got)
{
	struct log_search search;
	struct sse_position position;
	struct find_time *find;
	unsigned steps = 0;

	conf.source = test_path("log");
	log_search_init(&search, &conf, sse_clock_system(), rule);
	CHECK_EQUAL_INT(find_time_new(&search.options, search.names,
			    SECOND(second) * 1000, &find),
	    0);
	do
		steps++;
	while ((*ret_got = find_time_next(find, &position)) == 0);
	find_time_free(find);
	log_search_done(&search);
	return steps;
}

/* Hostile logs: what each step does is bounded, and so is how many they are. */
TEST(a_log_of_junk_is_given_up_soon)
{
	const size_t size = 8 << 20;
	char *bytes = test_zeroed(size);
	struct random random = {1};
	int got;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)random_below(&random, 256);
	add_to("log", bytes, size);
	CHECK(steps_of(10, &got) <=
	      TIME_READER_UNTIMED_MAX / TIME_READER_LOOKED_MAX + 2);
	CHECK_EQUAL_INT(got, RESULT_NONE);
	(void)unlink(test_path("log"));
	memset(bytes, '\n', size);
	add_to("log", bytes, size);
	CHECK(steps_of(10, &got) <= TIME_READER_UNTIMED_MAX *
					    TIME_READER_LINE_SIZE /
					    TIME_READER_LOOKED_MAX +
					2);
	CHECK_EQUAL_INT(got, RESULT_NONE);
	(void)unlink(test_path("log"));
	memset(bytes, '\0', size);
	add_to("log", bytes, size);
	CHECK(steps_of(10, &got) <=
	      TIME_READER_UNTIMED_MAX / TIME_READER_LOOKED_MAX + 2);
	CHECK_EQUAL_INT(got, RESULT_NONE);
}

/* Between two times: found from the last that is too early on. */
TEST(junk_between_times_is_sent_rather_than_left_out)
{
	const size_t size = 3 << 20;
	char *bytes = test_zeroed(size);
	size_t before = 0;
	int got;

	for (int i = 0; i < 1000; i++, before += 13)
		add("log", "1000000010 a\n");
	for (size_t i = 0; i < size; i++)
		bytes[i] = i % 50 == 49 ? '\n' : 'x';
	add_to("log", bytes, size);
	for (int i = 0; i < 1000; i++)
		add("log", "1000000030 b\n");
	CHECK_EQUAL_INT(offset_of(20), before);
	CHECK(guesses);
	CHECK(steps_of(20, &got) <=
	      16 * TIME_READER_UNTIMED_MAX / TIME_READER_LOOKED_MAX);
}

/* A record without a time, far behind the last that is too early. */
TEST(finds_a_record_without_a_time_behind_a_long_one)
{
	size_t before = 0;

	for (int i = 0; i < 1000; i++, before += 13)
		add("log", "1000000010 a\n");
	for (int i = 0; i < 10000; i++, before += 12)
		add("log", "\tat a.b.c()\n");
	add("log", "E\n");
	for (int i = 0; i < 3000; i++)
		add("log", "1000000030 b\n");
	CHECK_EQUAL_INT(offset_of(20), before);
}

TEST(lines_of_64_kib_hide_nothing)
{
	static char bytes[65536];
	uint64_t offset = 0;

	conf.time_format = "%*\"time\":%s";
	for (int i = 10; i < 40; i++) {
		int size = snprintf(bytes, sizeof(bytes),
		    "{\"log\":\"%*d\",\"time\":10000000%d}", 16384, i, i);

		memset(bytes + size, 'x', sizeof(bytes) - (size_t)size);
		bytes[sizeof(bytes) - 1] = '\n';
		add_to("log", bytes, sizeof(bytes));
	}
	for (int i = 10; i < 40; i++, offset += sizeof(bytes))
		CHECK_EQUAL_INT(offset_of(i), offset);
	CHECK(!guesses);
}

/* Local times in the hours around the one that comes twice, each minute. */
TEST(where_clocks_go_back_it_begins_too_early_rather_than_too_late)
{
	static const int64_t begin = 1792886400 - 3600 - SECOND(0);
	size_t offsets[240], size = 0;

	CHECK(setenv("TZ", "Europe/Berlin", 1) == 0);
	tzset();
	conf.time_format = "%Y-%m-%d %H:%M:%S";
	for (int minute = 0; minute < 240; minute++) {
		time_t at = (time_t)(SECOND(begin) + 60 * minute);
		struct tm local;
		char line[64];

		(void)localtime_r(&at, &local);
		(void)strftime(
		    line, sizeof(line), "%Y-%m-%d %H:%M:%S a\n", &local);
		add("log", line);
		offsets[minute] = size;
		size += strlen(line);
	}
	for (int minute = 0; minute < 240; minute++) {
		uint64_t offset = offset_of(begin + 60 * minute);

		CHECK(offset <= offsets[minute]);
		CHECK(minute < 60 || minute >= 180 ||
		      offset >= offsets[minute >= 120 ? minute - 60 : 60]);
		CHECK((minute >= 60 && minute < 180) ||
		      offset == offsets[minute]);
	}
}

TEST(at_most_64_reads_in_10_gib)
{
	static const uint64_t seconds[] = {1, 2, 1000, 53687091, 53687092,
	    77777777, 107374180, 107374181, 107374182};
	int fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);
	unsigned most = 0;

	CHECK(fd >= 0 && ftruncate(fd, 10 * GIB) == 0);
	close(fd);
	is_huge = true;
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		reads = 0;
		CHECK_EQUAL_INT(
		    offset_of((int64_t)seconds[i]), seconds[i] * LINE_SIZE);
		if (reads > most)
			most = reads;
	}
	printf("# reads in 10 GiB: %u at most\n", most);
	CHECK(most <= 64);
}

/* Against going through all lines. */
TEST(finds_what_a_look_at_each_line_finds)
{
	static char text[400000];
	struct random random = {1};

	for (int round = 0; round < 60; round++) {
		size_t size = 0, starts[4000];
		int64_t times[4000], now = 1000;
		int count = 0;

		while (size < (size_t)round * 6000 + 50 && count < 4000) {
			size_t filler = random_below(&random, 300);

			now += (int64_t)random_below(&random, 3);
			starts[count] = size;
			times[count++] = now;
			size += (size_t)snprintf(text + size,
			    sizeof(text) - size, "%lld %*s\n%s",
			    (long long)SECOND(now), (int)filler, "",
			    random_below(&random, 4) == 0 ? " and\n more\n"
							  : "");
		}
		(void)unlink(test_path("log"));
		add_to("log", text, size);
		for (int i = 0; i < 40; i++) {
			int64_t wanted = 999 + (int64_t)random_below(&random,
						   (size_t)(now - 990));
			int at = 0;

			while (at < count && times[at] < wanted)
				at++;
			CHECK_EQUAL_INT(
			    offset_of(wanted), at < count ? starts[at] : size);
		}
	}
}
