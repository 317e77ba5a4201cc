/*
 * The first record of a time, in logs of all shapes.
 */
#include "config.h"

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
#include "since.h"

#define GIB (UINT64_C(1) << 30)
#define LINE_SIZE 100

static struct stream_conf conf = {.record_size_max = 4096, .time_format = "%s"};

/* Reads are counted; those of a huge log give a line for each second. */
static unsigned reads;
static bool is_huge;

ssize_t __real_sse_fd_pread_all(
    int fd, void *octets, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread_all(
    int fd, void *octets, size_t size, uint64_t offset);

static char
octet_of_huge(uint64_t offset)
{
	char line[LINE_SIZE + 1];

	(void)snprintf(line, sizeof(line), "%-99llu\n",
	    (unsigned long long)(offset / LINE_SIZE));
	return line[offset % LINE_SIZE];
}

ssize_t
__wrap_sse_fd_pread_all(int fd, void *octets, size_t size, uint64_t offset)
{
	ssize_t got = __real_sse_fd_pread_all(fd, octets, size, offset);

	reads++;
	for (ssize_t i = 0; is_huge && i < got; i++)
		((char *)octets)[i] = octet_of_huge(offset + (uint64_t)i);
	return got;
}

static void
add_to(const char *name, const char *octets, size_t size)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, octets, size) == (ssize_t)size);
	close(fd);
}

static void
add(const char *name, const char *text)
{
	add_to(name, text, strlen(text));
}

/* The position of the first record of that second, or the error. */
static int
search(int64_t second, struct sse_position *position, bool *lacks)
{
	struct since *since;
	int got;

	conf.source = test_path("log");
	got = since_new(&conf, sse_clock_system(), second * 1000, &since);
	if (got != 0)
		return got;
	while ((got = since_next(since, position)) == 0)
		;
	*lacks = since_lacks(since);
	since_free(since);
	return got;
}

static uint64_t
offset_of(int64_t second)
{
	struct sse_position position;
	bool lacks;

	CHECK_EQUAL_INT(search(second, &position, &lacks), 1);
	CHECK(!lacks);
	return position.offset;
}

TEST(finds_the_first_record_of_a_time_or_later)
{
	add("log", "10 a\n20 b\n20 c\n40 d\n");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(10), 0);
	CHECK_EQUAL_INT(offset_of(11), 5);
	CHECK_EQUAL_INT(offset_of(20), 5);
	CHECK_EQUAL_INT(offset_of(21), 15);
	CHECK_EQUAL_INT(offset_of(40), 15);
	CHECK_EQUAL_INT(offset_of(41), 20);
}

TEST(a_byte_order_mark_hides_no_time)
{
	add("log", "\xef\xbb\xbf"
		   "10 a\n20 b\n");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(10), 0);
	CHECK_EQUAL_INT(offset_of(11), 8);
	CHECK_EQUAL_INT(offset_of(21), 13);
	add("log.1", "\xef\xbb\xbf"
		     "5 a\n");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(6), 7); /* the end of the older one */
}

TEST(lines_without_a_time_belong_to_the_one_before)
{
	add("log", " x\n10 a\n\tat\n\n20 b\n\tat\n30 c\n x\n x");
	CHECK_EQUAL_INT(offset_of(5), 0);
	CHECK_EQUAL_INT(offset_of(15), 13);
	CHECK_EQUAL_INT(offset_of(25), 22);
	CHECK_EQUAL_INT(offset_of(30), 22);
	/* Behind the last: where the unfinished record begins. */
	CHECK_EQUAL_INT(offset_of(31), 30);
}

TEST(goes_back_to_the_generation_that_has_it)
{
	struct sse_position first, second;
	bool lacks;

	add("log.2", "10 a\n20 b\n");
	add("log.1", "30 c\n40 d\n");
	add("log", "50 e\n");
	CHECK_EQUAL_INT(search(35, &first, &lacks), 1);
	CHECK_EQUAL_INT(first.offset, 5);
	CHECK_EQUAL_INT(search(45, &second, &lacks), 1);
	CHECK_EQUAL_INT(second.offset, 10);
	CHECK(first.file == second.file);
	CHECK_EQUAL_INT(search(15, &second, &lacks), 1);
	CHECK_EQUAL_INT(second.offset, 5);
	CHECK(first.file != second.file);
	CHECK_EQUAL_INT(search(1, &first, &lacks), 1);
	CHECK_EQUAL_INT(first.offset, 0);
	CHECK(first.file == second.file);
	CHECK(!lacks);
}

TEST(an_empty_log_has_what_is_before_it)
{
	struct sse_position position;
	bool lacks;

	add("log.1", "30 c\n40 d\n");
	add("log", "");
	CHECK_EQUAL_INT(search(35, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 5);
	CHECK_EQUAL_INT(search(99, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 10);
}

TEST(what_is_compressed_may_have_more)
{
	struct sse_position position;
	bool lacks;

	add("log.2.gz", "x");
	add("log.1", "30 c\n40 d\n");
	add("log", "50 e\n");
	CHECK_EQUAL_INT(search(10, &position, &lacks), 1);
	CHECK_EQUAL_INT(position.offset, 0);
	CHECK(lacks);
	CHECK_EQUAL_INT(search(31, &position, &lacks), 1);
	CHECK(!lacks);
}

TEST(a_log_without_times_or_none_at_all)
{
	struct sse_position position;
	bool lacks;

	CHECK_EQUAL_INT(search(10, &position, &lacks), -ENOENT);
	add("log", "");
	CHECK_EQUAL_INT(search(10, &position, &lacks), -ENODATA);
	add("log", "a\nb\n");
	CHECK_EQUAL_INT(search(10, &position, &lacks), -ENODATA);
}

TEST(a_line_that_hides_the_times_around_it)
{
	static char octets[1000000];

	memset(octets, 'x', sizeof(octets));
	octets[sizeof(octets) - 1] = '\n';
	add("log", "10 a\n");
	add_to("log", octets, sizeof(octets));
	add("log", "20 b\n");
	/* Never later than what was asked for. */
	CHECK(offset_of(15) <= 5 + sizeof(octets));
	CHECK(offset_of(20) <= 5 + sizeof(octets));
	CHECK_EQUAL_INT(offset_of(5), 0);
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
			size +=
			    (size_t)snprintf(text + size, sizeof(text) - size,
				"%lld %*s\n%s", (long long)now, (int)filler, "",
				random_below(&random, 4) == 0 ? " and\n more\n"
							      : "");
		}
		(void)unlink(test_path("log"));
		add_to("log", text, size);
		for (int i = 0; i < 40; i++) {
			int64_t wanted = 999 + (int64_t)random_below(&random,
						   (uint64_t)(now - 990));
			int at = 0;

			while (at < count && times[at] < wanted)
				at++;
			CHECK_EQUAL_INT(
			    offset_of(wanted), at < count ? starts[at] : size);
		}
	}
}
