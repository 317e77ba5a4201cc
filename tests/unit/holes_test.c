/*
 * holes_test.c - logs with holes, and with NULs at their end: where a reader
 * begins, how it resumes, what is found in them, and by how many reads.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/boundary.h"
#include "file_source.h"
#include "log_search.h"
#include "record/reverse_reader.h"
#include "record/seek.h"
#include "source/find_time.h"

#define GIBS_2 (UINT64_C(1) << 31)
#define READS_MAX 60 /* whatever there is in the hole */
#define REPLAY (UINT64_C(1) << 20)

static unsigned reads;

ssize_t __real_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);

ssize_t
__wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset)
{
	reads++;
	return __real_sse_fd_pread(fd, bytes, size, offset);
}

static void
write_at(uint64_t offset, const char *text)
{
	int fd = open(test_path("log"), O_RDWR | O_CREAT, 0600);

	CHECK(fd >= 0);
	CHECK(pwrite(fd, text, strlen(text), (off_t)offset) ==
	      (ssize_t)strlen(text));
	close(fd);
}

static void
grow(uint64_t size)
{
	CHECK(truncate(test_path("log"), (off_t)size) == 0);
}

static const struct source_options options = {
    .record_size_max = 1000, .replay_size = REPLAY, .follow = true};

/* What a reader with that start gets now; its position is in *position. */
static const char *
got_from(const struct source_start *start, struct source_position *ret_position)
{
	static char text[4096];
	struct source_options all = options;
	struct source_item item = {.kind = SOURCE_MARK};
	struct file *file;
	size_t size = 0;

	all.clock = sse_clock_system();
	text[0] = '\0';
	reads = 0;
	CHECK_EQUAL_INT(file_new(test_path("log"), &all, &file), 0);
	CHECK_EQUAL_INT(file_start(file, start), 0);
	*ret_position = file_position(file);
	while (file_next(file, &item) == 1 || file_timeout_ms(file) == 0) {
		if (item.kind == SOURCE_GAP)
			size += (size_t)snprintf(
			    text + size, sizeof(text) - size, "<gap> ");
		if (item.kind == SOURCE_RECORD)
			size += (size_t)snprintf(text + size,
			    sizeof(text) - size, "%.*s ",
			    (int)item.record.text.size, item.record.text.data);
		if (item.has_position)
			*ret_position = item.position;
		item.kind = SOURCE_MARK;
		item.has_position = false;
	}
	file_free(file);
	CHECK(reads < READS_MAX);
	return text;
}

static const char *
got_of_newest(uint64_t records)
{
	struct source_start start = {.records = records};
	struct source_position position;

	return got_from(&start, &position);
}

#define CHECK_NEWEST(records, want) \
	CHECK_EQUAL_TEXT(sse_slice(got_of_newest(records)), SLICE(want))

TEST(the_newest_records_are_found_over_a_hole)
{
	write_at(0, "one\ntwo\n");
	write_at(GIBS_2, "three\nfour\n");
	CHECK_NEWEST(0, "");
	CHECK_NEWEST(1, "four ");
	CHECK_NEWEST(2, "three four ");
	CHECK_NEWEST(3, "two three four ");
	CHECK_NEWEST(9, "one two three four ");
	CHECK_NEWEST(SOURCE_RECORDS_ALL, "one two three four ");
}

TEST(the_newest_records_are_those_before_nuls_at_the_end)
{
	write_at(0, "one\ntwo\nthr");
	grow(GIBS_2);
	CHECK_NEWEST(0, "");
	CHECK_NEWEST(1, "two ");
	CHECK_NEWEST(9, "one two ");
	write_at(11, "ee\n");
	CHECK_NEWEST(1, "three ");
}

/* Written ones, more than may be looked through: inside them is as good. */
TEST(a_record_behind_more_nuls_than_replay_is_whole)
{
	char *nuls = calloc(1, 2 * REPLAY);
	int fd = open(test_path("log"), O_RDWR | O_CREAT, 0600);

	CHECK(nuls != NULL);
	CHECK(write(fd, "old\n", 4) == 4);
	CHECK(write(fd, nuls, 2 * REPLAY) == (ssize_t)(2 * REPLAY));
	CHECK(write(fd, "whole\nnext\n", 11) == 11);
	for (uint64_t records = 2; records < 4; records++) {
		uint64_t end = 4 + 2 * REPLAY + 11, offset;

		CHECK_EQUAL_INT(
		    seek_back(fd, end, records, REPLAY, &offset), 0);
		CHECK_EQUAL_INT(offset, end - REPLAY);
	}
	close(fd);
	free(nuls);
}

TEST(a_position_before_a_hole_resumes_behind_it)
{
	struct source_position first, position;
	struct source_start start = {.records = SOURCE_RECORDS_ALL};

	write_at(0, "one\n");
	(void)got_from(&start, &first);
	start = (struct source_start){.position = &first};
	grow(GIBS_2);
	CHECK_EQUAL_TEXT(sse_slice(got_from(&start, &position)), SLICE(""));
	CHECK_EQUAL_INT(packed_offset(position), 4);
	write_at(GIBS_2, "two\n");
	CHECK_EQUAL_TEXT(sse_slice(got_from(&start, &position)), SLICE("two "));
	CHECK_EQUAL_INT(packed_offset(position), GIBS_2 + 4);
	start.position = &position;
	write_at(GIBS_2 + 4, "three\n");
	CHECK_EQUAL_TEXT(sse_slice(got_from(&start, &first)), SLICE("three "));
}

/* A time-stamped line at each end of each hole. */
TEST(a_time_is_found_behind_a_hole)
{
	static const struct stream_conf conf = {.record_size_max = 1000,
	    .time_format = "%s",
	    .replay_size = REPLAY};
	static const struct {
		int second;
		const char *want;
	} cases[] = {{5, "1000000010 a "}, {15, "1000000020 b "},
	    {20, "1000000020 b "}, {25, "1000000030 c "}, {35, "1000000040 d "},
	    {45, "1000000050 e "}, {55, ""}};

	write_at(0, "1000000010 a\n1000000020 b\n");
	write_at(GIBS_2, "1000000030 c\n1000000040 d\n");
	write_at(2 * GIBS_2, "1000000050 e\n");
	grow(3 * GIBS_2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct stream_conf of_log = conf;
		struct sse_position plain;
		struct source_position found, position;
		struct source_start start = {
		    .position = &found, .is_ours = true};
		struct find_time *since;
		struct log_search search;
		const char *got;
		int error;

		of_log.source = test_path("log");
		reads = 0;
		log_search_init(&search, &of_log, sse_clock_system(), NULL);
		CHECK_EQUAL_INT(
		    find_time_new(&search.options, search.names,
			(1000000000 + cases[i].second) * INT64_C(1000), &since),
		    0);
		while ((error = find_time_next(since, &plain)) == 0)
			;
		CHECK_EQUAL_INT(error, 1);
		found = sse_position_pack(&plain);
		CHECK(reads < 4 * READS_MAX);
		find_time_free(since);
		log_search_done(&search);
		got = got_from(&start, &position);
		if (strncmp(got, cases[i].want, strlen(cases[i].want)) != 0)
			CHECK_EQUAL_TEXT(
			    sse_slice(got), sse_slice(cases[i].want));
	}
}

static bool
begins(void *context, struct sse_slice line)
{
	(void)context;
	return line.size > 0 && line.data[0] >= 'A' && line.data[0] <= 'Z';
}

static const struct record_rule rules[] = {
    {.kind = RECORD_IS_LINE}, {RECORD_HAS_START, begins, NULL}};

/* Backwards: the texts, whatever is between them. */
TEST(records_are_found_backwards_over_nuls)
{
	static const uint64_t holes[] = {1, 50, 2000, REVERSE_READER_READ_SIZE,
	    5 * REVERSE_READER_READ_SIZE, GIBS_2};
	static const char *const wanted[] = {
	    "more;Two;x;Last;One;", "Two\nmore;Last\nx;One;"};

	for (size_t i = 0; i < 2 * sizeof(holes) / sizeof(holes[0]); i++) {
		const char *want = wanted[i % 2];
		uint64_t hole = holes[i / 2];
		struct reverse_reader reverse;
		struct record record;
		char got[200] = "";
		int result;
		int fd;

		(void)unlink(test_path("log"));
		write_at(0, "One\nLast\nx\n");
		write_at(11 + hole, "Two\nmore\n");
		fd = open(test_path("log"), O_RDONLY);
		reverse_reader_init(
		    &reverse, &(struct reverse_reader_options){.fd = fd,
				  .rule = &rules[i % 2],
				  .end = 11 + hole + 9,
				  .bytes_max = REPLAY,
				  .record_size_max = 100});
		reads = 0;
		while ((result = reverse_reader_next(&reverse, &record)) >= 0)
			if (result == 1)
				(void)snprintf(got + strlen(got),
				    sizeof(got) - strlen(got), "%.*s;",
				    (int)record.text.size, record.text.data);
		CHECK_EQUAL_INT(result, RESULT_NONE);
		CHECK(reads < READS_MAX);
		CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want));
		reverse_reader_done(&reverse);
		close(fd);
	}
}
