/*
 * One read of a file of a log: that it is proven, and what NULs become.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_reads.h"

TEST(a_truncation_is_stale_and_nothing_of_it_is_taken)
{
	struct log_file *file;

	write_log("aaaa\nbbbb\n");
	file = open_log(5, false);
	CHECK(truncate(test_path("log"), 0) == 0);
	CHECK_EQUAL_INT(read_on(file), RESULT_CHANGED);
	/* Refilled past the offset: only the bytes before it tell. */
	write_log("cccc\ndddd\n");
	CHECK_EQUAL_INT(read_on(file), RESULT_CHANGED);
	CHECK(is_used_up(file));
	log_file_free(file);
}

/* The same bytes again are the same log, as far as anyone can tell. */
TEST(a_refill_with_the_same_bytes_is_no_change)
{
	struct log_file *file;

	write_log("aaaa\nbbbb\n");
	file = open_log(5, false);
	CHECK(truncate(test_path("log"), 0) == 0);
	write_log("aaaa\ncccc\n");
	CHECK_EQUAL_INT(read_on(file), 5);
	CHECK_EQUAL_TEXT(record(file), SLICE("cccc"));
	log_file_free(file);
}

TEST(a_file_larger_than_a_read_comes_in_several)
{
	static char bytes[3 * LOG_FILE_READ_SIZE];
	struct log_file *file;
	size_t records = 0, reads = 0;
	struct record record;
	int fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);

	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 99; i < sizeof(bytes); i += 100)
		bytes[i] = '\n';
	CHECK(write(fd, bytes, sizeof(bytes)) == sizeof(bytes));
	close(fd);
	file = open_log(0, false);
	for (; read_on(file) > 0; reads++)
		while (log_file_record(file, &buffer, &record) == 1) {
			records++;
			CHECK_EQUAL_INT(record.end, records * 100);
			CHECK(proves(file, record.end, file->check));
		}
	CHECK_EQUAL_INT(reads, 3);
	CHECK_EQUAL_INT(records, sizeof(bytes) / 100);
	log_file_free(file);
}

/* ------------------------------------------------- NULs, and old sizes -- */

#define GIBS_2 (UINT64_C(1) << 31)

static unsigned preads;
static unsigned tried, try_that_fails; /* reads; 0: none fails */
static int64_t shown_size = -1;        /* of a file; -1: as it is */
static int stat_error;

ssize_t __real_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __real_sse_fd_pread_all(
    int fd, void *bytes, size_t size, uint64_t offset);
ssize_t __wrap_sse_fd_pread_all(
    int fd, void *bytes, size_t size, uint64_t offset);
int __real_sse_fd_stat(int fd, struct sse_file_stat *ret_stat);
int __wrap_sse_fd_stat(int fd, struct sse_file_stat *ret_stat);

static bool
fails(void)
{
	return ++tried == try_that_fails;
}

ssize_t
__wrap_sse_fd_pread(int fd, void *bytes, size_t size, uint64_t offset)
{
	preads++;
	return fails() ? -EIO : __real_sse_fd_pread(fd, bytes, size, offset);
}

ssize_t
__wrap_sse_fd_pread_all(int fd, void *bytes, size_t size, uint64_t offset)
{
	return fails() ? -EIO
		       : __real_sse_fd_pread_all(fd, bytes, size, offset);
}

int
__wrap_sse_fd_stat(int fd, struct sse_file_stat *ret_stat)
{
	int error = __real_sse_fd_stat(fd, ret_stat);

	if (shown_size >= 0)
		ret_stat->size = (uint64_t)shown_size;
	return stat_error != 0 ? stat_error : error;
}

static void
write_at(uint64_t offset, struct sse_slice text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT, 0600);

	CHECK(pwrite(fd, text.data, text.size, (off_t)offset) ==
	      (ssize_t)text.size);
	close(fd);
}

/* Until the time of a change is another than that of those before. */
static void
next_tick(const struct log_file *file)
{
	struct sse_file_stat stat;

	do {
		write_at(0, (struct sse_slice){file->fingerprint.head, 1});
		CHECK_EQUAL_INT(__real_sse_fd_stat(file->fd, &stat), 0);
	} while (stat.mtime_ms == file->mtime_ms);
}

/* All there is, read by read: the records with a blank after each. */
static const char *
all_of(struct log_file *file)
{
	static char text[4096];
	struct fingerprint fingerprint;
	struct record record;
	size_t size = 0;

	text[0] = '\0';
	do {
		while (log_file_record(file, &buffer, &record) == 1) {
			size +=
			    (size_t)snprintf(text + size, sizeof(text) - size,
				"%s%.*s ", record.late ? "late:" : "",
				(int)record.text.size, record.text.data);
			CHECK(fingerprint_proves(
			    &fingerprint, file->fd, file->offset, file->check));
		}
	} while (read_on(file) > 0);
	return text;
}

#define CHECK_ALL(file, want) \
	CHECK_EQUAL_TEXT(sse_slice(all_of(file)), SLICE(want))

TEST(nuls_before_a_record_are_passed_over_when_it_comes)
{
	static const uint64_t sizes[] = {1, 127, 128, 1023, 1024, 4096,
	    LOG_FILE_READ_SIZE - 3, LOG_FILE_READ_SIZE,
	    3 * LOG_FILE_READ_SIZE + 5, GIBS_2};

	for (size_t i = 0; i < 2 * sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t begin = i % 2 == 0 ? 0 : 4, size = sizes[i / 2];
		struct log_file *file;

		(void)unlink(test_path("log"));
		write_at(0, (struct sse_slice){"one\n", (size_t)begin});
		file = open_log(0, false);
		CHECK_EQUAL_TEXT(sse_slice(all_of(file)),
		    begin == 0 ? SLICE("") : SLICE("one "));
		CHECK(truncate(test_path("log"), (off_t)(begin + size)) == 0);
		/* Nothing follows yet. */
		CHECK_ALL(file, "");
		CHECK_EQUAL_INT(file->fingerprint.offset, begin);
		CHECK(file->at_end);
		write_at(begin + size, SLICE("two\nthree\n"));
		preads = 0;
		CHECK_ALL(file, "two three ");
		CHECK_EQUAL_INT(file->offset, begin + size + 10);
		CHECK(preads < 30);
		log_file_free(file);
	}
}

/* Written, not a hole; and more than a record may have. */
TEST(nuls_that_were_written_do_not_count_for_the_limit)
{
	static char nuls[5 * LOG_FILE_READ_SIZE + 7];
	struct log_file *file;

	write_at(0, (struct sse_slice){nuls, sizeof(nuls)});
	write_at(sizeof(nuls), SLICE("whole\n"));
	file = open_log(0, false);
	CHECK_ALL(file, "whole ");
	CHECK_EQUAL_INT(file->offset, sizeof(nuls) + 6);
	log_file_free(file);
}

TEST(nuls_at_the_end_are_room_for_what_comes)
{
	static char nuls[3 * LOG_FILE_READ_SIZE];
	struct log_file *file;

	write_at(0, SLICE("a\nhal"));
	write_at(5, (struct sse_slice){nuls, sizeof(nuls)});
	file = open_log(0, false);
	CHECK_ALL(file, "a ");
	CHECK(file->at_end);
	write_at(5, SLICE("f\nb\n"));
	CHECK_ALL(file, "half b ");
	write_at(9, SLICE("c\n"));
	CHECK_ALL(file, "c ");
	CHECK_EQUAL_INT(file->offset, 11);
	CHECK(file->at_end);
	log_file_free(file);
}

TEST(what_nuls_are_filled_with_after_they_were_passed_over_is_late)
{
	struct log_file *file;

	write_at(0, SLICE("one\n"));
	write_at(24, SLICE("four\n"));
	file = open_log(0, false);
	CHECK_ALL(file, "one four ");
	next_tick(file);
	/* A line and a half; the rest is not there yet. */
	write_at(4, SLICE("two two\nthree"));
	CHECK_ALL(file, "late:two two ");
	next_tick(file);
	write_at(17, SLICE(" three\n"));
	CHECK_ALL(file, "late:three three ");
	next_tick(file);
	write_at(29, SLICE("five\n"));
	CHECK_ALL(file, "five ");
	CHECK_EQUAL_INT(file->offset, 34);
	log_file_free(file);
}

/* Two that write at once do so within one tick of the clock. */
TEST(nuls_that_are_filled_in_the_tick_of_a_read_are_late)
{
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1000}};
	struct log_file *file;

	write_at(0, SLICE("one\n"));
	write_at(8, SLICE("three\n"));
	CHECK(utimensat(AT_FDCWD, test_path("log"), times, 0) == 0);
	file = open_log(0, false);
	CHECK_ALL(file, "one three ");
	write_at(4, SLICE("two\n"));
	CHECK(utimensat(AT_FDCWD, test_path("log"), times, 0) == 0);
	CHECK_ALL(file, "late:two ");
	CHECK_ALL(file, "");
	log_file_free(file);
}

/* Of which a read sees no end, and there are no NULs behind it. */
TEST(a_line_longer_than_a_read_that_nuls_are_filled_with_is_late)
{
	static char line[2 * LOG_FILE_READ_SIZE + 5];
	struct log_file *file;

	memset(line, 'x', sizeof(line));
	memcpy(line, "one\n", 4);
	line[sizeof(line) - 1] = '\n';
	write_at(0, (struct sse_slice){line, 4});
	write_at(sizeof(line), SLICE("three\n"));
	file = open_log(0, false);
	CHECK_ALL(file, "one three ");
	next_tick(file);
	/* The line is not there to its end yet. */
	write_at(4, (struct sse_slice){line + 4, LOG_FILE_READ_SIZE + 10});
	CHECK_ALL(file, "");
	next_tick(file);
	write_at(4, (struct sse_slice){line + 4, sizeof(line) - 4});
	CHECK_ALL(file,
	    "late:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ");
	CHECK_EQUAL_INT(file->offset, sizeof(line) + 6);
	next_tick(file);
	write_at(sizeof(line) + 6, SLICE("four\n"));
	CHECK_ALL(file, "four ");
	log_file_free(file);
}

/* Where its position is not: that is the beginning of the file. */
TEST(nuls_where_a_file_was_begun_inside_an_event_are_filled_there)
{
	struct log_file *file;

	write_at(0, SLICE("one\n\ntwo\n"));
	file = open_log(9, false);
	log_file_begin_inside(file, false);
	CHECK_EQUAL_INT(file->offset, 0);
	write_at(20, SLICE("four\n"));
	CHECK_ALL(file, "four ");
	next_tick(file);
	write_at(25, SLICE("five\n"));
	CHECK_ALL(file, "five ");
	next_tick(file);
	write_at(9, SLICE("three\n"));
	CHECK_ALL(file, "late:three ");
	CHECK_EQUAL_INT(file->offset, 30);
	log_file_free(file);
}

/* Whichever read fails: what an id says of the place is what is there. */
TEST(a_check_is_of_what_nuls_were_filled_with_though_a_read_failed)
{
	int error = -EIO;

	for (unsigned failed = 1; error == -EIO; failed++) {
		struct log_file *file;

		(void)unlink(test_path("log"));
		write_at(0, SLICE("one\n"));
		write_at(24, SLICE("four\n"));
		file = open_log(0, false);
		CHECK_ALL(file, "one four ");
		next_tick(file);
		write_at(4, SLICE("two"));
		tried = 0;
		try_that_fails = failed;
		error = (int)read_on(file);
		try_that_fails = 0;
		CHECK(error == -EIO || error == 0);
		CHECK_ALL(file, "");
		CHECK(proves(file, file->offset, file->check));
		log_file_free(file);
		CHECK(failed < 100);
	}
	CHECK_EQUAL_INT(error, 0);
}

TEST(a_hole_inside_a_record_is_left_out_of_it)
{
	struct log_file *file;
	struct record record;

	write_at(0, SLICE("abc"));
	write_at(GIBS_2, SLICE("def\nnext\n"));
	file = open_log(0, false);
	preads = 0;
	while (log_file_record(file, &buffer, &record) == 0)
		CHECK(read_on(file) > 0);
	CHECK(preads < 30);
	CHECK(
	    record.text.size <= 100 && memcmp(record.text.data, "abc", 3) == 0);
	CHECK_EQUAL_INT(
	    record.text.size + record.left_out, GIBS_2 + SLICE("def").size);
	CHECK_ALL(file, "next ");
	log_file_free(file);
}

/* A truncation that other NULs make look alike is one all the same. */
TEST(a_refill_is_none_of_nuls)
{
	struct log_file *file;

	write_at(16, SLICE("one\n"));
	file = open_log(0, false);
	CHECK_ALL(file, "one ");
	CHECK(truncate(test_path("log"), 0) == 0);
	write_at(0, SLICE("other\nlines\nand more of them\n"));
	CHECK_EQUAL_INT(read_on(file), RESULT_CHANGED);
	log_file_free(file);
}

TEST(a_size_that_is_older_than_the_data_is_no_truncation)
{
	struct log_file *file;

	write_at(0, SLICE("one\ntwo\n"));
	file = open_log(0, false);
	CHECK_ALL(file, "one two ");
	write_at(8, SLICE("three\n"));
	for (shown_size = 0; shown_size <= 8; shown_size++) {
		CHECK_EQUAL_INT(read_on(file), 0);
		CHECK(file->at_end);
	}
	/* Nothing behind it is read. */
	shown_size = 11;
	CHECK_ALL(file, "");
	CHECK_EQUAL_INT(file->fingerprint.offset, 11);
	shown_size = -1;
	CHECK_ALL(file, "three ");
	/* A real one. */
	CHECK(truncate(test_path("log"), 4) == 0);
	CHECK_EQUAL_INT(read_on(file), RESULT_CHANGED);
	log_file_free(file);
}

/* A write that is under way: the file has its time, and not yet its size. */
static bool is_being_written;

uint64_t __real_sse_fd_data_from(int fd, uint64_t offset, uint64_t end);
uint64_t __wrap_sse_fd_data_from(int fd, uint64_t offset, uint64_t end);

/* Waits for it, as the kernel does. */
uint64_t
__wrap_sse_fd_data_from(int fd, uint64_t offset, uint64_t end)
{
	if (is_being_written)
		write_at(0, SLICE("one\n"));
	is_being_written = false;
	return __real_sse_fd_data_from(fd, offset, end);
}

TEST(a_file_that_is_being_written_to_was_not_emptied)
{
	const struct timespec times[] = {{1, 0}, {0, UTIME_OMIT}};
	struct sse_file_stat stat;
	struct log_file *file;

	write_at(0, SLICE(""));
	file = open_log(0, false);
	CHECK_EQUAL_INT(sse_fd_stat(file->fd, &stat), 0);
	CHECK(log_file_is_empty(file, &stat));
	is_being_written = true;
	CHECK(!log_file_is_empty(file, &stat));
	/* The same where it is read, and shows another time. */
	CHECK(truncate(test_path("log"), 0) == 0);
	CHECK(utimensat(AT_FDCWD, test_path("log"), times, 0) == 0);
	file->mtime_ms = 1;
	is_being_written = true;
	CHECK(read_on(file) != RESULT_CHANGED);
	CHECK_ALL(file, "one ");
	log_file_free(file);
}

TEST(what_the_system_says_is_what_is_returned)
{
	static const int errors[] = {-ESTALE, -EIO, -EAGAIN};
	struct log_file *file;

	write_at(0, SLICE("one\n"));
	file = open_log(0, false);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		stat_error = errors[i];
		CHECK_EQUAL_INT(read_on(file), stat_error);
	}
	stat_error = 0;
	CHECK_ALL(file, "one ");
	log_file_free(file);
}
