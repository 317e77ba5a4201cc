/*
 * any_log.h - logs of lines of every kind, and a clock for those who read them:
 * what they find out of the same log is the same, ids and all.
 */
#ifndef ANY_LOG_H
#define ANY_LOG_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "random.h"
#include "ssekit.h"
#include "test.h"

#define ANY_LOG_SIZE 60000 /* bytes, about */

/* ---------------------------------------------------------------- clock -- */

#define ANY_LOG_WRITTEN_S 1000000 /* when the log was, as it says itself */

static int64_t any_log_ms; /* since the test began: for all readers alike */

static int64_t
any_log_monotonic_ms(void *context)
{
	(void)context;
	return any_log_ms;
}

static int64_t
any_log_file_time_ms(void *context)
{
	static int64_t began_ms;

	(void)context;
	if (began_ms == 0)
		began_ms = sse_clock_file_time_ms(sse_clock_system());
	return began_ms + any_log_ms;
}

static const struct sse_clock any_log_clock = {
    any_log_monotonic_ms, any_log_file_time_ms, NULL};

/* ----------------------------------------------------------------- logs -- */

/* Lines of every kind; of them each is as likely as its weight says. */
enum any_log_kind {
	KIND_PLAIN = 60,
	KIND_LONG = 62, /* about the limit of a record */
	KIND_CRLF = 66,
	KIND_BYTES = 76, /* any byte */
	KIND_UTF8 = 82,
	KIND_ESCAPE = 88,
	KIND_TABS = 94,
	KIND_NULS = 96,
	KIND_EMPTY = 100
};

static size_t
any_log_line(char *at, struct random *random)
{
	size_t kind = random_below(random, KIND_EMPTY);
	size_t size = random_below(random, 200);

	if (kind >= KIND_PLAIN && kind < KIND_LONG)
		size = 1015 + random_below(random, 20);
	for (size_t i = 0; i < size; i++)
		at[i] = (char)(' ' + random_below(random, 95));
	if (kind < KIND_CRLF)
		;
	else if (kind < KIND_BYTES)
		at[size / 2] = (char)random_below(random, 256);
	else if (kind < KIND_UTF8)
		memcpy(at + size, "\xc3\xa4\xff\xe2\x80\xae", 6), size += 6;
	else if (kind < KIND_ESCAPE)
		memcpy(at + size, "\x1b[1mbold\x1b]0;x", 13), size += 13;
	else if (kind < KIND_TABS)
		at[0] = '\t', size += size == 0;
	else if (kind < KIND_NULS)
		memset(at, 0, size);
	else
		size = 0;
	if (kind >= KIND_LONG && kind < KIND_CRLF)
		at[size++] = '\r';
	at[size++] = '\n';
	return size;
}

static char *
any_log(struct random *random, size_t *ret_size)
{
	char *log = malloc(ANY_LOG_SIZE + 2000);
	size_t size = 0;

	CHECK(log != NULL);
	if (random_below(random, 4) == 0) {
		memcpy(log, "\xef\xbb\xbf", 3);
		size = 3;
	}
	while (size < ANY_LOG_SIZE)
		size += any_log_line(log + size, random);
	*ret_size = size;
	return log;
}

static void
any_log_append(const char *name, struct sse_slice bytes)
{
	static int writes;
	const struct timespec at = {.tv_sec = ANY_LOG_WRITTEN_S + ++writes};
	const struct timespec times[] = {at, at};
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, bytes.data, bytes.size) == (ssize_t)bytes.size);
	/* Else what the two find could be of different times. */
	CHECK(futimens(fd, times) == 0);
	close(fd);
}

#endif
