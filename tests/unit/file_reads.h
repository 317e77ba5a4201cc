/*
 * file_reads.h - a file of a log, what is written to it, and what is read of
 * it.
 */
#ifndef FILE_READS_H
#define FILE_READS_H

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "source/log_file_read.h"
#include "test.h"

static struct log_file_buffer buffer;

__attribute__((unused)) static void
write_log(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

__attribute__((unused)) static struct log_file *
open_log(uint64_t offset, bool discard)
{
	int fd = open(test_path("log"), O_RDONLY);
	struct log_file *file;

	CHECK(fd >= 0);
	CHECK_EQUAL_INT(log_file_new(fd, offset, discard, 100, &file), 0);
	return file;
}

__attribute__((unused)) static ssize_t
read_on(struct log_file *file)
{
	ssize_t got = log_file_read(file, &buffer, UINT64_MAX);

	if (got >= 0)
		log_file_take(file, &buffer);
	return got;
}

__attribute__((unused)) static struct sse_slice
record(struct log_file *file)
{
	struct record record;

	CHECK_EQUAL_INT(log_file_record(file, &buffer, &record), 1);
	return record.text;
}

__attribute__((unused)) static bool
proves(const struct log_file *file, uint64_t offset, uint64_t check)
{
	struct fingerprint fingerprint;

	return fingerprint_proves(&fingerprint, file->fd, offset, check);
}

__attribute__((unused)) static bool
is_used_up(struct log_file *file)
{
	struct record record;

	return log_file_record(file, &buffer, &record) == 0;
}

#endif
