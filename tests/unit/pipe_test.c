#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hand_clock.h"
#include "pipe_source.h"
#include "source/watch.h"

/* close(), and whoever waits for it to let go of the lock. */
int __real_close(int fd);
int __wrap_close(int fd);

static bool lock_is_wanted;
static int lock_tries;

/* As another process would: by a descriptor of its own.  -1: it is taken. */
static int
take_lock(const char *name)
{
	int fd = open(test_path(name), O_RDONLY | O_NONBLOCK);

	CHECK(fd >= 0);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	__real_close(fd);
	return -1;
}

int
__wrap_close(int fd)
{
	int error = __real_close(fd);

	if (lock_is_wanted) {
		CHECK_EQUAL_INT(take_lock("fifo"), -1);
		lock_tries++;
	}
	return error;
}

static struct source_options options = {
    .clock = &hand_clock, .record_size_max = 1024, .follow = true, .random = 9};

static uint64_t
epoch_of(const struct pipe *pipe)
{
	const struct source_position position = pipe_position(pipe);

	return sse_position_unpack(&position).epoch;
}

static struct pipe *
start_fifo(const struct source_start *start)
{
	struct pipe *pipe;

	CHECK_EQUAL_INT(pipe_new(test_path("fifo"), &options, &pipe), 0);
	CHECK_EQUAL_INT(pipe_start(pipe, start), 0);
	return pipe;
}

static struct pipe *
new_fifo(void)
{
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	return start_fifo(&(struct source_start){0});
}

static int
open_writer(void)
{
	int fd = open(test_path("fifo"), O_WRONLY | O_NONBLOCK);

	CHECK(fd >= 0);
	return fd;
}

static void
put(int fd, const char *text)
{
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

static struct sse_slice
next(struct pipe *pipe)
{
	static struct source_item item;

	CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
	CHECK(item.kind == SOURCE_RECORD);
	CHECK(item.has_position);
	return item.record.text;
}

static void
check_nothing(struct pipe *pipe)
{
	struct source_item item;
	struct pollfd fd = {.events = POLLIN};

	CHECK_EQUAL_INT(pipe_next(pipe, &item), 0);
	CHECK(pipe_timeout_ms(pipe) > 0);
	fd.fd = pipe_fd(pipe);
	/* No busy loop: there is nothing to wake up for. */
	CHECK_EQUAL_INT(poll(&fd, 1, 0), 0);
}

TEST(writers_come_and_go_and_the_fifo_stays)
{
	struct pipe *pipe = new_fifo();
	int fd = open_writer();

	check_nothing(pipe);
	put(fd, "a\nb\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	CHECK_EQUAL_TEXT(next(pipe), SLICE("b"));
	CHECK_EQUAL_INT(epoch_of(pipe), 9);
	CHECK_EQUAL_INT(packed_offset(pipe_position(pipe)), 2);
	close(fd);
	check_nothing(pipe);
	fd = open_writer();
	put(fd, "c\n");
	close(fd);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("c"));
	check_nothing(pipe);
	pipe_free(pipe);
}

TEST(only_the_first_bytes_of_a_fifo_are_a_byte_order_mark)
{
	struct pipe *pipe = new_fifo();
	int fd = open_writer();

	put(fd, "\xef\xbb");
	check_nothing(pipe);
	put(fd, "\xbf{}\r\r\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("{}"));
	put(fd, "\xef\xbb\xbf{}\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("\xef\xbb\xbf{}"));
	CHECK_EQUAL_INT(packed_offset(pipe_position(pipe)), 2);
	close(fd);
	pipe_free(pipe);
}

TEST(half_a_line_of_one_writer_waits_for_its_end)
{
	struct pipe *pipe = new_fifo();
	int fd = open_writer();

	put(fd, "ha");
	close(fd);
	check_nothing(pipe);
	fd = open_writer();
	put(fd, "lf\n");
	close(fd);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("half"));
	pipe_free(pipe);
}

/*
 * A FIFO that may only be read: as an ordinary user, since root may do all.
 * The directory stays ours.
 */
static void
become_ordinary(void)
{
	if (geteuid() != 0)
		return;
	CHECK(chown(test_directory(), 65534, 65534) == 0);
	CHECK(setgid(65534) == 0 && setuid(65534) == 0);
}

static struct pipe *
new_read_only_fifo(void)
{
	struct source_start start = {0};

	become_ordinary();
	CHECK(mkfifo(test_path("fifo"), 0400) == 0);
	return start_fifo(&start);
}

/* A writer that comes and goes, and must find a reader. */
static void
put_once(const char *name, const char *text)
{
	int fd;

	CHECK(chmod(test_path(name), 0600) == 0);
	fd = open(test_path(name), O_WRONLY | O_NONBLOCK);
	CHECK(fd >= 0);
	CHECK(chmod(test_path(name), 0400) == 0);
	put(fd, text);
	__real_close(fd);
}

/* It cannot be read, says why, and is looked at again without a loop. */
static void
check_waits(struct pipe *pipe, int error)
{
	struct source_item item;

	for (int i = 0; i < 3; i++) {
		CHECK_EQUAL_INT(pipe_next(pipe, &item), 0);
		CHECK_EQUAL_INT(pipe_error(pipe), error);
		CHECK_EQUAL_INT(pipe_fd(pipe), -1);
		CHECK_EQUAL_INT(pipe_timeout_ms(pipe), WATCH_POLL_MS);
	}
}

TEST(a_fifo_that_may_only_be_read_survives_its_writers)
{
	struct pipe *pipe = new_read_only_fifo();

	for (int i = 0; i < 3; i++) {
		check_nothing(pipe);
		put_once("fifo", "x\n");
		CHECK_EQUAL_TEXT(next(pipe), SLICE("x"));
	}
	pipe_free(pipe);
}

TEST(between_two_writers_nobody_gets_the_lock)
{
	struct pipe *pipe = new_read_only_fifo();

	for (int i = 0; i < 3; i++) {
		put_once("fifo", "x\n");
		lock_is_wanted = true;
		CHECK_EQUAL_TEXT(next(pipe), SLICE("x"));
		check_nothing(pipe);
		lock_is_wanted = false;
		CHECK_EQUAL_INT(take_lock("fifo"), -1);
	}
	CHECK(lock_tries > 0);
	pipe_free(pipe);
	CHECK(close(take_lock("fifo")) == 0);
}

/* Who polls by epoll() would not see that a number means another. */
TEST(what_is_opened_anew_is_told_whatever_its_number)
{
	struct pipe *pipe = new_read_only_fifo();

	for (int looks = 1; looks <= 4; looks++) {
		uint64_t before = pipe_ops.poll(pipe).opened;

		put_once("fifo", "x\n");
		CHECK_EQUAL_TEXT(next(pipe), SLICE("x"));
		for (int i = 0; i < looks; i++)
			check_nothing(pipe);
		CHECK(pipe_ops.poll(pipe).opened > before);
	}
	pipe_free(pipe);
}

TEST(another_fifo_that_is_read_by_another_is_left_to_it)
{
	struct pipe *pipe = new_read_only_fifo();
	char bytes[10];
	int other;

	put_once("fifo", "old\n");
	CHECK(mkfifo(test_path("new"), 0400) == 0);
	other = take_lock("new");
	CHECK(rename(test_path("new"), test_path("fifo")) == 0);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("old"));
	put_once("fifo", "1\n");
	check_waits(pipe, RESULT_BUSY);
	CHECK(read(other, bytes, sizeof(bytes)) == 2);
	put_once("fifo", "2\n");
	check_waits(pipe, RESULT_BUSY);
	CHECK(read(other, bytes, sizeof(bytes)) == 2);
	close(other);
	check_nothing(pipe);
	put_once("fifo", "3\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("3"));
	CHECK_EQUAL_INT(take_lock("fifo"), -1);
	check_nothing(pipe);
	CHECK_EQUAL_INT(pipe_error(pipe), 0);
	pipe_free(pipe);
}

/* The old one has a reader meanwhile: a writer may have opened it before. */
TEST(a_fifo_that_is_gone_is_waited_for_without_a_loop)
{
	struct pipe *pipe = new_read_only_fifo();

	put_once("fifo", "x\n");
	CHECK(rename(test_path("fifo"), test_path("old")) == 0);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("x"));
	check_waits(pipe, -ENOENT);
	put_once("old", "y\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("y"));
	close(open(test_path("fifo"), O_WRONLY | O_CREAT, 0600));
	check_waits(pipe, RESULT_WRONG_KIND);
	CHECK(unlink(test_path("fifo")) == 0);
	CHECK(mkfifo(test_path("fifo"), 0400) == 0);
	check_nothing(pipe);
	CHECK_EQUAL_INT(pipe_error(pipe), 0);
	put_once("fifo", "z\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("z"));
	pipe_free(pipe);
}

/* We are a writer of the old one ourselves: it never ends. */
TEST(a_fifo_that_is_made_anew_is_read)
{
	struct pipe *pipe = new_fifo();
	int writer = open_writer(), other;

	put(writer, "a\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	CHECK(rename(test_path("fifo"), test_path("old")) == 0);
	CHECK(pipe_timeout_ms(pipe) <= WATCH_LOOK_MS);
	now_ms += WATCH_LOOK_MS;
	check_nothing(pipe);
	CHECK_EQUAL_INT(pipe_error(pipe), 0);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	other = take_lock("fifo");
	now_ms += WATCH_LOOK_MS;
	check_waits(pipe, RESULT_BUSY);
	put(writer, "b\nc\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("b"));
	close(other);
	/* What is in the old one comes first. */
	CHECK_EQUAL_TEXT(next(pipe), SLICE("c"));
	now_ms += WATCH_LOOK_MS;
	check_nothing(pipe);
	CHECK_EQUAL_INT(pipe_error(pipe), 0);
	close(writer);
	writer = open_writer();
	put(writer, "d\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("d"));
	CHECK_EQUAL_INT(take_lock("fifo"), -1);
	close(writer);
	pipe_free(pipe);
}

/* Of which a writer that has gone has left the beginning. */
TEST(no_line_goes_on_in_a_fifo_that_is_made_anew)
{
	struct pipe *pipe = new_fifo();

	put_once("fifo", "a\nha");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	check_nothing(pipe);
	CHECK(rename(test_path("fifo"), test_path("old")) == 0);
	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	now_ms += WATCH_LOOK_MS;
	CHECK_EQUAL_TEXT(next(pipe), SLICE("ha"));
	put_once("fifo", "lf\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("lf"));
	pipe_free(pipe);

	CHECK(unlink(test_path("fifo")) == 0);
	CHECK(unlink(test_path("old")) == 0);
	pipe = new_read_only_fifo();
	put_once("fifo", "ha");
	CHECK(rename(test_path("fifo"), test_path("old")) == 0);
	CHECK(mkfifo(test_path("fifo"), 0400) == 0);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("ha"));
	put_once("fifo", "lf\n");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("lf"));
	pipe_free(pipe);
}

TEST(a_second_reader_is_refused)
{
	struct pipe *first = new_fifo(), *second;

	CHECK_EQUAL_INT(pipe_new(test_path("fifo"), &options, &second), 0);
	CHECK_EQUAL_INT(
	    pipe_start(second, &(struct source_start){0}), RESULT_BUSY);
	pipe_free(first);
	CHECK_EQUAL_INT(pipe_start(second, &(struct source_start){0}), 0);
	pipe_free(second);
}

TEST(what_is_no_fifo_is_refused)
{
	struct pipe *pipe;

	close(open(test_path("fifo"), O_WRONLY | O_CREAT, 0600));
	CHECK_EQUAL_INT(pipe_new(test_path("fifo"), &options, &pipe), 0);
	CHECK_EQUAL_INT(
	    pipe_start(pipe, &(struct source_start){0}), RESULT_WRONG_KIND);
	CHECK(unlink(test_path("fifo")) == 0);
	CHECK_EQUAL_INT(pipe_start(pipe, &(struct source_start){0}), -ENOENT);
	pipe_free(pipe);
}

/* The lines of a record of several were counted before. */
TEST(a_position_is_behind_so_many_records)
{
	struct source_position position =
	    sse_position_pack(&(struct sse_position){.epoch = 3, .offset = 7});

	pipe_ops.lines->count(&position, 4);
	CHECK_EQUAL_INT(packed_offset(position), 4);
	CHECK_EQUAL_INT(sse_position_unpack(&position).epoch, 3);
}

TEST(who_comes_back_is_told_that_something_is_missing)
{
	const struct source_position earlier =
	    sse_position_pack(&(struct sse_position){.epoch = 3, .offset = 5});
	const struct source_position durable =
	    sse_position_pack(&(struct sse_position){.file = 3, .offset = 5});
	const struct source_start starts[] = {{.position = &earlier},
	    {.position = &durable}, {.gap = GAP_UNKNOWN}};
	const enum gap_reason reasons[] = {
	    GAP_OVERRUN, GAP_UNKNOWN, GAP_UNKNOWN};
	struct source_item item;

	CHECK(mkfifo(test_path("fifo"), 0600) == 0);
	for (size_t i = 0; i < 3; i++) {
		struct pipe *pipe = start_fifo(&starts[i]);

		CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
		CHECK(item.kind == SOURCE_GAP);
		CHECK_EQUAL_INT(item.reason, reasons[i]);
		CHECK(item.skipped == SOURCE_SKIPPED_UNKNOWN);
		check_nothing(pipe);
		pipe_free(pipe);
	}
}

TEST(standard_input_ends_with_its_last_line_and_the_end)
{
	struct source_item item;
	struct pipe *pipe;
	int ends[2], kept = dup(0);

	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	CHECK(dup2(ends[0], 0) == 0);
	close(ends[0]);
	CHECK_EQUAL_INT(pipe_new("-", &options, &pipe), 0);
	CHECK_EQUAL_INT(pipe_start(pipe, &(struct source_start){0}), 0);
	check_nothing(pipe);
	put(ends[1], "a\nb");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	check_nothing(pipe);
	close(ends[1]);
	CHECK_EQUAL_TEXT(next(pipe), SLICE("b"));
	CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
	CHECK(item.kind == SOURCE_END);
	pipe_free(pipe);
	CHECK(dup2(kept, 0) == 0);
	close(kept);
}

TEST(not_followed_a_fifo_ends_after_what_is_there)
{
	struct source_item item;
	struct pipe *pipe;
	int fd;

	options.follow = false;
	pipe = new_fifo();
	fd = open_writer();
	put(fd, "a\nhalf");
	CHECK_EQUAL_TEXT(next(pipe), SLICE("a"));
	CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
	CHECK(item.kind == SOURCE_RECORD);
	CHECK_EQUAL_TEXT(item.record.text, SLICE("half"));
	CHECK_EQUAL_INT(pipe_next(pipe, &item), 1);
	CHECK(item.kind == SOURCE_END);
	close(fd);
	pipe_free(pipe);
}
