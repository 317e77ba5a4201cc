/*
 * One open file of a log, record by record, and what is known of it.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "file_reads.h"

TEST(each_record_moves_the_position_to_its_proven_end)
{
	struct log_file *file;

	write_log("a\nbb\n");
	file = open_log(0, false);
	CHECK_EQUAL_INT(read_on(file), 5);
	CHECK_EQUAL_TEXT(record(file), SLICE("a"));
	CHECK_EQUAL_INT(file->offset, 2);
	CHECK(proves(file, 2, file->check));
	CHECK(!proves(file, 3, file->check));
	CHECK_EQUAL_TEXT(record(file), SLICE("bb"));
	CHECK(proves(file, 5, file->check));
	CHECK(is_used_up(file));
	CHECK(file->at_end);
	CHECK_EQUAL_INT(read_on(file), 0);
	log_file_free(file);
}

TEST(an_unfinished_record_is_taken_when_it_is_asked_for)
{
	struct log_file *file;
	struct record rest;

	write_log("a\nhalf");
	file = open_log(0, false);
	CHECK_EQUAL_INT(read_on(file), 6);
	CHECK_EQUAL_TEXT(record(file), SLICE("a"));
	CHECK(is_used_up(file));
	CHECK_EQUAL_INT(file->offset, 2);
	CHECK_EQUAL_INT(log_file_rest(file, &rest), 1);
	CHECK_EQUAL_TEXT(rest.text, SLICE("half"));
	CHECK_EQUAL_INT(file->offset, 6);
	CHECK(proves(file, 6, file->check));
	CHECK_EQUAL_INT(log_file_rest(file, &rest), 0);
	log_file_free(file);
}

TEST(begins_inside_a_record_and_passes_its_rest_over)
{
	struct log_file *file;

	write_log("one\ntwo\n");
	file = open_log(1, true);
	CHECK_EQUAL_INT(read_on(file), 7);
	CHECK_EQUAL_TEXT(record(file), SLICE("two"));
	CHECK_EQUAL_INT(file->offset, 8);
	log_file_free(file);
}

TEST(an_offset_past_the_end_is_stale)
{
	struct log_file *file = NULL;
	int fd;

	write_log("a\n");
	fd = open(test_path("log"), O_RDONLY);
	CHECK_EQUAL_INT(log_file_new(fd, 3, false, 100, &file), RESULT_CHANGED);
	CHECK(file == NULL);
	close(fd);
}

/* What a file was opened with, what it has now, and another file has. */
static const struct {
	const char *opened;
	uint64_t offset; /* where reading began */
	const char *now;
	const char *other;
	enum log_file_state state;
	bool is_alike;
	bool is_proven;
} refills[] = {
    /* What was read proves it. */
    {"one\ntwo\n", 8, "one\ntwo\nmore\n", "one\n", LOG_FILE_INTACT, false,
	false},
    {"one\ntwo\n", 8, "three\n", "one\ntwo\n", LOG_FILE_TRUNCATED, true, true},
    {"one\ntwo\n", 8, "", "one\nfour\n", LOG_FILE_TRUNCATED, false, false},
    /* Or what there was to be read. */
    {"one\ntwo\n", 0, "one\ntwo\nmore\n", "one\n", LOG_FILE_INTACT, false,
	false},
    {"one\ntwo\n", 0, "other and more\n", "one\ntwo\nmore\n",
	LOG_FILE_TRUNCATED, true, true},
    {"one\ntwo\n", 0, "", "other\n", LOG_FILE_TRUNCATED, false, false},
    /* Lines all alike, or none, prove nothing; but they can be missing. */
    {"same\n", 0, "same\nsame\n", "same\n", LOG_FILE_UNPROVEN, true, false},
    {"same\n", 5, "same\nsame\n", "same\n", LOG_FILE_UNPROVEN, true, false},
    {"same\n", 5, "same\nsame\n", "more\n", LOG_FILE_UNPROVEN, false, false},
    {"same\n", 0, "more\n", "same\n", LOG_FILE_TRUNCATED, true, false},
    {"", 0, "", "one\ntwo\n", LOG_FILE_UNPROVEN, true, false},
    {"", 0, "one\ntwo\n", "one\ntwo\n", LOG_FILE_UNPROVEN, true, false},
};

static int
make_other(const char *text)
{
	int fd = open(
	    test_path("other"), O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	return fd;
}

TEST(what_it_had_tells_whether_it_was_truncated_and_what_is_a_copy)
{
	for (size_t i = 0; i < sizeof(refills) / sizeof(refills[0]); i++) {
		struct log_file *file;
		int other = make_other(refills[i].other);
		bool proven;

		(void)unlink(test_path("log"));
		write_log(refills[i].opened);
		file = open_log(refills[i].offset, false);
		CHECK_EQUAL_INT(truncate(test_path("log"), 0), 0);
		write_log(refills[i].now);
		CHECK_EQUAL_INT(log_file_state(file), refills[i].state);
		CHECK(log_file_is_alike(file, other, &proven) ==
		      refills[i].is_alike);
		CHECK(!refills[i].is_alike || proven == refills[i].is_proven);
		log_file_free(file);
		close(other);
	}
}

TEST(nuls_where_it_was_opened_are_no_fingerprint)
{
	struct log_file *file;
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(write(fd, "one\ntwo\n\0\0\0\0", 12) == 12);
	file = open_log(0, false);
	CHECK(pwrite(fd, "six\n", 4, 8) == 4);
	close(fd);
	CHECK_EQUAL_INT(log_file_state(file), LOG_FILE_UNPROVEN);
	log_file_free(file);
}

/* Whatever is done to it gives it another time, but not at once. */
TEST(a_file_rests_until_it_is_changed)
{
	struct sse_file_stat stat;
	struct log_file *file;

	write_log("a\n");
	file = open_log(0, false);
	CHECK(!log_file_rests(file));
	CHECK_EQUAL_INT(sse_fd_stat(file->fd, &stat), 0);
	log_file_rest_from(file, &stat, stat.ctime_ms + LOG_FILE_REST_MS - 1);
	CHECK(!log_file_rests(file));
	log_file_rest_from(file, &stat, stat.ctime_ms + LOG_FILE_REST_MS);
	CHECK(log_file_rests(file));
	stat.ctime_ms -= 1000;
	log_file_rest_from(file, &stat, stat.ctime_ms + LOG_FILE_REST_MS);
	CHECK(!log_file_rests(file));
	log_file_free(file);
}
