/*
 * log_reader.c - a reader of a log, and what its writer does to the log.
 */
#include "config.h"

#include "log_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ahead_clock.h"
#include "fdio.h"
#include "source/fingerprint.h"
#include "source/watch.h"

struct source_options options = {.follow = true,
    .record_size_max = 1024,
    .replay_size = UINT64_MAX,
    .rotate_wait_ms = 0};

void
reader_open(struct reader *reader, const char *name)
{
	reader->clock = ahead_clock(&reader->ahead_ms);
	options.clock = &reader->clock;
	CHECK_EQUAL_INT(file_new(test_path(name), &options, &reader->file), 0);
}

void
note_position(struct reader *reader, const struct source_position *position)
{
	reader->id_size = packed_format(position, reader->id);
}

void
note_forged(struct reader *reader, const struct sse_position *position)
{
	reader->id_size = sse_position_format(position, reader->id);
}

void
come(struct reader *reader, uint64_t records)
{
	struct source_start start = {.records = records};
	struct source_position position;

	memset(reader, 0, sizeof(*reader));
	sse_buf_init(&reader->got, 100000000);
	reader_open(reader, "log");
	CHECK_EQUAL_INT(file_start(reader->file, &start), 0);
	position = file_position(reader->file);
	note_position(reader, &position);
}

void
hang_up(struct reader *reader)
{
	file_free(reader->file);
	reader->file = NULL;
}

void
come_back(struct reader *reader)
{
	struct source_start start = {0};
	struct source_position position;
	struct sse_slice id = {reader->id, reader->id_size};

	reader_open(reader, "log");
	CHECK_EQUAL_INT(packed_parse(id, &position), 0);
	start.position = &position;
	CHECK_EQUAL_INT(file_start(reader->file, &start), 0);
	position = file_position(reader->file);
	note_position(reader, &position);
}

static void
note(struct reader *reader, const char *before, struct sse_slice text,
    const char *after)
{
	CHECK_EQUAL_INT(sse_buf_add(&reader->got, before, strlen(before)), 0);
	CHECK_EQUAL_INT(sse_buf_add(&reader->got, text.data, text.size), 0);
	CHECK_EQUAL_INT(sse_buf_add(&reader->got, after, strlen(after)), 0);
}

void
note_item(struct reader *reader, const struct source_item *item)
{
	static const char *const reasons[] = {"none", "rotated", "truncated",
	    "late", "unknown", "overrun", "limit"};

	if (item->kind == SOURCE_GAP) {
		note(reader, "<", sse_slice(reasons[item->reason]), ">");
		reader->skipped = item->skipped;
	} else if (item->kind == SOURCE_RECORD) {
		note(reader, item->has_position ? "" : "(", item->record.text,
		    item->has_position ? " " : ") ");
	}
	if (item->has_position)
		note_position(reader, &item->position);
}

/* Whether there is more soon: a hint, or the end of a short wait. */
static bool
comes_soon(const struct reader *reader)
{
	struct pollfd fd = {.fd = file_fd(reader->file), .events = POLLIN};
	int64_t timeout_ms = file_timeout_ms(reader->file);
	bool is_short = timeout_ms < WATCH_POLL_MS;

	return poll(&fd, 1, is_short ? (int)timeout_ms : 0) > 0 || is_short;
}

int
take(struct reader *reader)
{
	struct source_item item;
	int got;

	do
		got = file_next(reader->file, &item);
	while (got == 0 && comes_soon(reader));
	if (got == 1)
		note_item(reader, &item);
	return got;
}

void
take_all(struct reader *reader)
{
	int got;

	while ((got = take(reader)) == 1)
		;
	CHECK_EQUAL_INT(got, 0);
}

void
leave(struct reader *reader)
{
	hang_up(reader);
	sse_buf_done(&reader->got);
}

void
check_got(int line, struct reader *reader, const char *want)
{
	take_all(reader);
	test_equal_text(
	    __FILE__, line, sse_buf_slice(&reader->got), sse_slice(want));
	sse_buf_clear(&reader->got);
}

/* ------------------------------------------------------ the log's side -- */

void
append(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

void
move(const char *from, const char *to)
{
	CHECK(rename(test_path(from), test_path(to)) == 0);
}

void
copy(const char *from, const char *to)
{
	char bytes[4096];
	int in = open(test_path(from), O_RDONLY);
	int out = open(test_path(to), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t got;

	CHECK(in >= 0 && out >= 0);
	while ((got = read(in, bytes, sizeof(bytes))) > 0)
		CHECK(write(out, bytes, (size_t)got) == got);
	close(in);
	close(out);
}

void
empty(const char *name)
{
	CHECK(truncate(test_path(name), 0) == 0);
}

void
next_tick(void)
{
	const struct sse_clock *clock = sse_clock_system();
	struct timespec fine;
	int64_t now_ms;

	CHECK(clock_gettime(CLOCK_REALTIME, &fine) == 0);
	now_ms = (int64_t)fine.tv_sec * 1000 + fine.tv_nsec / 1000000;
	while (sse_clock_file_time_ms(clock) <= now_ms)
		poll(NULL, 0, 1);
}

const char *
last_words(const char *text, size_t count)
{
	const char *at = text + strlen(text);

	while (count-- > 0 && at > text)
		for (at--; at > text && at[-1] != ' ';)
			at--;
	return at;
}

void
check_newest(const char *all, size_t count)
{
	for (size_t wanted = 1; wanted <= count + 1; wanted++) {
		size_t has = wanted < count ? wanted : count;

		for (size_t cut = 0; cut <= has; cut++) {
			struct reader reader;

			come(&reader, wanted);
			for (size_t i = 0; i < cut; i++)
				CHECK_EQUAL_INT(take(&reader), 1);
			hang_up(&reader);
			come_back(&reader);
			CHECK_GOT(&reader, last_words(all, has));
			leave(&reader);
		}
	}
}

void
forge(struct reader *reader, const char *name, uint64_t offset)
{
	struct sse_position position = {.offset = offset};
	struct fingerprint fingerprint;
	struct sse_file_stat stat;
	int fd = open(test_path(name), O_RDONLY);

	CHECK_EQUAL_INT(sse_fd_stat(fd, &stat), 0);
	CHECK_EQUAL_INT(fingerprint_load(&fingerprint, fd, offset), 0);
	close(fd);
	position.file = fingerprint_file(&stat);
	position.check = fingerprint_check(&fingerprint);
	note_forged(reader, &position);
}

void
touch_later(const char *name, int seconds)
{
	struct timespec times[2] = {{0}, {0}};

	CHECK(clock_gettime(CLOCK_REALTIME, &times[0]) == 0);
	times[0].tv_sec += seconds;
	times[1] = times[0];
	CHECK(utimensat(AT_FDCWD, test_path(name), times, 0) == 0);
}

void
check_id(int line, struct reader *reader, const char *want)
{
	struct reader back = {0};

	memcpy(back.id, reader->id, reader->id_size);
	back.id_size = reader->id_size;
	sse_buf_init(&back.got, 1000000);
	come_back(&back);
	check_got(line, &back, want);
	leave(&back);
}
