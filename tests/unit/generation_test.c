#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "generation.h"

static struct generation_buffer buffer;

static void
write_log(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static struct generation *
open_log(uint64_t offset, bool discard)
{
	int fd = open(test_path("log"), O_RDONLY);
	struct generation *generation;

	CHECK(fd >= 0);
	CHECK_EQUAL_INT(
	    generation_new(fd, offset, discard, 100, &generation), 0);
	return generation;
}

static ssize_t
read_on(struct generation *generation)
{
	ssize_t got = generation_read(generation, &buffer, UINT64_MAX);

	if (got >= 0)
		generation_take(generation, &buffer);
	return got;
}

static struct sse_slice
record(struct generation *generation)
{
	struct record record;

	CHECK_EQUAL_INT(generation_record(generation, &buffer, &record), 1);
	return record.text;
}

static bool
proves(const struct generation *generation, uint64_t offset, uint64_t check)
{
	struct evidence evidence;

	return evidence_proves(&evidence, generation->fd, offset, check);
}

static bool
is_used_up(struct generation *generation)
{
	struct record record;

	return generation_record(generation, &buffer, &record) == 0;
}

TEST(each_record_moves_the_position_to_its_proven_end)
{
	struct generation *generation;

	write_log("a\nbb\n");
	generation = open_log(0, false);
	CHECK_EQUAL_INT(read_on(generation), 5);
	CHECK_EQUAL_TEXT(record(generation), SLICE("a"));
	CHECK_EQUAL_INT(generation->offset, 2);
	CHECK(proves(generation, 2, generation->check));
	CHECK(!proves(generation, 3, generation->check));
	CHECK_EQUAL_TEXT(record(generation), SLICE("bb"));
	CHECK(proves(generation, 5, generation->check));
	CHECK(is_used_up(generation));
	CHECK(generation->at_end);
	CHECK_EQUAL_INT(read_on(generation), 0);
	generation_free(generation);
}

TEST(an_unfinished_record_is_taken_when_it_is_asked_for)
{
	struct generation *generation;
	struct record rest;

	write_log("a\nhalf");
	generation = open_log(0, false);
	CHECK_EQUAL_INT(read_on(generation), 6);
	CHECK_EQUAL_TEXT(record(generation), SLICE("a"));
	CHECK(is_used_up(generation));
	CHECK_EQUAL_INT(generation->offset, 2);
	CHECK_EQUAL_INT(generation_rest(generation, &rest), 1);
	CHECK_EQUAL_TEXT(rest.text, SLICE("half"));
	CHECK_EQUAL_INT(generation->offset, 6);
	CHECK(proves(generation, 6, generation->check));
	CHECK_EQUAL_INT(generation_rest(generation, &rest), 0);
	generation_free(generation);
}

TEST(begins_inside_a_record_and_passes_its_rest_over)
{
	struct generation *generation;

	write_log("one\ntwo\n");
	generation = open_log(1, true);
	CHECK_EQUAL_INT(read_on(generation), 7);
	CHECK_EQUAL_TEXT(record(generation), SLICE("two"));
	CHECK_EQUAL_INT(generation->offset, 8);
	generation_free(generation);
}

TEST(an_offset_past_the_end_is_stale)
{
	struct generation *generation = NULL;
	int fd;

	write_log("a\n");
	fd = open(test_path("log"), O_RDONLY);
	CHECK_EQUAL_INT(
	    generation_new(fd, 3, false, 100, &generation), RESULT_CHANGED);
	CHECK(generation == NULL);
	close(fd);
}

TEST(a_truncation_is_stale_and_nothing_of_it_is_taken)
{
	struct generation *generation;

	write_log("aaaa\nbbbb\n");
	generation = open_log(5, false);
	CHECK(truncate(test_path("log"), 0) == 0);
	CHECK_EQUAL_INT(read_on(generation), RESULT_CHANGED);
	/* Refilled past the offset: only the octets before it tell. */
	write_log("cccc\ndddd\n");
	CHECK_EQUAL_INT(read_on(generation), RESULT_CHANGED);
	CHECK(is_used_up(generation));
	generation_free(generation);
}

/* The same octets again are the same log, as far as anyone can tell. */
TEST(a_refill_with_the_same_octets_is_no_change)
{
	struct generation *generation;

	write_log("aaaa\nbbbb\n");
	generation = open_log(5, false);
	CHECK(truncate(test_path("log"), 0) == 0);
	write_log("aaaa\ncccc\n");
	CHECK_EQUAL_INT(read_on(generation), 5);
	CHECK_EQUAL_TEXT(record(generation), SLICE("cccc"));
	generation_free(generation);
}

TEST(a_file_larger_than_a_read_comes_in_several)
{
	static char octets[3 * GENERATION_READ_SIZE];
	struct generation *generation;
	size_t records = 0, reads = 0;
	struct record record;
	int fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);

	memset(octets, 'x', sizeof(octets));
	for (size_t i = 99; i < sizeof(octets); i += 100)
		octets[i] = '\n';
	CHECK(write(fd, octets, sizeof(octets)) == sizeof(octets));
	close(fd);
	generation = open_log(0, false);
	for (; read_on(generation) > 0; reads++)
		while (generation_record(generation, &buffer, &record) == 1) {
			records++;
			CHECK_EQUAL_INT(record.end, records * 100);
			CHECK(
			    proves(generation, record.end, generation->check));
		}
	CHECK_EQUAL_INT(reads, 3);
	CHECK_EQUAL_INT(records, sizeof(octets) / 100);
	generation_free(generation);
}
