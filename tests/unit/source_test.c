/*
 * What becomes of a source when what its path leads to turns out to be, or
 * becomes, something else.
 */
#include "config.h"

#include "positions.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/file.h"
#include "source/pipe.h"
#include "source/source.h"
#include "source/watch.h"

static struct source_options options = {.record_size_max = 1024,
    .replay_size = UINT64_MAX,
    .follow = true,
    .random = 9};

static struct source *
start(const struct source_start *start)
{
	struct source *source;

	options.clock = sse_clock_system();
	CHECK_EQUAL_INT(source_new(test_path("log"), &options, &source), 0);
	CHECK_EQUAL_INT(source_start(source, start), 0);
	return source;
}

static struct source *
start_at_end(void)
{
	return start(&(struct source_start){0});
}

static void
make_fifo(const char *name)
{
	CHECK(mkfifo(test_path(name), 0600) == 0);
}

/* Into a file, or a FIFO that somebody reads. */
static void
put(const char *text)
{
	int flags = O_WRONLY | O_APPEND | O_NONBLOCK | O_CREAT;
	int fd = open(test_path("log"), flags, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static bool
is_ready(const struct source *source)
{
	struct pollfd fd = {.fd = source_poll(source).fd, .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

/* Whether there is more soon: a hint, or the end of a short wait. */
static bool
comes_soon(const struct source *source)
{
	struct pollfd fd = {.fd = source_poll(source).fd, .events = POLLIN};
	int64_t timeout_ms = source_poll(source).timeout_ms;
	bool is_short = timeout_ms < WATCH_POLL_MS;

	return poll(&fd, 1, is_short ? (int)timeout_ms : 0) > 0 || is_short;
}

/* The next item but for marks; false: there is none soon. */
static bool
take(struct source *source, struct source_item *item)
{
	int got;

	do
		got = source_next(source, item);
	while (got == RESULT_PARTIAL ||
	       (got == 0 ? comes_soon(source) : item->kind == SOURCE_MARK));
	CHECK(got == 0 || got == 1);
	return got == 1;
}

static void
check_record(struct source *source, const char *text, uint64_t epoch)
{
	struct source_item item;

	CHECK(take(source, &item));
	CHECK(item.kind == SOURCE_RECORD);
	CHECK_EQUAL_TEXT(item.record.text, sse_slice(text));
	CHECK(item.has_position);
	CHECK_EQUAL_INT(sse_position_unpack(&item.position).epoch, epoch);
}

static void
check_gap(struct source *source, enum gap_reason reason)
{
	struct source_item item;

	CHECK(take(source, &item));
	CHECK(item.kind == SOURCE_GAP);
	CHECK_EQUAL_INT(item.reason, reason);
}

static void
check_nothing(struct source *source, int error)
{
	struct source_item item;
	struct source_poll poll;

	CHECK(!take(source, &item));
	poll = source_poll(source);
	if (poll.awaited && poll.error == -ENOENT)
		poll.error = 0; /* it is only awaited */
	CHECK_EQUAL_INT(poll.error, error);
}

/* -------------------------------------- a FIFO that comes after its reader --
 */

TEST(a_fifo_that_comes_later_is_read)
{
	struct source *source = start_at_end();

	check_nothing(source, 0);
	make_fifo("log");
	CHECK(is_ready(source));
	check_nothing(source, 0);
	put("a\n");
	CHECK(is_ready(source));
	check_record(source, "a", 9);
	check_nothing(source, 0);
	put("b\n");
	check_record(source, "b", 9);
	source_free(source);
}

TEST(a_reader_of_a_fifo_that_comes_later_is_told_a_gap_once)
{
	const struct source_position nothing = {{0}};
	const struct source_start starts[] = {
	    {.gap = GAP_UNKNOWN}, {.position = &nothing}};

	for (size_t i = 0; i < 2; i++) {
		struct source *source = start(&starts[i]);

		if (i == 0)
			check_gap(source, GAP_UNKNOWN);
		check_nothing(source, 0);
		make_fifo("log");
		/* It may have been there between two visits. */
		if (i == 1)
			check_gap(source, GAP_UNKNOWN);
		check_nothing(source, 0);
		put("a\n");
		check_record(source, "a", 9);
		source_free(source);
		CHECK(unlink(test_path("log")) == 0);
	}
}

/* The start is a caller's, and may be gone when the FIFO comes. */
TEST(the_start_is_kept_for_the_fifo)
{
	struct source_position *position = calloc(1, sizeof(*position));
	struct source_start *given = calloc(1, sizeof(*given));
	struct source *source;

	given->position = position;
	source = start(given);
	free(given);
	free(position);
	check_nothing(source, 0);
	make_fifo("log");
	check_gap(source, GAP_UNKNOWN);
	source_free(source);
}

TEST(a_fifo_that_another_reads_is_waited_for)
{
	struct source *source = start_at_end();
	char bytes[10];
	int other;

	make_fifo("new");
	other = open(test_path("new"), O_RDONLY | O_NONBLOCK);
	CHECK(flock(other, LOCK_EX | LOCK_NB) == 0);
	CHECK(rename(test_path("new"), test_path("log")) == 0);
	check_nothing(source, RESULT_BUSY);
	CHECK_EQUAL_INT(source_poll(source).timeout_ms, WATCH_POLL_MS);
	put("a\n");
	check_nothing(source, RESULT_BUSY);
	CHECK_EQUAL_INT(read(other, bytes, sizeof(bytes)), 2);
	close(other);
	check_nothing(source, 0);
	put("b\n");
	check_record(source, "b", 9);
	source_free(source);
}

TEST(a_file_in_place_of_a_fifo_that_was_waited_for_is_followed)
{
	struct source *source = start_at_end();
	int other;

	make_fifo("log");
	other = open(test_path("log"), O_RDONLY | O_NONBLOCK);
	CHECK(flock(other, LOCK_EX | LOCK_NB) == 0);
	check_nothing(source, RESULT_BUSY);
	CHECK(unlink(test_path("log")) == 0);
	check_nothing(source, 0);
	put("a\n");
	/* The name was another's for a while. */
	check_gap(source, GAP_ROTATED);
	check_record(source, "a", 0);
	close(other);
	source_free(source);
}

TEST(what_is_neither_is_an_error_until_it_is_gone)
{
	struct source *source = start_at_end();

	CHECK(mkdir(test_path("log"), 0700) == 0);
	check_nothing(source, RESULT_WRONG_KIND);
	CHECK(rmdir(test_path("log")) == 0);
	check_nothing(source, 0);
	make_fifo("log");
	check_nothing(source, 0);
	put("a\n");
	check_record(source, "a", 9);
	source_free(source);
}

TEST(not_followed_it_has_ended_before_a_fifo_comes)
{
	struct source_item item;
	struct source *source;

	options.follow = false;
	source = start_at_end();
	make_fifo("log");
	CHECK(take(source, &item));
	CHECK(item.kind == SOURCE_END);
	CHECK(!take(source, &item));
	CHECK_EQUAL_INT(open(test_path("log"), O_WRONLY | O_NONBLOCK), -1);
	source_free(source);
}

/* ------------------------------------ a FIFO in place of a file that was read
 * -- */

/* Nobody reads it: a writer would lose its lines. */
TEST(a_fifo_in_place_of_a_file_is_an_error_and_not_opened)
{
	struct source *source;
	int old;

	put("a\n");
	old = open(test_path("log"), O_WRONLY | O_APPEND);
	source = start(&(struct source_start){.records = 1});
	check_record(source, "a", 0);
	make_fifo("new");
	CHECK(rename(test_path("new"), test_path("log")) == 0);
	for (int i = 0; i < 3; i++) {
		check_nothing(source, RESULT_WRONG_KIND);
		CHECK(source_poll(source).timeout_ms > 0);
		CHECK_EQUAL_INT(
		    open(test_path("log"), O_WRONLY | O_NONBLOCK), -1);
		CHECK_EQUAL_INT(errno, ENXIO);
		CHECK(write(old, "b\n", 2) == 2);
		check_record(source, "b", 0);
	}
	close(old);
	source_free(source);
}

/* Who comes back to a log that others read has all of it. */
TEST(a_reader_that_joins_a_file_reads_a_file_whatever_has_its_name)
{
	struct source_position position;
	struct source *leader, *reader;

	put("a\nb\nc\n");
	leader = start_at_end();
	options.ops = source_ops(leader);
	reader = start(&(struct source_start){.records = 3});
	check_record(reader, "a", 0);
	position = source_position(reader);
	source_free(reader);
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	make_fifo("log");
	check_nothing(leader, RESULT_WRONG_KIND);
	reader = start(&(struct source_start){.position = &position});
	CHECK(source_ops(reader) == &file_ops);
	source_follow(reader, leader);
	check_record(reader, "b", 0);
	check_record(reader, "c", 0);
	check_nothing(reader, RESULT_WRONG_KIND);
	CHECK(source_meets(reader));
	CHECK(source_ops(leader) == &file_ops);
	/* Nobody has opened it. */
	CHECK_EQUAL_INT(open(test_path("log"), O_WRONLY | O_NONBLOCK), -1);
	source_free(reader);
	source_free(leader);
}

TEST(a_fifo_stays_one_when_a_file_takes_its_name)
{
	struct source *source;
	int writer;

	make_fifo("log");
	source = start_at_end();
	writer = open(test_path("log"), O_WRONLY | O_NONBLOCK);
	CHECK(writer >= 0);
	CHECK(unlink(test_path("log")) == 0);
	put("file\n");
	CHECK(source_ops(source) == &pipe_ops);
	CHECK(write(writer, "fifo\n", 5) == 5);
	check_record(source, "fifo", 9);
	check_nothing(source, 0);
	close(writer);
	source_free(source);
}

TEST(what_a_path_leads_to_is_asked_before_the_start)
{
	CHECK(source_kind("-") == &pipe_ops);
	CHECK(source_kind(test_path("log")) == &file_ops);
	make_fifo("log");
	CHECK(source_kind(test_path("log")) == &pipe_ops);
}

TEST(a_log_that_was_a_fifo_meanwhile_goes_on)
{
	struct source *source;

	put("a\n");
	source = start_at_end();
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	make_fifo("log");
	check_nothing(source, RESULT_WRONG_KIND);
	CHECK(unlink(test_path("log")) == 0);
	put("b\n");
	/* What was written to it meanwhile was not seen. */
	check_gap(source, GAP_ROTATED);
	check_record(source, "b", 0);
	check_nothing(source, 0);
	source_free(source);
}

TEST(a_percent_sign_in_the_path_of_a_fifo_is_written_twice)
{
	struct source_start beginning = {0};
	struct source *source;

	make_fifo("50%");
	CHECK(source_kind(test_path("50%%")) == &pipe_ops);
	options.clock = sse_clock_system();
	CHECK_EQUAL_INT(source_new(test_path("50%%"), &options, &source), 0);
	CHECK_EQUAL_INT(source_start(source, &beginning), 0);
	CHECK(source_ops(source) == &pipe_ops);
	source_free(source);
}
